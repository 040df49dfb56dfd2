package io.gkp.localbigquery.storage;

import com.google.api.services.bigquery.model.Table;
import io.gkp.localbigquery.api.ApiException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** The tables in DuckDB that hold rows: made, filled, altered and dropped. */
final class RowTables {
  private static final String PREFIX = "t";

  /** No two tables of a process bear one name: who reads a table may meet that it is gone. */
  private final AtomicLong last;

  private RowTables(long last) {
    this.last = new AtomicLong(last);
  }

  static RowTables open(Session session) {
    return new RowTables(
        session.number(
            "SELECT coalesce(max(CAST(substring(table_name, 2) AS BIGINT)), 0)"
                + " FROM duckdb_tables() WHERE schema_name = 'rows'"));
  }

  /** The table by its name in SQL. */
  static String name(String physical) {
    return "rows." + physical;
  }

  /**
   * Brings the rows of a table to the change's schema and adds what it adds. Where that makes
   * another table in DuckDB, the one before stays.
   *
   * @param before the table as it is; empty where there is none
   * @param beforeRemoval runs before rows go from a table in DuckDB that stays the table's
   * @return the next state
   */
  StoredTable apply(
      Session session, Optional<StoredTable> before, TableChange change, Runnable beforeRemoval) {
    if (change.table().getView() != null) {
      return StoredTable.stamped(change.table(), null, 0, 0);
    }
    List<Column> columns = Column.of(change.table().getSchema());
    Optional<StoredTable> kept =
        before
            .filter(table -> change.keepRows() || change.partition().isPresent())
            .filter(table -> table.physical() != null);
    change.partition().ifPresent(partition -> partition.check(change.table()));
    String physical;
    long rows = kept.map(StoredTable::rows).orElse(0L);
    long bytes = kept.map(StoredTable::bytes).orElse(0L);
    if (kept.isEmpty()) {
      physical = create(session, change.table(), columns);
    } else {
      List<Column> had = Column.of(kept.get().definition().getSchema());
      physical = conform(session, kept.get(), change.table(), had, columns);
      if (!physical.equals(kept.get().physical())) {
        bytes = LogicalBytes.of(columns).size(session, name(physical)).bytes();
      }
    }
    if (kept.isPresent() && !change.keepRows()) {
      if (physical.equals(kept.get().physical())) {
        beforeRemoval.run();
      }
      String gone = change.partition().orElseThrow().contains(change.table());
      rows -= session.update("DELETE FROM " + name(physical) + " WHERE " + gone);
      bytes = LogicalBytes.of(columns).size(session, name(physical)).bytes();
    }
    if (change.added().isPresent()) {
      Staged added = change.added().get();
      insert(session, physical, columns, added, change);
      rows += added.rows();
      bytes += added.bytes();
    }
    return StoredTable.stamped(change.table(), physical, rows, bytes);
  }

  private String create(Session session, Table table, List<Column> columns) {
    String physical = PREFIX + last.incrementAndGet();
    session.execute(
        "CREATE TABLE "
            + name(physical)
            + " ("
            + ColumnTypes.definitions(columns)
            + (IngestionTime.partitions(table) ? ", " + IngestionTime.definition(table) : "")
            + ")");
    return physical;
  }

  static void drop(Session session, String physical) {
    session.execute("DROP TABLE " + name(physical));
  }

  /** Copies the table's rows, and those that the transaction has added, in their order. */
  String copy(Session session, StoredTable table) {
    String physical = PREFIX + last.incrementAndGet();
    session.execute("CREATE TABLE %s AS FROM %s".formatted(name(physical), name(table.physical())));
    return physical;
  }

  /**
   * The first rows of a table in DuckDB, in the columns that the table had, to go after FROM. Rows
   * that were added later stand after them, and columns too.
   */
  static String of(StoredTable past) {
    int columns = Column.of(past.definition().getSchema()).size();
    return "(SELECT %s%s FROM %s LIMIT %d)"
        .formatted(
            columns == 0 ? "NULL AS none" : ColumnTypes.columns(columns),
            IngestionTime.partitions(past.definition()) ? ", " + IngestionTime.COLUMN : "",
            name(past.physical()),
            past.rows());
  }

