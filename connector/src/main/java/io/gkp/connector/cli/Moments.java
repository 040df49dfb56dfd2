package io.gkp.connector.cli;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Points in time, as people read them. */
final class Moments {
  private Moments() {}

  /** {@code 2026-03-01T12:30:00Z}: UTC, to the second. */
  static String text(Instant moment) {
    return moment.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
