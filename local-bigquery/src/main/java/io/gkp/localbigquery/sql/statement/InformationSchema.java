package io.gkp.localbigquery.sql.statement;

import com.google.api.services.bigquery.model.Clustering;
import com.google.api.services.bigquery.model.Dataset;
import com.google.api.services.bigquery.model.Routine;
import com.google.api.services.bigquery.model.Table;
import com.google.api.services.bigquery.model.TableFieldSchema;
import com.google.api.services.bigquery.model.TableReference;
import io.gkp.localbigquery.api.ApiException;
import io.gkp.localbigquery.jobs.JobHistory;
import io.gkp.localbigquery.sql.value.SqlTypes;
import io.gkp.localbigquery.storage.Warehouse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The views of metadata: of tables, views and snapshots, their columns, options, partitions,
 * constraints and storage; of datasets and routines, and of jobs.
 *
 * @see <a
 *     href="https://cloud.google.com/bigquery/docs/information-schema-intro">INFORMATION_SCHEMA</a>
 */
final class InformationSchema {
  /** How the names of datasets begin that the service keeps for itself. */
  private static final String HIDDEN = "_";

  private final Warehouse warehouse;
  private final JobHistory jobs;

  InformationSchema(Warehouse warehouse, JobHistory jobs) {
    this.warehouse = warehouse;
    this.jobs = jobs;
  }

