package io.gkp.connector.cli.text;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Numbers as people read them. */
public final class Sizes {
  private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB"};

  private Sizes() {}

  /** Bytes in the largest unit that leaves a whole part; {@code unknown} for null. */
  public static String text(@Nullable Long bytes) {
    if (bytes == null) {
      return "unknown";
    }
    double value = bytes;
    int unit = 0;
    while (Math.abs(value) >= 1024 && unit < UNITS.length - 1) {
      value /= 1024;
      unit++;
    }
    return unit == 0 ? bytes + " B" : "%.1f %s".formatted(value, UNITS[unit]);
  }

  public static String text(Duration duration) {
    if (duration.toHours() >= 48) {
      return duration.toDays() + " days";
    }
    if (duration.toMinutes() >= 120) {
      return duration.toHours() + " hours";
    }
    return duration.toSeconds() >= 120
        ? duration.toMinutes() + " minutes"
        : duration.toSeconds() + " seconds";
  }

  /** Behind a number of rows: how long they take; nothing for null. */
  public static String byRate(@Nullable Long seconds) {
    return seconds == null
        ? ""
        : ", "
            + (seconds == 0 ? "less than a second" : text(Duration.ofSeconds(seconds)))
            + " by the last snapshot's rate";
  }

  public static String count(@Nullable Long number) {
    return number == null ? "-" : "%,d".formatted(number);
  }
}
