package io.gkp.connector.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.slf4j.LoggerFactory;

/** Switches the log level. */
final class Logs {
  private static volatile boolean verbose;

  private Logs() {}

  static void verbose() {
    verbose = true;
    ((Logger) LoggerFactory.getLogger("io.gkp")).setLevel(Level.DEBUG);
    ((Logger) LoggerFactory.getLogger("io.debezium")).setLevel(Level.INFO);
  }

  static boolean isVerbose() {
    return verbose;
  }
}
