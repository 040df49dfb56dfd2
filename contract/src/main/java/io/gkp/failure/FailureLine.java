package io.gkp.failure;

import org.slf4j.Logger;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/** A line of the log with the severity and the labels that the policies of alerts ask for. */
public final class FailureLine {
  private FailureLine() {}

  public static LoggingEventBuilder of(Logger log, Failure failure) {
    return log.atLevel(failure.alert().isError() ? Level.ERROR : Level.WARN)
        .addKeyValue("error_code", failure.code())
        .addKeyValue("alert", failure.alert().label());
  }
}
