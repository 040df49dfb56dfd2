package io.gkp.localbigquery.sql.statement;

import com.google.api.services.bigquery.model.Clustering;
import com.google.api.services.bigquery.model.Dataset;
import com.google.api.services.bigquery.model.Routine;
import com.google.api.services.bigquery.model.Table;
import com.google.api.services.bigquery.model.TableFieldSchema;
import io.gkp.localbigquery.api.ApiException;
import io.gkp.localbigquery.sql.value.SqlTypes;
import io.gkp.localbigquery.storage.Warehouse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The views of metadata: TABLES, TABLE_OPTIONS, TABLE_STORAGE, COLUMNS, COLUMN_FIELD_PATHS,
 * PARTITIONS, ROUTINES, SCHEMATA and VIEWS, and of JOBS.
 *
 * @see <a
 *     href="https://cloud.google.com/bigquery/docs/information-schema-intro">INFORMATION_SCHEMA</a>
 */
final class InformationSchema {
  /** How the names of datasets begin that the service keeps for itself. */
  private static final String HIDDEN = "_";

  private final Warehouse warehouse;

  InformationSchema(Warehouse warehouse) {
    this.warehouse = warehouse;
  }

  /** Throws {@code notImplemented} for views other than these. */
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
                    + " is_insertable_into STRING, is_typed STRING, creation_time TIMESTAMP"),
            () -> tables(name));
      case "COLUMNS":
        return new Relation.Computed(
            name.reference(),
            fields(
                "table_catalog STRING, table_schema STRING, table_name STRING, column_name STRING,"
                    + " ordinal_position INT64, is_nullable STRING, data_type STRING,"
                    + " is_hidden STRING, is_partitioning_column STRING,"
                    + " clustering_ordinal_position INT64"),
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
        return new Relation.Computed(
            name.reference(),
            fields(
                "specific_catalog STRING, specific_schema STRING, specific_name STRING,"
                    + " routine_catalog STRING, routine_schema STRING, routine_name STRING,"
                    + " routine_type STRING, data_type STRING, routine_body STRING,"
                    + " routine_definition STRING, external_language STRING,"
                    + " is_deterministic STRING, security_type STRING, created TIMESTAMP,"
                    + " last_altered TIMESTAMP"),
            () -> routines(name));
      case "SCHEMATA":
        return new Relation.Computed(
            name.reference(),
            fields(
                "catalog_name STRING, schema_name STRING, schema_owner STRING,"
                    + " creation_time TIMESTAMP, last_modified_time TIMESTAMP, location STRING"),
            () -> schemata(name));
      case "JOBS", "JOBS_BY_PROJECT", "JOBS_BY_USER":
        return new Relation.Computed(
            name.reference(), JobsView.FIELDS, () -> JobsView.rows(warehouse, name.project()));
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
      default:
        throw ApiException.notImplemented("INFORMATION_SCHEMA." + name.table());
    }
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
              table.getType().equals("TABLE") ? "YES" : "NO",
              "NO",
              instant(table.getCreationTime())));
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
                SqlTypes.sql(SqlTypes.of(field)).replace("`", ""),
                "NO",
                field.getName().equals(Partitioning.column(table)) ? "YES" : "NO",
                clustered < 0 ? null : clustered + 1L));
      }
    }
    return rows;
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
    String collation = field.getCollation();
    rows.add(
        row(
            table,
            column,
            path,
            SqlTypes.sql(SqlTypes.of(field)).replace("`", ""),
            field.getDescription(),
            collation == null || collation.isEmpty() ? "NULL" : collation,
            null));
    for (TableFieldSchema inner : SqlTypes.fields(field)) {
      fieldPaths(table, column, path + "." + inner.getName(), inner, rows);
    }
  }

  private List<Object[]> routines(TableName name) {
    List<Object[]> rows = new ArrayList<>();
    for (Dataset dataset : warehouse.datasets(name.project())) {
      String id = dataset.getDatasetReference().getDatasetId();
      if (name.dataset() == null || name.dataset().equals(id)) {
        for (Routine routine : warehouse.routines(name.project(), id)) {
          rows.add(routine(name.project(), id, routine));
        }
      }
    }
    return rows;
  }

  private static Object[] routine(String project, String dataset, Routine routine) {
    String id = routine.getRoutineReference().getRoutineId();
    boolean isSql = "SQL".equals(routine.getLanguage());
    return new Object[] {
      project,
      dataset,
      id,
      project,
      dataset,
      id,
      switch (routine.getRoutineType()) {
        case RoutineSql.PROCEDURE -> "PROCEDURE";
        case RoutineSql.TABLE_FUNCTION -> "TABLE FUNCTION";
        default -> "FUNCTION";
      },
      routine.getReturnType() == null ? null : RoutineSql.sql(routine.getReturnType()),
      isSql ? "SQL" : "EXTERNAL",
      routine.getDefinitionBody(),
      isSql ? null : routine.getLanguage(),
      null,
      null,
      instant(routine.getCreationTime()),
      instant(routine.getLastModifiedTime())
    };
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

  private List<Object[]> schemata(TableName name) {
    List<Object[]> rows = new ArrayList<>();
    for (Dataset dataset : warehouse.datasets(name.project())) {
      if (dataset.getDatasetReference().getDatasetId().startsWith(HIDDEN)) {
        continue;
      }
      rows.add(
          new Object[] {
            name.project(),
            dataset.getDatasetReference().getDatasetId(),
            null,
            instant(dataset.getCreationTime()),
            instant(dataset.getLastModifiedTime()),
            dataset.getLocation()
          });
    }
    return rows;
  }

  private List<Object[]> options(TableName name) {
    List<Object[]> rows = new ArrayList<>();
    for (Table table : in(name)) {
      TableOptionValues.of(table).forEach(option -> rows.add(row(table, (Object[]) option)));
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
