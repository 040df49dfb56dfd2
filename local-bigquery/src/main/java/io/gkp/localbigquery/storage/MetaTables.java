package io.gkp.localbigquery.storage;

import com.google.api.services.bigquery.model.Dataset;
import com.google.api.services.bigquery.model.Routine;
import com.google.api.services.bigquery.model.RoutineReference;
import com.google.api.services.bigquery.model.Table;
import com.google.api.services.bigquery.model.TableReference;
import io.gkp.localbigquery.api.ApiJson;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** What is known of datasets and tables, in DuckDB. */
final class MetaTables {
  private MetaTables() {}

  static void create(Session session) {
    session.execute(
        "CREATE TABLE IF NOT EXISTS meta.datasets"
            + " (project VARCHAR, dataset VARCHAR, definition VARCHAR)");
    session.execute(
        "CREATE TABLE IF NOT EXISTS meta.tables (project VARCHAR, dataset VARCHAR, name VARCHAR,"
            + " definition VARCHAR, physical VARCHAR, row_count BIGINT, byte_count BIGINT)");
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
            "SELECT definition, physical, row_count, byte_count FROM meta.tables",
            row ->
                new StoredTable(
                    read(row.getString(1), Table.class),
                    row.getString(2),
                    row.getLong(3),
                    row.getLong(4)))
        .forEach(each);
  }

  static void readRoutines(Session session, Consumer<Routine> each) {
    session
        .query("SELECT definition FROM meta.routines", row -> row.getString(1))
        .forEach(json -> each.accept(read(json, Routine.class)));
  }

  static void put(Session session, Routine routine) {
    RoutineReference reference = routine.getRoutineReference();
    delete(session, reference);
    session.update(
        "INSERT INTO meta.routines VALUES (?, ?, ?, ?)",
        reference.getProjectId(),
        reference.getDatasetId(),
        reference.getRoutineId(),
        text(ApiJson.write(routine)));
  }

  static void delete(Session session, RoutineReference routine) {
    session.update(
        "DELETE FROM meta.routines WHERE project = ? AND dataset = ? AND name = ?",
        routine.getProjectId(),
        routine.getDatasetId(),
        routine.getRoutineId());
  }

  static void put(Session session, Dataset dataset) {
    var reference = dataset.getDatasetReference();
    delete(session, reference.getProjectId(), reference.getDatasetId());
    session.update(
        "INSERT INTO meta.datasets VALUES (?, ?, ?)",
        reference.getProjectId(),
        reference.getDatasetId(),
        text(ApiJson.write(dataset)));
  }

  static void delete(Session session, String project, String dataset) {
    session.update("DELETE FROM meta.datasets WHERE project = ? AND dataset = ?", project, dataset);
  }

  static void insert(Session session, StoredTable table) {
    TableReference reference = table.definition().getTableReference();
    session.update(
        "INSERT INTO meta.tables VALUES (?, ?, ?, ?, ?, ?, ?)",
        reference.getProjectId(),
        reference.getDatasetId(),
        reference.getTableId(),
        text(ApiJson.write(table.definition())),
        table.physical(),
        table.rows(),
        table.bytes());
  }

  /** Writes the next state of a table, which may bear another name. */
  static void update(Session session, StoredTable before, StoredTable next) {
    TableReference reference = before.definition().getTableReference();
    session.update(
        "UPDATE meta.tables"
            + " SET name = ?, definition = ?, physical = ?, row_count = ?, byte_count = ?"
            + " WHERE project = ? AND dataset = ? AND name = ?",
        next.definition().getTableReference().getTableId(),
        text(ApiJson.write(next.definition())),
        next.physical(),
        next.rows(),
        next.bytes(),
        reference.getProjectId(),
        reference.getDatasetId(),
        reference.getTableId());
  }

  static void delete(Session session, TableReference table) {
    session.update(
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
