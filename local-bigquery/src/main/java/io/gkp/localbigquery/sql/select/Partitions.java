package io.gkp.localbigquery.sql.select;

import com.google.api.services.bigquery.model.RangePartitioning;
import com.google.api.services.bigquery.model.Table;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;

/** The partitions of a table. */
final class Partitions {
  private final Table table;

  Partitions(Table table) {
    this.table = table;
  }

  /** SQL that is the same for all values of the column that share a partition, and no others. */
  String sql(String value) {
    if (table.getRangePartitioning() != null) {
      RangePartitioning.Range range = table.getRangePartitioning().getRange();
      return "CASE WHEN "
          + value
          + " >= "
          + range.getStart()
          + " AND "
          + value
          + " < "
          + range.getEnd()
          + " THEN ("
          + value
          + " - ("
          + range.getStart()
          + ")) // "
          + range.getInterval()
          + " WHEN "
          + value
          + " IS NOT NULL THEN -1 END";
    }
    return "date_trunc('" + table.getTimePartitioning().getType() + "', " + value + ")";
  }

  /** All values of the partition column that share the partition with this one. */
  Interval of(Object value) {
    if (table.getRangePartitioning() != null) {
      return range(table.getRangePartitioning().getRange(), (Long) value);
    }
    String type = table.getTimePartitioning().getType();
    if (value instanceof LocalDate date) {
      LocalDateTime start = start(date.atStartOfDay(), type);
      return new Interval(start.toLocalDate(), true, end(start, type).toLocalDate(), false);
    }
    if (value instanceof LocalDateTime dateTime) {
      LocalDateTime start = start(dateTime, type);
      return new Interval(start, true, end(start, type), false);
    }
    LocalDateTime start = start(LocalDateTime.ofInstant((Instant) value, ZoneOffset.UTC), type);
    return new Interval(
        start.toInstant(ZoneOffset.UTC), true, end(start, type).toInstant(ZoneOffset.UTC), false);
  }

  private static LocalDateTime start(LocalDateTime value, String type) {
    switch (type) {
      case "HOUR":
        return value.truncatedTo(ChronoUnit.HOURS);
      case "MONTH":
        return value.truncatedTo(ChronoUnit.DAYS).withDayOfMonth(1);
      case "YEAR":
        return value.truncatedTo(ChronoUnit.DAYS).withDayOfYear(1);
      default:
        return value.truncatedTo(ChronoUnit.DAYS);
    }
  }

  private static LocalDateTime end(LocalDateTime start, String type) {
    switch (type) {
      case "HOUR":
        return start.plusHours(1);
      case "MONTH":
        return start.plusMonths(1);
      case "YEAR":
        return start.plusYears(1);
      default:
        return start.plusDays(1);
    }
  }

  /** Values outside the range share one partition, which is never left out. */
  private static Interval range(RangePartitioning.Range range, long value) {
    if (value < range.getStart() || value >= range.getEnd()) {
      return Interval.ALL;
    }
    long start = value - Math.floorMod(value - range.getStart(), range.getInterval());
    return new Interval(start, true, start + range.getInterval(), false);
  }
}
