package io.gkp.connector.export;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Names runs: sortable by time, unique, and legal in labels. */
public final class RunIds {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);
  private static final SecureRandom RANDOM = new SecureRandom();

  private static final Pattern ID = Pattern.compile("run-[0-9]{8}-[0-9]{6}-[0-9a-f]{6,12}");

  private RunIds() {}

  public static boolean is(String text) {
    return ID.matcher(text).matches();
  }

  /** The first run's id in a text, such as a session's description. */
  public static Optional<String> in(String text) {
    return ID.matcher(text).results().map(MatchResult::group).findFirst();
  }

  public static String create(Clock clock) {
    return "run-%s-%06x".formatted(TIME.format(clock.instant()), RANDOM.nextInt(1 << 24));
  }
}
