package io.gkp.localbigquery.load;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Dates and times as load jobs take them: years 0001 to 9999, microseconds at most.
 *
 * @see <a
 *     href="https://cloud.google.com/bigquery/docs/reference/standard-sql/data-types#timestamp_type">canonical
 *     format</a>
 */
final class CivilTimes {
  private static final String DATE = "(\\d{4})-(\\d{1,2})-(\\d{1,2})";
  private static final String TIME = "(\\d{1,2}):(\\d{1,2}):(\\d{1,2})(?:\\.(\\d{0,6}))?";
  private static final String ZONE =
      "(?: ?([Zz]|UTC|[+-]\\d{1,2}(?::?\\d{2})?| [A-Za-z_]+(?:/[A-Za-z_/]+)?))?";
  private static final Pattern DATE_ONLY = Pattern.compile(DATE);
  private static final Pattern TIME_ONLY = Pattern.compile(TIME);
  private static final Pattern DATE_TIME = Pattern.compile(DATE + "(?:[ Tt]" + TIME + ")?");
  private static final Pattern TIMESTAMP = Pattern.compile(DATE + "(?:[ Tt]" + TIME + ")?" + ZONE);
  private static final Pattern OFFSET = Pattern.compile("([+-])(\\d{1,2})(?::?(\\d{2}))?");
  private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
  private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999Z");

  private CivilTimes() {}

  static LocalDate date(String text) {
    return date(match(DATE_ONLY, text));
  }

  static LocalTime time(String text) {
    return time(match(TIME_ONLY, text), 1);
  }

  static LocalDateTime dateTime(String text) {
    return dateTime(match(DATE_TIME, text));
  }

  static Instant timestamp(String text) {
    Matcher matcher = match(TIMESTAMP, text);
    return checked(dateTime(matcher).atZone(zone(matcher.group(8))).toInstant());
  }

  /**
   * @param seconds since 1970
   */
  static Instant timestamp(BigDecimal seconds) {
    long micros = seconds.movePointRight(6).longValueExact();
    return checked(
        Instant.ofEpochSecond(
            Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1_000L));
  }

  private static Instant checked(Instant instant) {
    if (instant.isBefore(FIRST) || instant.isAfter(LAST)) {
      throw new DateTimeException("out of range");
    }
    return instant;
  }

  private static Matcher match(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    if (!matcher.matches()) {
      throw new DateTimeException("unknown format");
    }
    return matcher;
  }

  private static LocalDateTime dateTime(Matcher matcher) {
    return date(matcher).atTime(matcher.group(4) == null ? LocalTime.MIDNIGHT : time(matcher, 4));
  }

  private static LocalDate date(Matcher matcher) {
    LocalDate date = LocalDate.of(number(matcher, 1), number(matcher, 2), number(matcher, 3));
    if (date.getYear() < 1) {
      throw new DateTimeException("out of range");
    }
    return date;
  }

  private static LocalTime time(Matcher matcher, int group) {
    String fraction = matcher.group(group + 3);
    int nanos =
        fraction == null || fraction.isEmpty()
            ? 0
            : Integer.parseInt((fraction + "000000000").substring(0, 9));
    return LocalTime.of(
        number(matcher, group), number(matcher, group + 1), number(matcher, group + 2), nanos);
  }

  private static int number(Matcher matcher, int group) {
    return Integer.parseInt(matcher.group(group));
  }

  private static ZoneId zone(String text) {
    if (text == null || text.equalsIgnoreCase("Z") || text.equals("UTC")) {
      return ZoneOffset.UTC;
    }
    Matcher offset = OFFSET.matcher(text);
    if (!offset.matches()) {
      return ZoneId.of(text.strip());
    }
    int sign = offset.group(1).equals("-") ? -1 : 1;
    int minutes = offset.group(3) == null ? 0 : Integer.parseInt(offset.group(3));
    return ZoneOffset.ofHoursMinutes(sign * Integer.parseInt(offset.group(2)), sign * minutes);
  }
}
