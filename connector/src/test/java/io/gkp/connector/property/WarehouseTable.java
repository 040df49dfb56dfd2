package io.gkp.connector.property;

import com.google.cloud.bigquery.Field;
import com.google.cloud.bigquery.FieldValue;
import com.google.cloud.bigquery.FieldValueList;
import com.google.cloud.bigquery.QueryJobConfiguration;
import com.google.cloud.bigquery.Schema;
import com.google.cloud.bigquery.Table;
import com.google.cloud.bigquery.TableId;
import com.google.cloud.bigquery.TableResult;
import io.gkp.connector.export.Deployment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The rows of a raw table or a view.
 *
 * @param columns the source's columns that it has
 */
record WarehouseTable(Set<String> columns, List<Change> rows) {
  private static final Set<String> PERIOD = Set.of("valid_from", "valid_to", "is_current");

  /**
   * One row: the source's values, and what the export or a view says of it.
   *
   * @param meta without NULLs
   */
  record Change(Row row, Map<String, FieldValue> meta) {
    long number(String column) {
      return meta.get(column).getLongValue();
    }

    String text(String column) {
      return meta.containsKey(column) ? meta.get(column).getStringValue() : null;
    }

    /** Microseconds since 1970; null for NULL. */
    Long time(String column) {
      return meta.containsKey(column) ? meta.get(column).getTimestampValue() : null;
    }
  }

  static boolean exists(Deployment deployment, String name) {
    return deployment.bigquery().getTable(TableId.of(Deployment.DATASET, name)) != null;
  }

  /** All rows of a table, in no order. */
  static WarehouseTable list(Deployment deployment, String name) {
    Table table = deployment.bigquery().getTable(TableId.of(Deployment.DATASET, name));
    Schema schema = table.getDefinition().getSchema();
    return of(schema, deployment.bigquery().listTableData(table.getTableId(), schema));
  }

  /** All rows of a view, in no order. */
  static WarehouseTable query(Deployment deployment, String name) {
    try {
      TableResult result =
          deployment
              .bigquery()
              .query(
                  QueryJobConfiguration.newBuilder(
                          "SELECT * FROM " + Deployment.DATASET + "." + name)
                      .setUseQueryCache(false)
                      .build());
      return of(result.getSchema(), result);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static WarehouseTable of(Schema schema, TableResult result) {
    Set<String> columns = new LinkedHashSet<>();
    for (Field field : schema.getFields()) {
      if (isSource(field)) {
        columns.add(field.getName());
      }
    }
    List<Change> rows = new ArrayList<>();
    result.iterateAll().forEach(values -> rows.add(change(schema, values)));
    return new WarehouseTable(columns, rows);
  }

  private static boolean isSource(Field field) {
    return !field.getName().startsWith("_cdc_") && !PERIOD.contains(field.getName());
  }

  private static Change change(Schema schema, FieldValueList values) {
    Map<String, String> lossy = lossy(values);
    TreeMap<String, String> row = new TreeMap<>();
    TreeSet<String> unavailable = new TreeSet<>();
    Map<String, FieldValue> meta = new HashMap<>();
    boolean isKeyOnly = Set.of("d", "t").contains(values.get("_cdc_op").getStringValue());
    for (Field field : schema.getFields()) {
      String name = field.getName();
      FieldValue value = values.get(name);
      if (!isSource(field)) {
        if (!value.isNull()) {
          meta.put(name, value);
        }
      } else if (lossy.containsKey(name)) {
        if (lossy.get(name) != null) {
          row.put(name, SourceValue.number(lossy.get(name)));
        }
      } else if (!value.isNull() && !(isKeyOnly && field.getMode() == Field.Mode.REPEATED)) {
        row.put(name, text(field, value));
      }
    }
    if (meta.containsKey("_cdc_unavailable")) {
      meta.get("_cdc_unavailable")
          .getRepeatedValue()
          .forEach(name -> unavailable.add(name.getStringValue()));
    }
    row.keySet().removeAll(unavailable);
    return new Change(new Row(row, unavailable), meta);
  }

  /** Texts by column; null for an array that is NULL. */
  private static Map<String, String> lossy(FieldValueList values) {
    Map<String, String> lossy = new HashMap<>();
    for (FieldValue entry : values.get("_cdc_lossy").getRepeatedValue()) {
      List<FieldValue> fields = entry.getRecordValue();
      lossy.put(
          fields.get(0).getStringValue(),
          fields.get(1).isNull() ? null : fields.get(1).getStringValue());
    }
    return lossy;
  }

  private static String text(Field field, FieldValue value) {
    return switch (field.getType().getStandardType()) {
      case BYTES -> SourceValue.shorten(HexFormat.of().formatHex(value.getBytesValue()));
      case NUMERIC, BIGNUMERIC -> SourceValue.number(value.getStringValue());
      case JSON -> SourceValue.json(value.getStringValue());
      default ->
          field.getMode() == Field.Mode.REPEATED
              ? SourceValue.array(
                  value.getRepeatedValue().stream().map(FieldValue::getStringValue).toList())
              : SourceValue.shorten(value.getStringValue());
    };
  }
}
