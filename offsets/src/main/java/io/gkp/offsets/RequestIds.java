package io.gkp.offsets;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Names requests: sortable by time, unique, and legal in job ids. */
public final class RequestIds {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);
  private static final SecureRandom RANDOM = new SecureRandom();

  private RequestIds() {}

  public static String create(Request.Kind kind, Clock clock) {
    return create(kind.name().toLowerCase(Locale.ROOT).replace('_', '-'), clock);
  }

  /**
   * @param prefix lower-case letters and dashes
   */
  public static String create(String prefix, Clock clock) {
    return "%s-%s-%06x".formatted(prefix, TIME.format(clock.instant()), RANDOM.nextInt(1 << 24));
  }
}
