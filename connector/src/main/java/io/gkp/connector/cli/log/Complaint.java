package io.gkp.connector.cli.log;

import io.gkp.failure.Failure;
import io.gkp.failure.FailureLine;
import java.io.PrintWriter;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/** What the operator reads when a command failed: a sentence, or the log line that alerts match. */
public final class Complaint {
  private static final Logger log = LoggerFactory.getLogger(Complaint.class);

  private Complaint() {}

  /**
   * @param runId null where there was no run
   * @param cause its stack trace goes into the log, or to a person who asked for it; may be null
   */
  public static void print(
      PrintWriter err,
      String text,
      String code,
      @Nullable String runId,
      @Nullable Throwable cause) {
    if (Logs.isJson()) {
      LoggingEventBuilder event = FailureLine.of(log, failure(code));
      if (runId != null) {
        event = event.addKeyValue("run_id", runId);
      }
      event.setCause(showsTrace(code) ? cause : null).log("{} [{}]", text, code);
      return;
    }
    err.println("gkp_cli: " + text + " [" + code + "]");
    if (cause != null && Logs.isVerbose()) {
      err.println(StackTraces.of(cause).strip());
    }
    err.flush();
  }

  /** The failure with this code; one that nobody knows is for everybody. */
  public static Failure failure(String code) {
    return Arrays.stream(Failure.values())
        .filter(failure -> failure.code().equals(code))
        .findFirst()
        .orElse(Failure.INTERNAL);
  }

  /** What is known needs no stack trace; what is not does, and nobody can ask for it afterwards. */
  private static boolean showsTrace(String code) {
    return Logs.isVerbose() || code.equals(Failure.INTERNAL.code());
  }
}
