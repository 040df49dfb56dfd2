package io.gkp.offsets;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** Times in control tables: RFC 3339, to the microsecond, which is all that BigQuery takes. */
final class Timestamps {
  private Timestamps() {}

  static @Nullable String text(@Nullable Instant instant) {
    return instant == null ? null : instant.truncatedTo(ChronoUnit.MICROS).toString();
  }

  static @Nullable Instant instant(@Nullable Object text) {
    return text == null ? null : Instant.parse((String) text);
  }
}
