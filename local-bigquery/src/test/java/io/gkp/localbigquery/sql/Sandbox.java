package io.gkp.localbigquery.sql;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.api.services.bigquery.model.Dataset;
import com.google.api.services.bigquery.model.DatasetReference;
import com.google.api.services.bigquery.model.QueryParameter;
import com.google.api.services.bigquery.model.Table;
import com.google.api.services.bigquery.model.TableFieldSchema;
import com.google.api.services.bigquery.model.TableReference;
import com.google.api.services.bigquery.model.TableSchema;
import com.google.api.services.bigquery.model.ViewDefinition;
import io.gkp.localbigquery.api.ApiException;
import io.gkp.localbigquery.jobs.JobHistory;
import io.gkp.localbigquery.sql.statement.SqlRequest;
import io.gkp.localbigquery.sql.statement.StatementResult;
import io.gkp.localbigquery.storage.Database;
import io.gkp.localbigquery.storage.RowCursor;
import io.gkp.localbigquery.storage.Session;
import io.gkp.localbigquery.storage.Warehouse;
import io.gkp.localbigquery.translate.Macros;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.assertj.core.api.AbstractThrowableAssert;

/** An engine over dataset {@code acme-prod.d}, with short words for what tests do to it. */
final class Sandbox {
  static final String PROJECT = "acme-prod";

  private static final DatasetReference D =
      new DatasetReference().setProjectId(PROJECT).setDatasetId("d");

  private final Database database;
  private final List<Session> sessions = new ArrayList<>();
  final Warehouse warehouse;
  final ZetaSqlEngine engine;

  Sandbox(Path directory) {
    this.database = Database.open(directory, Macros.ALL);
    this.warehouse = Warehouse.open(database);
    this.engine = new ZetaSqlEngine(database, warehouse, JobHistory.open(database));
    dataset("d");
  }

  /** As after a restart. Closes the other. */
  Sandbox(Sandbox other, Path directory) {
    other.sessions.forEach(Session::close);
    other.database.close();
    this.database = Database.open(directory, Macros.ALL);
    this.warehouse = Warehouse.open(database);
    this.engine = new ZetaSqlEngine(database, warehouse, JobHistory.open(database));
  }

  void dataset(String name) {
    warehouse.createDataset(
        new Dataset()
            .setDatasetReference(new DatasetReference().setProjectId(PROJECT).setDatasetId(name)));
  }

  static TableReference reference(String name) {
    String[] parts = name.split("\\.");
    return new TableReference()
        .setProjectId(PROJECT)
        .setDatasetId(parts.length == 1 ? "d" : parts[0])
        .setTableId(parts[parts.length - 1]);
  }

  /** Columns as {@code name TYPE}, comma separated; {@code TYPE[]} is repeated. */
  static List<TableFieldSchema> columns(String columns) {
    return Stream.of(columns.split(", *"))
        .map(column -> column.split(" "))
        .map(
            part ->
                new TableFieldSchema()
                    .setName(part[0])
                    .setType(part[1].replace("[]", ""))
                    .setMode(part[1].endsWith("[]") ? "REPEATED" : "NULLABLE"))
        .toList();
  }

  Table table(String name, String columns, Object[]... rows) {
    return table(name, columns(columns), rows);
  }

  Table table(String name, List<TableFieldSchema> fields, Object[]... rows) {
    Table table =
        warehouse.createTable(
            new Table()
                .setTableReference(reference(name))
                .setType("TABLE")
                .setSchema(new TableSchema().setFields(fields)));
    warehouse.append(reference(name), Arrays.asList(rows).iterator());
    return table;
  }

  void view(String name, String sql) {
    warehouse.createTable(
        new Table()
            .setTableReference(reference(name))
            .setType("VIEW")
            .setView(new ViewDefinition().setQuery(sql).setUseLegacySql(false)));
  }

  static Object[] row(Object... values) {
    return values;
  }

  private Session session() {
    Session session = warehouse.session();
    sessions.add(session);
    return session;
  }

  StatementResult run(String sql, QueryParameter... parameters) {
    return execute(sql, Optional.of(D), false, parameters);
  }

  StatementResult runWithoutDefaultDataset(String sql, QueryParameter... parameters) {
    return execute(sql, Optional.empty(), false, parameters);
  }

  StatementResult dryRun(String sql) {
    return execute(sql, Optional.of(D), true);
  }

  private StatementResult execute(
      String sql,
      Optional<DatasetReference> dataset,
      boolean dryRun,
      QueryParameter... parameters) {
    return engine.execute(
        session(), new SqlRequest(PROJECT, sql, dataset, List.of(parameters), dryRun));
  }

  /** The rows with arrays and structs as lists, so that they can be compared. */
  List<List<Object>> rows(String sql, QueryParameter... parameters) {
    return values(run(sql, parameters)).stream().map(Sandbox::list).toList();
  }

  static List<Object[]> values(StatementResult result) {
    List<Object[]> rows = new ArrayList<>();
    try (RowCursor cursor = result.rows().read()) {
      cursor.forEachRemaining(rows::add);
    }
    return rows;
  }

  List<List<Object>> stored(String table) {
    List<List<Object>> rows = new ArrayList<>();
    List<String> names =
        warehouse.table(reference(table)).orElseThrow().getSchema().getFields().stream()
            .map(TableFieldSchema::getName)
            .toList();
    try (RowCursor cursor = warehouse.scan(reference(table), names, 0, Long.MAX_VALUE)) {
      cursor.forEachRemaining(row -> rows.add(list(row)));
    }
    return rows;
  }

  static List<Object> list(Object[] values) {
    List<Object> list = new ArrayList<>();
    for (Object value : values) {
      list.add(plain(value));
    }
    return list;
  }

  private static Object plain(Object value) {
    if (value instanceof Object[] struct) {
      return list(struct);
    }
    if (value instanceof byte[] bytes) {
      return bytes.length == 0 ? "0x" : "0x" + new java.math.BigInteger(1, bytes).toString(16);
    }
    if (value instanceof List<?> elements) {
      return list(elements.toArray());
    }
    return value;
  }

  AbstractThrowableAssert<?, ? extends Throwable> assertFails(String sql, String reason) {
    return assertThatThrownBy(() -> run(sql))
        .isInstanceOfSatisfying(
            ApiException.class,
            e -> org.assertj.core.api.Assertions.assertThat(e.reason()).isEqualTo(reason));
  }
}
