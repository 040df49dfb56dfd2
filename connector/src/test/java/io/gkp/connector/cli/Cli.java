package io.gkp.connector.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gkp.connector.cli.log.Logs;
import io.gkp.connector.export.Deployment;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.stream.Stream;
import picocli.CommandLine;

/** What a command line printed and returned. */
public record Cli(int code, String out, String err) {
  public static Cli run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    Logs.verbose(false); // each command line is a process of its own
    CommandLine line = GkpCli.commandLine();
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    int code = line.execute(arguments);
    Secrecy.tell(arguments, out.toString(), err.toString());
    return new Cli(code, out.toString(), err.toString());
  }

  /** A command against a deployment. */
  public static Cli run(Deployment deployment, String... arguments) {
    return run(
        Stream.concat(
                Arrays.stream(arguments), Stream.of("--config", deployment.configFile().toString()))
            .toArray(String[]::new));
  }

  public JsonNode json() {
    try {
      return new ObjectMapper().readTree(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
