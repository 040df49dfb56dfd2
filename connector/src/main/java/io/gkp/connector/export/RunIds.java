package io.gkp.connector.export;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Names runs: sortable by time, unique, and legal in labels. */
final class RunIds {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);
  private static final SecureRandom RANDOM = new SecureRandom();

  private RunIds() {}

  static String create(Clock clock) {
    return "run-%s-%06x".formatted(TIME.format(clock.instant()), RANDOM.nextInt(1 << 24));
  }
}
