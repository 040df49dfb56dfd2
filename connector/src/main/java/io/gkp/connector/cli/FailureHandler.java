package io.gkp.connector.cli;

import io.gkp.failure.ExitCode;
import io.gkp.failure.ExportException;
import io.gkp.failure.Failure;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** Turns what a command throws into a sentence and an exit code. */
final class FailureHandler implements IExecutionExceptionHandler {
  @Override
  public int handleExecutionException(Exception error, CommandLine line, ParseResult result) {
    ExportException failure =
        error instanceof ExportException known
            ? known
            : new ExportException(
                Failure.INTERNAL,
                "Something unexpected happened (" + error.getClass().getSimpleName() + ").",
                "Run again with --verbose and report it.",
                error);
    Complaint.print(
        line.getErr(),
        failure.getMessage() + " " + failure.remedy(),
        failure.failure().code(),
        null,
        error);
    return failure.failure() == Failure.INTERNAL ? ExitCode.INTERNAL : failure.failure().exitCode();
  }
}
