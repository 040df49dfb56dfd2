package io.gkp.localbigquery.storage;

import com.google.api.services.bigquery.model.RangePartitioning;
import com.google.api.services.bigquery.model.Table;
import com.google.api.services.bigquery.model.TableReference;
import com.google.api.services.bigquery.model.TimePartitioning;
import io.gkp.localbigquery.api.ApiException;
import java.util.List;
import java.util.Optional;

/**
 * One partition of a table, as a decorator names it: {@code table$20240105}.
 *
 * @param id of the partition's first hour, day, month, year or number
 * @see <a
 *     href="https://cloud.google.com/bigquery/docs/managing-partitioned-table-data#write-to-partition">Writing
 *     to a partition</a>
 */
public record Partition(String id) {
  /** Empty where the name has no decorator. */
  public static Optional<Partition> of(TableReference named) {
    int dollar = dollar(named);
    return dollar < 0
        ? Optional.empty()
        : Optional.of(new Partition(named.getTableId().substring(dollar + 1)));
  }

  /** The table that the partition is one of. */
  public static TableReference whole(TableReference named) {
    int dollar = dollar(named);
    return dollar < 0
        ? named
        : Names.table(
            named.getProjectId(), named.getDatasetId(), named.getTableId().substring(0, dollar));
  }

  private static int dollar(TableReference named) {
    return named.getTableId() == null ? -1 : named.getTableId().indexOf('$');
  }

  /** SQL for the id of the partition that a row is in; NULL where the table has none. */
  public static String idOfRow(Table table) {
    RangePartitioning range = table.getRangePartitioning();
    TimePartitioning time = table.getTimePartitioning();
    if (range == null && time == null) {
      return "NULL";
    }
    if (IngestionTime.partitions(table)) {
      return "strftime(" + IngestionTime.COLUMN + ", '" + format(time) + "')";
    }
    List<Column> columns = Column.of(table.getSchema());
    String field = range == null ? time.getField() : range.getField();
    String value = ColumnTypes.column(Column.indexOf(columns, field));
    String known =
        range == null
            ? "strftime(" + value + ", '" + format(time) + "')"
            : ofRange(value, range.getRange());
    return "CASE WHEN " + value + " IS NULL THEN '__NULL__' ELSE " + known + " END";
  }

  private static String ofRange(String value, RangePartitioning.Range range) {
    return "CASE WHEN "
        + value
        + " < "
        + range.getStart()
        + " OR "
        + value
        + " >= "
        + range.getEnd()
        + " THEN '__UNPARTITIONED__' ELSE CAST("
        + value
        + " - ("
        + value
        + " - ("
        + range.getStart()
        + ")) % "
        + range.getInterval()
        + " AS VARCHAR) END";
  }

  private static String format(TimePartitioning time) {
    return switch (time.getType() == null ? "DAY" : time.getType()) {
      case "HOUR" -> "%Y%m%d%H";
      case "MONTH" -> "%Y%m";
      case "YEAR" -> "%Y";
      default -> "%Y%m%d";
    };
  }

  /** Throws {@code invalid} where no partition of the table can have this id. */
  void check(Table table) {
    TimePartitioning time = table.getTimePartitioning();
    if (time == null && table.getRangePartitioning() == null) {
      throw ApiException.invalid(
          "Cannot address a partition of a table that is not partitioned: "
              + Names.of(table.getTableReference())
              + "$"
              + id);
    }
    boolean fits =
        time == null ? id.matches("-?\\d{1,18}") : id.matches("\\d{" + digits(time) + "}");
    if (!fits && !id.equals("__NULL__") && !id.equals("__UNPARTITIONED__")) {
      throw ApiException.invalid("Invalid partition id: " + id);
    }
  }

  private static int digits(TimePartitioning time) {
    return switch (time.getType() == null ? "DAY" : time.getType()) {
      case "HOUR" -> 10;
      case "MONTH" -> 6;
      case "YEAR" -> 4;
      default -> 8;
    };
  }

  /** SQL for whether a row is in the partition. */
  String contains(Table table) {
    return "(" + idOfRow(table) + ") = '" + id + "'";
  }

  /** SQL for when the partition starts, of a table that is partitioned by time. */
  String start(Table table) {
    return "strptime('" + id + "', '" + format(table.getTimePartitioning()) + "')";
  }
}
