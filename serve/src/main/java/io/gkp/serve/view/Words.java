package io.gkp.serve.view;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Numbers and times as people read them. What is unknown is a dash. */
public final class Words {
  private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB"};
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private Words() {}

  public static String bytes(Long bytes) {
    if (bytes == null) {
      return "–";
    }
    double value = bytes;
    int unit = 0;
    while (Math.abs(value) >= 1024 && unit < UNITS.length - 1) {
      value /= 1024;
      unit++;
    }
    return unit == 0 ? bytes + " B" : String.format(Locale.ROOT, "%.1f %s", value, UNITS[unit]);
  }

  public static String count(Long number) {
    return number == null ? "–" : String.format(Locale.ROOT, "%,d", number);
  }

  public static String seconds(Long seconds) {
    if (seconds == null) {
      return "–";
    }
    Duration duration = Duration.ofSeconds(seconds);
    if (duration.toHours() >= 48) {
      return duration.toDays() + " days";
    }
    if (duration.toMinutes() >= 120) {
      return duration.toHours() + " hours";
    }
    return seconds >= 120 ? duration.toMinutes() + " minutes" : seconds + " seconds";
  }

  /** The same beside an axis, where there is little room. */
  public static String shortly(long seconds) {
    return seconds(seconds)
        .replace(" seconds", " s")
        .replace(" minutes", " min")
        .replace(" hours", " h");
  }

  public static String millis(Long millis) {
    return millis == null
        ? "–"
        : millis < 10_000
            ? String.format(Locale.ROOT, "%.1f s", millis / 1000.0)
            : seconds(millis / 1000);
  }

  /**
   * @param time RFC 3339
   */
  public static String time(String time) {
    return time == null ? "–" : TIME.format(Instant.parse(time));
  }

  public static String orDash(Object value) {
    return value == null ? "–" : value.toString();
  }
}
