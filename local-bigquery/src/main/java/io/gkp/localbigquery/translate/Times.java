package io.gkp.localbigquery.translate;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Dates and times with a part or a time zone. */
final class Times {
  private static final Map<String, Long> MICROS =
      Map.of(
          "MICROSECOND", 1L,
          "MILLISECOND", 1_000L,
          "SECOND", 1_000_000L,
          "MINUTE", 60_000_000L,
          "HOUR", 3_600_000_000L,
          "DAY", 86_400_000_000L);

  /** Region and city: what else there is, such as offsets, DuckDB reads otherwise. */
  private static final Pattern ZONE = Pattern.compile("[A-Za-z]+/[A-Za-z_]+");

  private static final Map<String, String> TRUNCATED =
      Map.of(
          "ISOWEEK", "week",
          "WEEK_MONDAY", "week",
          "DAY", "day",
          "MONTH", "month",
          "QUARTER", "quarter",
          "YEAR", "year");

  private static final Map<String, String> TRUNCATED_TIMES =
      Map.of("HOUR", "hour", "MINUTE", "minute", "SECOND", "second", "MILLISECOND", "millisecond");

  private static final Map<String, String> EXTRACTED =
      Map.of(
          "YEAR", "year",
          "QUARTER", "quarter",
          "MONTH", "month",
          "DAY", "day",
          "DAYOFYEAR", "dayofyear",
          "HOUR", "hour",
          "MINUTE", "minute");

  private Times() {}

  static Optional<String> zoned(Call call, String type) {
    String zone = call.constant(1).orElseThrow().getStringValue();
    if (zone.equals("UTC")) {
      return Optional.of("CAST(" + call.sql(0) + " AS " + type + ")");
    }
    return ZONE.matcher(zone).matches()
        ? Optional.of(
            (type.equals("DATE") ? "bq_date(CAST(" : "bq_in_range(CAST(")
                + "timezone("
                + call.sql(1)
                + ", timezone('UTC', "
                + call.sql(0)
                + ")) AS "
                + type
                + "))")
        : Optional.empty();
  }

  static Optional<String> inUtc(Call call) {
    return call.constant(1)
        .filter(zone -> zone.getStringValue().equals("UTC"))
        .map(zone -> "CAST(" + call.sql(0) + " AS TIMESTAMP)");
  }

  static Optional<String> truncatedDate(Call call) {
    return Optional.ofNullable(TRUNCATED.get(call.part(1)))
        .map(part -> "CAST(date_trunc('" + part + "', " + call.sql(0) + ") AS DATE)");
  }

  static Optional<String> truncated(Call call) {
    String part = TRUNCATED.getOrDefault(call.part(1), TRUNCATED_TIMES.get(call.part(1)));
    return Optional.ofNullable(part)
        .map(p -> "CAST(date_trunc('" + p + "', " + call.sql(0) + ") AS TIMESTAMP)");
  }

  static Optional<String> difference(Call call) {
    return Optional.ofNullable(MICROS.get(call.part(2)))
        .map(
            micros ->
                "CAST(CAST(epoch_us("
                    + call.sql(0)
                    + ") - epoch_us("
                    + call.sql(1)
                    + ") AS HUGEINT) // "
                    + micros
                    + " AS BIGINT)");
  }

  static Optional<String> moved(Call call, String operator) {
    return Optional.ofNullable(MICROS.get(call.part(2)))
        .map(
            micros ->
                "bq_timestamp(epoch_us("
                    + call.sql(0)
                    + ") "
                    + operator
                    + " "
                    + call.sql(1)
                    + " * "
                    + micros
                    + ")");
  }

  static Optional<String> extracted(Call call) {
    return Optional.ofNullable(EXTRACTED.get(call.part(1)))
        .map(part -> "datepart('" + part + "', " + call.sql(0) + ")");
  }
}
