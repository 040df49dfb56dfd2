package io.gkp.failure;

import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/** Lines of the log that alerts go by. */
public final class FailureLog {
  private FailureLog() {}

  /** A line with the failure's code, as severe as its entry in the runbook promises. */
  public static LoggingEventBuilder line(Logger log, Failure failure) {
    return line(log, failure.code(), failure.alert());
  }

  /** The same by the code; one that nobody knows is for everybody. */
  public static LoggingEventBuilder line(Logger log, String code) {
    return line(log, code, alert(code));
  }

  private static LoggingEventBuilder line(Logger log, String code, Alert alert) {
    return log.atLevel(alert.isError() ? Level.ERROR : Level.WARN)
        .addKeyValue("error_code", code)
        .addKeyValue("alert", alert.label());
  }

  private static Alert alert(String code) {
    return Arrays.stream(Failure.values())
        .filter(failure -> failure.code().equals(code))
        .map(Failure::alert)
        .findFirst()
        .orElse(Alert.PAGE);
  }
}
