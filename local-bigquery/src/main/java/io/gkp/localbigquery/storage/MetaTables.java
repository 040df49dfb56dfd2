package io.gkp.localbigquery.storage;

import com.google.api.services.bigquery.model.Dataset;
import com.google.api.services.bigquery.model.Routine;
import com.google.api.services.bigquery.model.RoutineReference;
import com.google.api.services.bigquery.model.Table;
import com.google.api.services.bigquery.model.TableReference;
import io.gkp.localbigquery.api.ApiJson;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * What is known of datasets and tables, in DuckDB, for the next start. Where there will be none,
 * since the database is in memory, nothing is written.
 */
final class MetaTables {
  private MetaTables() {}

  static void create(Session session) {
    session.execute(
        "CREATE TABLE IF NOT EXISTS meta.datasets"
            + " (project VARCHAR, dataset VARCHAR, definition VARCHAR)");
    session.execute(
        "CREATE TABLE IF NOT EXISTS meta.tables (project VARCHAR, dataset VARCHAR, name VARCHAR,"
            + " definition VARCHAR, physical VARCHAR, row_count BIGINT, byte_count BIGINT,"
            + " since BIGINT)");
    // Earlier versions did not write it.
    session.execute("ALTER TABLE meta.tables ADD COLUMN IF NOT EXISTS since BIGINT");
    session.execute(
        "CREATE TABLE IF NOT EXISTS meta.past (project VARCHAR, dataset VARCHAR, name VARCHAR,"
            + " definition VARCHAR, physical VARCHAR, row_count BIGINT, byte_count BIGINT,"
            + " since BIGINT, until BIGINT)");
    session.execute(
        "CREATE TABLE IF NOT EXISTS meta.routines"
            + " (project VARCHAR, dataset VARCHAR, name VARCHAR, definition VARCHAR)");
  }

  static void readDatasets(Session session, Consumer<Dataset> each) {
    session
        .query("SELECT definition FROM meta.datasets", row -> row.getString(1))
        .forEach(json -> each.accept(read(json, Dataset.class)));
  }

  static void readTables(Session session, Consumer<StoredTable> each) {
    session
        .query(
            "SELECT definition, physical, row_count, byte_count, since FROM meta.tables",
            row -> {
              Table definition = read(row.getString(1), Table.class);
              long since = row.getLong(5);
              return new StoredTable(
                  definition,
                  row.getString(2),
                  row.getLong(3),
                  row.getLong(4),
                  row.wasNull() ? definition.getLastModifiedTime().longValue() * 1000 : since);
            })
        .forEach(each);
  }

  /** Takes a state of the past. */
  interface PastReader {
    /**
     * @param definition {@code null} where it is that of the state after this one
     * @param physical {@code null} where the rows are gone
     */
    void read(
        TableReference table,
        Table definition,
        String physical,
        long rows,
        long bytes,
        long since,
        long until);
  }

  /** The states of each table, the last one first. */
  static void readPast(Session session, PastReader each) {
    session
        .<Runnable>query(
            "SELECT project, dataset, name, definition, physical, row_count, byte_count, since,"
                + " until FROM meta.past ORDER BY since DESC",
            row -> {
              TableReference table =
                  Names.table(row.getString(1), row.getString(2), row.getString(3));
              String definition = row.getString(4);
              String physical = row.getString(5);
              long rows = row.getLong(6);
              long bytes = row.getLong(7);
              long since = row.getLong(8);
              long until = row.getLong(9);
              return () ->
                  each.read(
                      table,
                      definition == null ? null : read(definition, Table.class),
                      physical,
                      rows,
                      bytes,
                      since,
                      until);
            })
        .forEach(Runnable::run);
  }

  /**
   * Adds a state of the past.
   *
   * @param definition whether it is to be kept, since the next state has another
   */
  static void insert(Session session, TableReference table, PastState state, boolean definition) {
    StoredTable stored = state.table();
    write(
        session,
        "INSERT INTO meta.past VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        table.getProjectId(),
        table.getDatasetId(),
        table.getTableId(),
        definition && session.isDurable() ? text(ApiJson.write(stored.definition())) : null,
        stored == null ? null : stored.physical(),
        stored == null ? 0 : stored.rows(),
        stored == null ? 0 : stored.bytes(),
        state.since(),
        state.until());
  }

