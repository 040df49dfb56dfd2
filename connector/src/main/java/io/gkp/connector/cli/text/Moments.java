package io.gkp.connector.cli.text;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Points in time, as people read them. */
public final class Moments {
  private Moments() {}

  /** {@code 2026-03-01T12:30:00Z}: UTC, to the second. */
  public static String text(Instant moment) {
    return moment.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
