package io.gkp.connector.config;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations and sizes as people write them. */
public final class Units {
  private static final Pattern DURATION = Pattern.compile("(\\d+)(ms|s|m|h)");
  private static final Pattern BYTES = Pattern.compile("(\\d+)\\s*(b|kib|mib|gib|kb|mb|gb)?");

  private Units() {}

  /** {@code 90s}, {@code 50m}, {@code 2h}, {@code 500ms}, or ISO 8601 such as {@code PT1H30M}. */
  public static Duration duration(String text) {
    Matcher matcher = DURATION.matcher(text.strip().toLowerCase(Locale.ROOT));
    if (matcher.matches()) {
      long amount = Long.parseLong(matcher.group(1));
      return switch (matcher.group(2)) {
        case "ms" -> Duration.ofMillis(amount);
        case "s" -> Duration.ofSeconds(amount);
        case "m" -> Duration.ofMinutes(amount);
        default -> Duration.ofHours(amount);
      };
    }
    try {
      return Duration.parse(text.strip());
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException("expected a duration such as 90s, 50m or 2h, got " + text);
    }
  }

  /** {@code true} or {@code false}. */
  public static Boolean truth(String text) {
    return switch (text.strip().toLowerCase(Locale.ROOT)) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException("true or false, got " + text);
    };
  }

  /** {@code 1048576}, {@code 64MiB}, {@code 1GB}. */
  static Long bytes(String text) {
    Matcher matcher = BYTES.matcher(text.strip().toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      throw new IllegalArgumentException("expected a size such as 64MiB, got " + text);
    }
    long amount = Long.parseLong(matcher.group(1));
    String unit = matcher.group(2) == null ? "b" : matcher.group(2);
    return switch (unit) {
      case "kib" -> amount << 10;
      case "mib" -> amount << 20;
      case "gib" -> amount << 30;
      case "kb" -> amount * 1_000;
      case "mb" -> amount * 1_000_000;
      case "gb" -> amount * 1_000_000_000;
      default -> amount;
    };
  }
}
