package io.gkp.connector.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import picocli.CommandLine.Option;

/** {@code --output}, which every command has. */
final class OutputOption {
  private static final ObjectMapper JSON =
      new ObjectMapper().setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE);

  @Option(
      names = "--output",
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "What to print: text or json. Default: text.")
  private OutputFormat format;

  boolean isText() {
    return format == OutputFormat.text;
  }

  boolean isJson() {
    return format == OutputFormat.json;
  }

  /** Writes one line of JSON, its keys in snake case. */
  void print(PrintWriter out, Object report) {
    try {
      out.println(JSON.writeValueAsString(report));
      out.flush();
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
