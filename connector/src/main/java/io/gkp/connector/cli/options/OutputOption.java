package io.gkp.connector.cli.options;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;

/** {@code --output}, which every command has. */
public final class OutputOption {
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(JsonWriteFeature.ESCAPE_NON_ASCII) // names may hold what commands a terminal
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .build();

  private static final String NAME = "--output";

  @Option(
      names = NAME,
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "What to print: text or json. Default: text.")
  private @Nullable OutputFormat format;

  public boolean isText() {
    return format == OutputFormat.text;
  }

  public boolean isJson() {
    return format == OutputFormat.json;
  }

  /** Whether a command was to print JSON, also before it could run. */
  public static boolean asksForJson(ParseResult command) {
    Object format = command.matchedOptionValue(NAME, null); // the models have a type of their own
    return OutputFormat.json.name().equals(String.valueOf(format));
  }

  /** Writes one line of JSON, its keys in snake case. */
  public static void print(PrintWriter out, Object report) {
    try {
      out.println(JSON.writeValueAsString(report));
      out.flush();
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
