package io.gkp.localbigquery.sql.dml;

import com.google.api.services.bigquery.model.TableFieldSchema;
import io.gkp.localbigquery.api.ApiException;
import io.gkp.localbigquery.sql.analysis.PseudoColumns;
import io.gkp.localbigquery.sql.statement.Relation;
import io.gkp.localbigquery.sql.statement.RowCounts;
import io.gkp.localbigquery.storage.Column;
import io.gkp.localbigquery.storage.ColumnTypes;
import io.gkp.localbigquery.storage.IngestionTime;
import io.gkp.localbigquery.storage.Session;
import io.gkp.localbigquery.storage.Staged;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Does to a table's rows what a DML statement's query says: its rows hold, from their first column,
 * the number of the target's row, and computed values.
 */
final class RowChanges {
  private static final String ALL = "TRUE";

  private final Session session;
  private final String table;
  private final List<TableFieldSchema> fields;
  private final String changes;
  private final Runnable beforeRemoval;
  private long inserted;
  private long updated;
  private long deleted;

  /**
   * @param table the table in DuckDB
   * @param staged the query's rows
   * @param beforeRemoval runs before rows are changed or removed
   */
  RowChanges(
      Session session,
      String table,
      List<TableFieldSchema> fields,
      Staged staged,
      Runnable beforeRemoval) {
    this.session = session;
    this.table = table;
    this.fields = fields;
    this.changes = "(" + staged.query() + ")";
    this.beforeRemoval = staged.rows() == 0 ? () -> {} : beforeRemoval;
  }

  /** Which of the query's rows: those with this number in their second column. */
  static String numbered(int number) {
    return ColumnTypes.column(1) + " = " + number;
  }

  /** Throws {@code invalidQuery} where a row of the target would change twice. */
  void once(String which) {
    String row = ColumnTypes.column(0);
    long twice =
        session.number(
            "SELECT count("
                + row
                + ") - count(DISTINCT "
                + row
                + ") FROM "
                + changes
                + " WHERE "
                + which);
    if (twice > 0) {
      throw ApiException.invalidQuery(
          "UPDATE/MERGE must match at most one source row for each target row");
    }
  }

  void delete() {
    delete(ALL);
  }

  void delete(String which) {
    beforeRemoval.run();
    deleted +=
        session.update(
            "DELETE FROM "
                + table
                + " WHERE rowid IN (SELECT "
                + ColumnTypes.column(0)
                + " FROM "
                + changes
                + " WHERE "
                + which
                + ")");
  }

  void update(List<Assignment> assignments, int first) {
    once(ALL);
    update(assignments, first, ALL);
  }

  /**
   * @param first the column in which the assigned values start
   */
  void update(List<Assignment> assignments, int first, String which) {
    Map<Integer, String> values = new LinkedHashMap<>();
    for (int i = 0; i < assignments.size(); i++) {
      Assignment assignment = assignments.get(i);
      int position = Relation.position(fields, assignment.column());
      String old = values.getOrDefault(position, "t." + ColumnTypes.column(position));
      Column column = Column.of(List.of(fields.get(position))).get(0);
      values.put(position, assignment.applied(column, old, "c." + ColumnTypes.column(first + i)));
    }
    String set =
        values.entrySet().stream()
            .map(entry -> ColumnTypes.column(entry.getKey()) + " = " + entry.getValue())
            .collect(Collectors.joining(", "));
    beforeRemoval.run();
    updated +=
        session.update(
            "UPDATE "
                + table
                + " AS t SET "
                + set
                + " FROM (SELECT * FROM "
                + changes
                + " WHERE "
                + which
                + ") AS c WHERE t.rowid = c."
                + ColumnTypes.column(0));
  }

  void insert(List<String> columns, int first) {
    insert(columns, first, ALL);
  }

  /** Columns that get no value are NULL, or empty. */
  void insert(List<String> columns, int first, String which) {
    Map<String, String> values = new LinkedHashMap<>();
    List<Column> all = Column.of(fields);
    for (int i = 0; i < all.size(); i++) {
      values.put(ColumnTypes.column(i), ColumnTypes.absent(all.get(i)));
    }
    for (int i = 0; i < columns.size(); i++) {
      values.put(stored(columns.get(i)), ColumnTypes.column(first + i));
    }
    inserted +=
        session.update(
            "INSERT INTO "
                + table
                + (values.isEmpty() ? "" : " (" + String.join(", ", values.keySet()) + ")")
                + " SELECT "
                + String.join(", ", values.values())
                + " FROM "
                + changes
                + " WHERE "
                + which);
  }

  private String stored(String column) {
    return PseudoColumns.isTimeOfPartition(column)
        ? IngestionTime.COLUMN
        : ColumnTypes.column(Relation.position(fields, column));
  }

  /** How many rows changed. Throws {@code invalidQuery} for NULL in a required field. */
  RowCounts counts() {
    for (int i = 0; i < fields.size(); i++) {
      boolean required = "REQUIRED".equals(fields.get(i).getMode());
      if (required
          && session.number(
                  "SELECT count(*) FROM " + table + " WHERE " + ColumnTypes.column(i) + " IS NULL")
              > 0) {
        throw ApiException.invalidQuery(
            "Required field " + fields.get(i).getName() + " cannot be null");
      }
    }
    return new RowCounts(inserted, updated, deleted);
  }
}