  /** States whose rows lie in one table in DuckDB have them in another. */
  static void movePast(Session session, String from, String to) {
    write(session, "UPDATE meta.past SET physical = ? WHERE physical = ?", to, from);
  }

  /** Forgets the states of a table that began in this time, both ends among it. */
  static void deletePast(Session session, TableReference table, long first, long last) {
    write(
        session,
        "DELETE FROM meta.past"
            + " WHERE project = ? AND dataset = ? AND name = ? AND since BETWEEN ? AND ?",
        table.getProjectId(),
        table.getDatasetId(),
        table.getTableId(),
        first,
        last);
  }

  static void deletePast(Session session, String project, String dataset) {
    write(session, "DELETE FROM meta.past WHERE project = ? AND dataset = ?", project, dataset);
  }

  static void renamePast(Session session, TableReference table, String name) {
    write(
        session,
        "UPDATE meta.past SET name = ? WHERE project = ? AND dataset = ? AND name = ?",
        name,
        table.getProjectId(),
        table.getDatasetId(),
        table.getTableId());
  }

  private static void write(Session session, String sql, Object... parameters) {
    if (session.isDurable()) {
      session.update(sql, parameters);
    }
  }

  static void readRoutines(Session session, Consumer<Routine> each) {
    session
        .query("SELECT definition FROM meta.routines", row -> row.getString(1))
        .forEach(json -> each.accept(read(json, Routine.class)));
  }

  static void put(Session session, Routine routine) {
    RoutineReference reference = routine.getRoutineReference();
    delete(session, reference);
    write(
        session,
        "INSERT INTO meta.routines VALUES (?, ?, ?, ?)",
        reference.getProjectId(),
        reference.getDatasetId(),
        reference.getRoutineId(),
        text(ApiJson.write(routine)));
  }

  static void delete(Session session, RoutineReference routine) {
    write(
        session,
        "DELETE FROM meta.routines WHERE project = ? AND dataset = ? AND name = ?",
        routine.getProjectId(),
        routine.getDatasetId(),
        routine.getRoutineId());
  }

  static void put(Session session, Dataset dataset) {
    var reference = dataset.getDatasetReference();
    delete(session, reference.getProjectId(), reference.getDatasetId());
    write(
        session,
        "INSERT INTO meta.datasets VALUES (?, ?, ?)",
        reference.getProjectId(),
        reference.getDatasetId(),
        text(ApiJson.write(dataset)));
  }

  static void delete(Session session, String project, String dataset) {
    write(session, "DELETE FROM meta.datasets WHERE project = ? AND dataset = ?", project, dataset);
  }

  static void insert(Session session, StoredTable table) {
    TableReference reference = table.definition().getTableReference();
    if (!session.isDurable()) {
      return;
    }
    session.update(
        "INSERT INTO meta.tables VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        reference.getProjectId(),
        reference.getDatasetId(),
        reference.getTableId(),
        text(ApiJson.write(table.definition())),
        table.physical(),
        table.rows(),
        table.bytes(),
        table.since());
  }

  /** Writes the next state of a table, which may bear another name. */
  static void update(Session session, StoredTable before, StoredTable next) {
    if (!session.isDurable()) {
      return;
    }
    TableReference reference = before.definition().getTableReference();
    session.update(
        "UPDATE meta.tables"
            + " SET name = ?, definition = ?, physical = ?, row_count = ?, byte_count = ?,"
            + " since = ?"
            + " WHERE project = ? AND dataset = ? AND name = ?",
        next.definition().getTableReference().getTableId(),
        text(ApiJson.write(next.definition())),
        next.physical(),
        next.rows(),
        next.bytes(),
        next.since(),
        reference.getProjectId(),
        reference.getDatasetId(),
        reference.getTableId());
  }

  static void delete(Session session, TableReference table) {
    write(
        session,
        "DELETE FROM meta.tables WHERE project = ? AND dataset = ? AND name = ?",
        table.getProjectId(),
        table.getDatasetId(),
        table.getTableId());
  }

  private static String text(byte[] json) {
    return new String(json, StandardCharsets.UTF_8);
  }

  private static <T> T read(String json, Class<T> type) {
    return ApiJson.read(json.getBytes(StandardCharsets.UTF_8), type);
  }
}