  /** Throws {@code notImplemented} or {@code notFound} for views other than these. */
  Relation.Computed view(TableName name) {
    if (name.dataset() != null && warehouse.dataset(name.project(), name.dataset()).isEmpty()) {
      throw ApiException.notFound(
          "Not found: Dataset "
              + name.project()
              + ":"
              + name.dataset()
              + " was not found in location US");
    }
    switch (name.table().toUpperCase(Locale.ROOT)) {
      case "TABLES":
        return new Relation.Computed(
            name.reference(),
            fields(
                "table_catalog STRING, table_schema STRING, table_name STRING, table_type STRING,"
                    + " managed_table_type STRING, is_insertable_into STRING,"
                    + " is_fine_grained_mutations_enabled STRING, is_typed STRING,"
                    + " is_change_history_enabled STRING, creation_time TIMESTAMP,"
                    + " base_table_catalog STRING, base_table_schema STRING,"
                    + " base_table_name STRING, snapshot_time_ms TIMESTAMP,"
                    + " replica_source_catalog STRING, replica_source_schema STRING,"
                    + " replica_source_name STRING, replication_status STRING,"
                    + " replication_error STRING, ddl STRING, default_collation_name STRING,"
                    + " sync_status JSON, upsert_stream_apply_watermark TIMESTAMP"),
            () -> tables(name));
      case "COLUMNS":
        return new Relation.Computed(
            name.reference(),
            fields(
                "table_catalog STRING, table_schema STRING, table_name STRING, column_name STRING,"
                    + " ordinal_position INT64, is_nullable STRING, data_type STRING,"
                    + " is_generated STRING, generation_expression STRING, is_stored STRING,"
                    + " is_hidden STRING, is_updatable STRING, is_system_defined STRING,"
                    + " is_partitioning_column STRING, clustering_ordinal_position INT64,"
                    + " collation_name STRING, column_default STRING, rounding_mode STRING"),
            () -> columns(name));
      case "PARTITIONS":
        return new Relation.Computed(
            name.reference(), fields(PartitionsView.COLUMNS), () -> partitions(name));
      case "COLUMN_FIELD_PATHS":
        return new Relation.Computed(
            name.reference(),
            fields(
                "table_catalog STRING, table_schema STRING, table_name STRING, column_name STRING,"
                    + " field_path STRING, data_type STRING, description STRING,"
                    + " collation_name STRING, rounding_mode STRING"),
            () -> fieldPaths(name));
      case "ROUTINES":
        return of(name, RoutineViews.ROUTINES, () -> eachRoutine(name, RoutineViews::routine));
      case "ROUTINE_OPTIONS":
        return of(name, RoutineViews.OPTIONS, () -> eachRoutine(name, RoutineViews::options));
      case "PARAMETERS":
        return of(name, RoutineViews.PARAMETERS, () -> eachRoutine(name, RoutineViews::parameters));
      case "TABLE_CONSTRAINTS":
        return new Relation.Computed(
            name.reference(),
            fields(ConstraintsViews.TABLE),
            () -> each(name, ConstraintsViews::ofTable));
      case "KEY_COLUMN_USAGE":
        return new Relation.Computed(
            name.reference(),
            fields(ConstraintsViews.KEYS),
            () -> each(name, ConstraintsViews::keys));
      case "CONSTRAINT_COLUMN_USAGE":
        return new Relation.Computed(
            name.reference(),
            fields(ConstraintsViews.COLUMNS),
            () -> each(name, ConstraintsViews::columns));
      case "SCHEMATA":
        return of(
            name,
            SchemataViews.SCHEMATA,
            () -> shown(name).stream().map(SchemataViews::schema).toList());
      case "SCHEMATA_OPTIONS":
        return of(
            name,
            SchemataViews.OPTIONS,
            () -> shown(name).stream().flatMap(d -> SchemataViews.options(d).stream()).toList());
      case "TABLE_SNAPSHOTS":
        return of(
            name,
            "table_catalog STRING, table_schema STRING, table_name STRING,"
                + " base_table_catalog STRING, base_table_schema STRING, base_table_name STRING,"
                + " snapshot_time TIMESTAMP",
            () -> snapshots(name));
      case "JOBS", "JOBS_BY_PROJECT", "JOBS_BY_USER":
        return new Relation.Computed(
            name.reference(), JobsView.FIELDS, () -> JobsView.rows(jobs, name.project()));
      case "TABLE_STORAGE", "TABLE_STORAGE_BY_PROJECT":
        return new Relation.Computed(
            name.reference(),
            fields(
                "project_id STRING, project_number INT64, table_catalog STRING,"
                    + " table_schema STRING, table_name STRING, creation_time TIMESTAMP,"
                    + " total_rows INT64, total_partitions INT64, total_logical_bytes INT64,"
                    + " active_logical_bytes INT64, long_term_logical_bytes INT64,"
                    + " current_physical_bytes INT64, total_physical_bytes INT64,"
                    + " active_physical_bytes INT64, long_term_physical_bytes INT64,"
                    + " time_travel_physical_bytes INT64, storage_last_modified_time TIMESTAMP,"
                    + " deleted BOOL, table_type STRING, fail_safe_physical_bytes INT64"),
            () -> storage(name));
      case "TABLE_OPTIONS":
        return new Relation.Computed(
            name.reference(),
            fields(
                "table_catalog STRING, table_schema STRING, table_name STRING, option_name STRING,"
                    + " option_type STRING, option_value STRING"),
            () -> options(name));
      case "VIEWS":
        return new Relation.Computed(
            name.reference(),
            fields(
                "table_catalog STRING, table_schema STRING, table_name STRING,"
                    + " view_definition STRING, check_option STRING, use_standard_sql STRING"),
            () -> views(name));
      case "MATERIALIZED_VIEWS":
        return new Relation.Computed(
            name.reference(), materializedViewFields(), () -> materializedViews(name));
      case TablesOfDataset.NAME:
        return new Relation.Computed(
            name.reference(), fields(TablesOfDataset.COLUMNS), () -> TablesOfDataset.of(in(name)));
      default:
        return absent(name);
    }
  }

  private static Relation.Computed absent(TableName name) {
    String view = name.table().toUpperCase(Locale.ROOT);
    if (AbsentViews.NOT_COUNTED.contains(view)) {
      throw ApiException.notImplemented("INFORMATION_SCHEMA." + name.table());
    }
    String columns = AbsentViews.COLUMNS.get(view);
    if (columns == null) {
      throw ApiException.notFound(
          "Not found: Table "
              + name.project()
              + ":"
              + (name.dataset() == null ? "" : name.dataset() + ".")
              + "INFORMATION_SCHEMA."
              + name.table()
              + " was not found in location US");
    }
    return of(name, columns, List::of);
  }

  private static Relation.Computed of(
      TableName name, String columns, Supplier<List<Object[]>> rows) {
    return new Relation.Computed(name.reference(), fields(columns), rows);
  }

  /** The datasets of the project that the service does not keep for itself. */
  private List<Dataset> shown(TableName name) {
    return warehouse.datasets(name.project()).stream()
        .filter(dataset -> !dataset.getDatasetReference().getDatasetId().startsWith(HIDDEN))
        .toList();
  }

