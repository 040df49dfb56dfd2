package io.gkp.offsets;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Times in control tables: RFC 3339, to the microsecond, which is all that BigQuery takes. */
final class Timestamps {
  private Timestamps() {}

  static String text(Instant instant) {
    return instant == null ? null : instant.truncatedTo(ChronoUnit.MICROS).toString();
  }

  /** Further ahead than any clock goes wrong unnoticed. */
  static Instant inOneYear() {
    return Instant.now().plus(366, ChronoUnit.DAYS);
  }

  static Instant instant(Object text) {
    return text == null ? null : Instant.parse((String) text);
  }
}
