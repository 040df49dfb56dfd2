package io.gkp.demo.terminal;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.slf4j.LoggerFactory;

/** Keeps out of the story what it tells itself. */
public final class QuietLogs {
  /** Warns of each check that finds something. */
  private static final String MODELS = "io.gkp.sql";

  private QuietLogs() {}

  /** Leaves everything as it is where {@code --verbose} asked for more. */
  public static void apply() {
    Logger models = (Logger) LoggerFactory.getLogger(MODELS);
    if (!models.isDebugEnabled()) {
      models.setLevel(Level.ERROR);
    }
  }
}