  private List<Object[]> eachRoutine(TableName name, Function<Routine, List<Object[]>> rows) {
    return warehouse.datasets(name.project()).stream()
        .map(dataset -> dataset.getDatasetReference().getDatasetId())
        .filter(id -> name.dataset() == null || name.dataset().equals(id))
        .flatMap(id -> warehouse.routines(name.project(), id).stream())
        .flatMap(routine -> rows.apply(routine).stream())
        .toList();
  }

  private List<Object[]> snapshots(TableName name) {
    return in(name).stream()
        .filter(table -> table.getSnapshotDefinition() != null)
        .map(
            table ->
                row(
                    table,
                    base(table, TableReference::getProjectId),
                    base(table, TableReference::getDatasetId),
                    base(table, TableReference::getTableId),
                    snapshotTime(table)))
        .toList();
  }

  private List<Table> in(TableName name) {
    List<Table> tables = new ArrayList<>();
    for (Dataset dataset : warehouse.datasets(name.project())) {
      String id = dataset.getDatasetReference().getDatasetId();
      if (name.dataset() == null ? !id.startsWith(HIDDEN) : name.dataset().equals(id)) {
        tables.addAll(warehouse.tables(name.project(), id));
      }
    }
    return tables;
  }

  private List<Object[]> tables(TableName name) {
    List<Object[]> rows = new ArrayList<>();
    for (Table table : in(name)) {
      rows.add(
          row(
              table,
              type(table),
              null,
              table.getType().equals("TABLE") ? "YES" : "NO",
              "NO",
              "NO",
              "NO",
              instant(table.getCreationTime()),
              base(table, TableReference::getProjectId),
              base(table, TableReference::getDatasetId),
              base(table, TableReference::getTableId),
              snapshotTime(table),
              null,
              null,
              null,
              null,
              null,
              TableDdl.of(table),
              text(table.getDefaultCollation()),
              null,
              null));
    }
    return rows;
  }

  /** What is kept is not compressed: physical bytes are the logical ones. */
  private List<Object[]> storage(TableName name) {
    List<Object[]> rows = new ArrayList<>();
    for (Table table : in(name)) {
      if (table.getView() != null || table.getNumBytes() == null) {
        continue;
      }
      boolean isPartitioned =
          table.getTimePartitioning() != null || table.getRangePartitioning() != null;
      long bytes = table.getNumBytes();
      rows.add(
          new Object[] {
            name.project(),
            null,
            table.getTableReference().getProjectId(),
            table.getTableReference().getDatasetId(),
            table.getTableReference().getTableId(),
            instant(table.getCreationTime()),
            table.getNumRows().longValueExact(),
            isPartitioned ? (long) PartitionsView.of(warehouse, table).size() : 0L,
            bytes,
            bytes,
            0L,
            bytes,
            bytes,
            bytes,
            0L,
            0L,
            instant(table.getLastModifiedTime()),
            false,
            type(table),
            0L
          });
    }
    return rows;
  }

  private static String type(Table table) {
    return table.getType().equals("TABLE") ? "BASE TABLE" : table.getType().replace('_', ' ');
  }

  private List<Object[]> columns(TableName name) {
    List<Object[]> rows = new ArrayList<>();
    for (Table table : in(name)) {
      if (table.getSchema() == null || table.getSchema().getFields() == null) {
        continue;
      }
      Clustering clustering = table.getClustering();
      long position = 0;
      for (TableFieldSchema field : table.getSchema().getFields()) {
        int clustered = clustering == null ? -1 : clustering.getFields().indexOf(field.getName());
        boolean nullable = !"REQUIRED".equals(field.getMode());
        rows.add(
            row(
                table,
                field.getName(),
                ++position,
                nullable ? "YES" : "NO",
                SqlTypes.declared(field),
                "NEVER",
                null,
                null,
                "NO",
                null,
                "NO",
                field.getName().equals(Partitioning.column(table)) ? "YES" : "NO",
                clustered < 0 ? null : clustered + 1L,
                text(field.getCollation()),
                text(field.getDefaultValueExpression()),
                field.getRoundingMode()));
      }
    }
    return rows;
  }

