package io.gkp.connector.cli;

import io.gkp.connector.cli.log.Complaint;
import io.gkp.connector.cli.options.OutputOption;
import io.gkp.connector.cli.run.ExportCommand;
import io.gkp.connector.export.RunReport;
import io.gkp.failure.ExportException;
import io.gkp.failure.Failure;
import io.gkp.failure.OutOfMemory;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/**
 * Turns what a command throws into a sentence and an exit code, and into JSON on standard output
 * where the command was to print JSON: {@code error}, in the shape that a failed run's report has.
 */
final class FailureHandler implements IExecutionExceptionHandler {
  @Override
  public int handleExecutionException(Exception error, CommandLine line, ParseResult result) {
    ExportException failure =
        error instanceof ExportException known
            ? known
            : OutOfMemory.in(error)
                .orElseGet(
                    () ->
                        new ExportException(
                            Failure.INTERNAL,
                            "Something unexpected happened ("
                                + error.getClass().getSimpleName()
                                + ").",
                            "Run again with --verbose and report it.",
                            error));
    if (OutputOption.asksForJson(line.getParseResult())) {
      OutputOption.print(line.getOut(), report(line.getCommand(), failure));
    }
    Complaint.print(
        line.getErr(),
        failure.getMessage() + " " + failure.remedy(),
        failure.failure().code(),
        null,
        error);
    return failure.failure().exitCode();
  }

  private static Object report(Object command, ExportException failure) {
    return command instanceof ExportCommand
        ? RunReport.notStarted(failure)
        : Map.of("error", RunReport.Error.of(failure));
  }
}
