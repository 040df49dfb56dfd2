package io.gkp.localbigquery.storage;

import com.google.api.services.bigquery.model.RangePartitioning;
import com.google.api.services.bigquery.model.Table;
import com.google.api.services.bigquery.model.TableFieldSchema;
import com.google.api.services.bigquery.model.TableSchema;
import com.google.api.services.bigquery.model.TimePartitioning;
import io.gkp.localbigquery.api.ApiException;
import io.gkp.localbigquery.api.ApiJson;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a table's definition must look like.
 *
 * @see <a href="https://cloud.google.com/bigquery/docs/reference/rest/v2/tables">tables</a>
 */
public final class TableRules {
  private static final int MOST_CLUSTERING_FIELDS = 4;
  private static final int MOST_KEY_FIELDS = 16;
  private static final Pattern FIELD_NAME =
      Pattern.compile("[\\p{L}_][^\"!$()*,./;?@\\[\\\\\\]^`{}~]{0,299}");

  private static final Pattern RESERVED =
      Pattern.compile(
          "(_PARTITION|_TABLE_|_FILE_|_ROW_TIMESTAMP|__ROOT__|_COLIDENTIFIER).*",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  private static final Pattern RESERVED_IN_RESULTS =
      Pattern.compile("(?!_TABLE_SUFFIX(_\\d+)?$)" + RESERVED.pattern(), RESERVED.flags());

  private static final Set<String> MODES = Set.of("NULLABLE", "REQUIRED", "REPEATED");

  /** In primary keys these cannot be either. */
  private static final Set<FieldType> NOT_CLUSTERABLE =
      EnumSet.of(
          FieldType.FLOAT64,
          FieldType.BYTES,
          FieldType.JSON,
          FieldType.STRUCT,
          FieldType.TIME,
          FieldType.INTERVAL);

  private static final Set<String> UNITS = Set.of("HOUR", "DAY", "MONTH", "YEAR");

  private static final Set<FieldType> TIME_PARTITIONABLE =
      EnumSet.of(FieldType.DATE, FieldType.TIMESTAMP, FieldType.DATETIME);

  private TableRules() {}

  /**
   * A copy of the definition with type names as the API answers with them.
   *
   * @throws ApiException {@code invalid} (400) where the real service would refuse it, {@code
   *     notImplemented} for kinds of tables that are not here
   */
  public static Table checked(Table table) {
    refuseOtherKinds(table);
    Table checked = ApiJson.copy(table);
    if (checked.getSchema() != null) {
      checked.setSchema(
          isOfResult(checked) ? ofResult(checked.getSchema()) : checked(checked.getSchema()));
    }
    checked.setType(type(checked));
    List<Column> columns = Column.of(checked.getSchema());
    checkPartitioning(checked, columns);
    checkClustering(checked, columns);
    checkPrimaryKey(checked, columns);
    return checked;
  }

  private static String type(Table table) {
    if (table.getMaterializedView() != null) {
      return "MATERIALIZED_VIEW";
    }
    if (table.getView() != null) {
      return "VIEW";
    }
    return table.getSnapshotDefinition() == null ? "TABLE" : "SNAPSHOT";
  }

  /** Whether the table holds what a query returned that named no table for it. */
  private static boolean isOfResult(Table table) {
    return table.getTableReference() != null
        && table.getTableReference().getDatasetId().startsWith("_");
  }

  public static TableSchema checked(TableSchema schema) {
    return new TableSchema().setFields(checked(schema.getFields(), RESERVED));
  }

  /** As {@link #checked(TableSchema)}; a query may return the pseudo-column of a wildcard. */
  public static TableSchema ofResult(TableSchema schema) {
    return new TableSchema().setFields(checked(schema.getFields(), RESERVED_IN_RESULTS));
  }

  private static List<TableFieldSchema> checked(List<TableFieldSchema> fields, Pattern reserved) {
    Set<String> names = new HashSet<>();
    List<TableFieldSchema> given = fields == null ? List.of() : fields;
    return given.stream().map(field -> checked(field, names, reserved)).toList();
  }

  private static TableFieldSchema checked(
      TableFieldSchema field, Set<String> names, Pattern reserved) {
    String name = field.getName();
    if (name == null || !FIELD_NAME.matcher(name).matches()) {
      throw ApiException.invalid("Invalid field name \"" + name + "\".");
    }
    if (reserved.matcher(name).matches()) {
      throw ApiException.invalid(
          "Invalid field name \""
              + name
              + "\". Field names are not allowed to start with the prefixes _PARTITION, _TABLE_,"
              + " _FILE_, _ROW_TIMESTAMP, __ROOT__ and _COLIDENTIFIER, in any case.");
    }
    if (!names.add(name.toLowerCase(Locale.ROOT))) {
      throw ApiException.invalid("Field " + name + " already exists in schema");
    }
    TableFieldSchema checked = ApiJson.copy(field);
    if (field.getMode() != null) {
      checked.setMode(field.getMode().toUpperCase(Locale.ROOT));
      if (!MODES.contains(checked.getMode())) {
        throw ApiException.invalid("Invalid mode of field " + name + ": " + field.getMode());
      }
    }
    FieldType type = FieldType.of(field.getType());
    checked.setType(type.apiName());
    if (type == FieldType.STRUCT) {
      if (field.getFields() == null || field.getFields().isEmpty()) {
        throw ApiException.invalid("Field " + name + " is type RECORD but has no schema");
      }
      checked.setFields(checked(field.getFields(), RESERVED));
    }
    return checked;
  }

  private static void checkPartitioning(Table table, List<Column> columns) {
    if (table.getTimePartitioning() != null && table.getTimePartitioning().getField() != null) {
      String name = table.getTimePartitioning().getField();
      Column column = column(columns, name, "partitioning");
      if (!TIME_PARTITIONABLE.contains(column.type()) || column.repeated()) {
        throw ApiException.invalid(
            "The field specified for time partitioning can only be of type TIMESTAMP, DATE or"
                + " DATETIME: "
                + name);
      }
      checkUnit(table.getTimePartitioning(), column);
    }
    if (table.getRangePartitioning() != null) {
      Column column = column(columns, table.getRangePartitioning().getField(), "partitioning");
      if (column.type() != FieldType.INT64) {
        throw ApiException.invalid(
            "The field specified for range partitioning must be of type INTEGER: " + column.name());
      }
      checkRange(table.getRangePartitioning().getRange());
    }
  }

  private static void checkUnit(TimePartitioning partitioning, Column column) {
    String unit = partitioning.getType();
    if (unit != null && !UNITS.contains(unit)) {
      throw ApiException.invalid("Invalid value for: " + unit + " is not a valid value");
    }
    if ("HOUR".equals(unit) && column.type() == FieldType.DATE) {
      throw ApiException.invalid(
          "The field specified for HOUR partitioning can only be of type TIMESTAMP or DATETIME: "
              + column.name());
    }
  }

  private static void checkRange(RangePartitioning.Range range) {
    if (range == null
        || range.getStart() == null
        || range.getEnd() == null
        || range.getInterval() == null) {
      throw ApiException.invalid("Range partitioning needs a start, an end and an interval.");
    }
    if (range.getInterval() <= 0 || range.getStart() >= range.getEnd()) {
      throw ApiException.invalid(
          "Range partitioning needs a start below its end, and an interval above 0.");
    }
  }

  private static void checkClustering(Table table, List<Column> columns) {
    List<String> names =
        Optional.ofNullable(table.getClustering())
            .flatMap(clustering -> Optional.ofNullable(clustering.getFields()))
            .orElse(List.of());
    if (names.size() > MOST_CLUSTERING_FIELDS) {
      throw ApiException.invalid("Too many fields specified for clustering, at most 4 allowed");
    }
    for (String name : names) {
      Column column = column(columns, name, "clustering");
      if (NOT_CLUSTERABLE.contains(column.type()) || column.repeated()) {
        throw ApiException.invalid(
            "Field " + name + " cannot be clustered by: its type is " + column.type().apiName());
      }
      if (isCollated(table, name)) {
        throw ApiException.invalid("Field " + name + " cannot be clustered by: it has a collation");
      }
    }
  }

  private static boolean isCollated(Table table, String name) {
    return table.getSchema().getFields().stream()
        .filter(field -> field.getName().equalsIgnoreCase(name))
        .anyMatch(field -> field.getCollation() != null && !field.getCollation().isEmpty());
  }

  private static void checkPrimaryKey(Table table, List<Column> columns) {
    List<String> names =
        Optional.ofNullable(table.getTableConstraints())
            .flatMap(constraints -> Optional.ofNullable(constraints.getPrimaryKey()))
            .flatMap(key -> Optional.ofNullable(key.getColumns()))
            .orElse(List.of());
    if (names.size() > MOST_KEY_FIELDS) {
      throw ApiException.invalid("Primary key cannot have more than 16 columns.");
    }
    for (String name : names) {
      Column column = column(columns, name, "primary key");
      if (NOT_CLUSTERABLE.contains(column.type()) || column.repeated()) {
        throw ApiException.invalid(
            "Primary key column cannot be of type "
                + (column.repeated() ? "ARRAY" : column.type().apiName())
                + ". Invalid column: "
                + name
                + ".");
      }
    }
  }

  private static Column column(List<Column> columns, String name, String purpose) {
    int index = Column.indexOf(columns, name);
    if (index < 0) {
      throw ApiException.invalid(
          "The field specified for "
              + purpose
              + " cannot be found in the schema. Invalid field: "
              + name);
    }
    return columns.get(index);
  }

  private static void refuseOtherKinds(Table table) {
    if (table.getExternalDataConfiguration() != null) {
      throw ApiException.notImplemented("external tables");
    }
    if (table.getView() != null && Boolean.TRUE.equals(table.getView().getUseLegacySql())) {
      throw ApiException.notImplemented("views in legacy SQL (set view.useLegacySql=false)");
    }
  }
}