  private static String base(Table table, Function<TableReference, String> part) {
    TableReference base =
        table.getSnapshotDefinition() != null
            ? table.getSnapshotDefinition().getBaseTableReference()
            : table.getCloneDefinition() == null
                ? null
                : table.getCloneDefinition().getBaseTableReference();
    return base == null ? null : part.apply(base);
  }

  private static Instant snapshotTime(Table table) {
    return table.getSnapshotDefinition() == null
        ? null
        : instant(table.getSnapshotDefinition().getSnapshotTime().getValue());
  }

  /** These views write the word where there is nothing. */
  static String text(String value) {
    return value == null || value.isEmpty() ? "NULL" : value;
  }

  private List<Object[]> fieldPaths(TableName name) {
    List<Object[]> rows = new ArrayList<>();
    for (Table table : in(name)) {
      if (table.getSchema() != null && table.getSchema().getFields() != null) {
        for (TableFieldSchema column : table.getSchema().getFields()) {
          fieldPaths(table, column.getName(), column.getName(), column, rows);
        }
      }
    }
    return rows;
  }

  /** A column, and below it the fields of its STRUCTs. */
  private static void fieldPaths(
      Table table, String column, String path, TableFieldSchema field, List<Object[]> rows) {
    rows.add(
        row(
            table,
            column,
            path,
            SqlTypes.declared(field),
            field.getDescription(),
            text(field.getCollation()),
            null));
    for (TableFieldSchema inner : SqlTypes.fields(field)) {
      fieldPaths(table, column, path + "." + inner.getName(), inner, rows);
    }
  }

  private List<Object[]> each(TableName name, Function<Table, List<Object[]>> rows) {
    return in(name).stream().flatMap(table -> rows.apply(table).stream()).toList();
  }

  private List<Object[]> partitions(TableName name) {
    List<Object[]> rows = new ArrayList<>();
    for (Table table : in(name)) {
      if (table.getType().equals("TABLE")) {
        PartitionsView.of(warehouse, table).forEach(row -> rows.add(row(table, row)));
      }
    }
    return rows;
  }

  private List<Object[]> options(TableName name) {
    List<Object[]> rows = new ArrayList<>();
    for (Table table : in(name)) {
      for (OptionValue option : TableOptionValues.of(table)) {
        rows.add(row(table, option.name(), option.type(), option.value()));
      }
    }
    return rows;
  }

  private List<Object[]> views(TableName name) {
    List<Object[]> rows = new ArrayList<>();
    for (Table table : in(name)) {
      if (table.getView() != null) {
        rows.add(row(table, table.getView().getQuery(), null, "YES"));
      }
    }
    return rows;
  }

  private static List<TableFieldSchema> materializedViewFields() {
    List<TableFieldSchema> fields =
        fields(
            "table_catalog STRING, table_schema STRING, table_name STRING,"
                + " last_refresh_time TIMESTAMP, refresh_watermark TIMESTAMP");
    fields.add(
        new TableFieldSchema()
            .setName("last_refresh_status")
            .setType("RECORD")
            .setMode("NULLABLE")
            .setFields(
                fields("reason STRING, location STRING, debug_info STRING, message STRING")));
    return fields;
  }

  /** Their rows are always those of their queries. */
  private List<Object[]> materializedViews(TableName name) {
    Instant now = Instant.now();
    return in(name).stream()
        .filter(table -> table.getMaterializedView() != null)
        .map(table -> row(table, now, now, null))
        .toList();
  }

  private static Object[] row(Table table, Object... rest) {
    Object[] row = new Object[3 + rest.length];
    row[0] = table.getTableReference().getProjectId();
    row[1] = table.getTableReference().getDatasetId();
    row[2] = table.getTableReference().getTableId();
    System.arraycopy(rest, 0, row, 3, rest.length);
    return row;
  }

  private static Instant instant(Number millis) {
    return millis == null ? null : Instant.ofEpochMilli(millis.longValue());
  }

  static List<TableFieldSchema> fields(String columns) {
    List<TableFieldSchema> fields = new ArrayList<>();
    for (String column : columns.split(", *")) {
      String[] nameAndType = column.split(" ");
      fields.add(SqlTypes.field(nameAndType[0], SqlTypes.simple(SqlTypes.kind(nameAndType[1]))));
    }
    return fields;
  }
}