  /**
   * A new column at the end is added; for any other change the rows are written anew. DuckDB cannot
   * commit rows together with more than one alteration. Nor can it add a column of lists that has a
   * default to 2,048 rows or more: it fails for good then, with all that it holds.
   */
  private String conform(
      Session session, StoredTable table, Table next, List<Column> had, List<Column> columns) {
    boolean grows =
        !had.isEmpty() && had.size() <= columns.size() && columns.size() <= had.size() + 1;
    for (int i = 0; grows && i < had.size(); i++) {
      grows =
          had.get(i).name().equalsIgnoreCase(columns.get(i).name())
              && ColumnTypes.of(had.get(i)).equals(ColumnTypes.of(columns.get(i)));
    }
    for (Column added : columns.subList(Math.min(had.size(), columns.size()), columns.size())) {
      grows &= !added.repeated();
    }
    if (grows) {
      for (int i = had.size(); i < columns.size(); i++) {
        session.execute(
            "ALTER TABLE "
                + name(table.physical())
                + " ADD COLUMN "
                + ColumnTypes.column(i)
                + " "
                + ColumnTypes.of(columns.get(i)));
      }
      return table.physical();
    }
    String physical = create(session, next, columns);
    boolean timed = IngestionTime.partitions(next) && IngestionTime.partitions(table.definition());
    if (!columns.isEmpty() && !had.isEmpty()) {
      session.execute(
          "INSERT INTO "
              + name(physical)
              + " ("
              + ColumnTypes.columns(columns.size())
              + (timed ? ", " + IngestionTime.COLUMN : "")
              + ") SELECT "
              + converted(had, columns)
              + (timed ? ", " + IngestionTime.COLUMN : "")
              + " FROM "
              + name(table.physical()));
    }
    return physical;
  }

  private static void insert(
      Session session, String physical, List<Column> columns, Staged added, TableChange change) {
    String select =
        added.columns().equals(columns)
            ? added.query()
            : "SELECT " + converted(added.columns(), columns) + " FROM (" + added.query() + ")";
    if (change.partition().isPresent()) {
      insert(session, physical, columns, select, change.table(), change.partition().get());
      return;
    }
    String into = columns.isEmpty() ? " " : " (" + ColumnTypes.columns(columns.size()) + ") ";
    session.execute("INSERT INTO " + name(physical) + into + select);
  }

  private static void insert(
      Session session,
      String physical,
      List<Column> columns,
      String select,
      Table table,
      Partition partition) {
    String names = ColumnTypes.columns(columns.size());
    String rows = " FROM (" + select + ") AS added(" + names + ")";
    if (IngestionTime.partitions(table)) {
      session.execute(
          "INSERT INTO "
              + name(physical)
              + (" (" + names + ", " + IngestionTime.COLUMN + ") SELECT *, ")
              + partition.start(table)
              + rows);
      return;
    }
    String elsewhere = "SELECT count(*)" + rows + " WHERE NOT (" + partition.contains(table) + ")";
    if (session.number(elsewhere) > 0) {
      throw ApiException.invalid(
          "Some rows belong to different partitions rather than destination partition "
              + partition.id());
    }
    session.execute("INSERT INTO " + name(physical) + " (" + names + ") SELECT *" + rows);
  }

  private static String converted(List<Column> from, List<Column> to) {
    List<String> values = new ArrayList<>();
    for (Column column : to) {
      int position = Column.indexOf(from, column.name());
      values.add(
          position < 0
              ? ColumnTypes.absent(column)
              : ColumnTypes.convert(ColumnTypes.column(position), from.get(position), column));
    }
    return String.join(", ", values);
  }
}
