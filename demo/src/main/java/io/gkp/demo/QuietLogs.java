package io.gkp.demo;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import org.slf4j.LoggerFactory;

/** Keeps the logs of servers and clients out of the story; warnings and errors stay. */
final class QuietLogs {
  private QuietLogs() {}

  /** Raises every logger that would say less than a warning, but not where {@code --verbose} is. */
  static void apply() {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    if (!LoggerFactory.getLogger("io.gkp").isDebugEnabled()) {
      for (Logger logger : context.getLoggerList()) {
        if (logger.getLevel() != null && !logger.getLevel().isGreaterOrEqual(Level.WARN)) {
          logger.setLevel(Level.WARN);
        }
      }
    }
  }
}
