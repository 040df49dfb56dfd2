package io.gkp.connector.mapping;

import com.google.cloud.NoCredentials;
import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.BigQueryOptions;
import com.google.cloud.bigquery.DataFormatOptions;
import com.google.cloud.bigquery.Field;
import com.google.cloud.bigquery.FieldList;
import com.google.cloud.bigquery.FieldValue;
import com.google.cloud.bigquery.FieldValueList;
import com.google.cloud.bigquery.QueryJobConfiguration;
import com.google.cloud.bigquery.Schema;
import com.google.cloud.bigquery.StandardSQLTypeName;
import com.google.cloud.bigquery.TableId;
import io.gkp.connector.export.Deployment;
import io.gkp.raw.CdcColumn;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** A raw table as Google's client reads it, judged by Postgres. */
final class LoadedTable {
  private final Schema schema;
  private final List<FieldValueList> rows = new ArrayList<>();
  private final Map<Integer, FieldValueList> timestamps = new HashMap<>();

  LoadedTable(Deployment deployment, String raw) throws InterruptedException {
    BigQuery bigquery =
        BigQueryOptions.newBuilder()
            .setProjectId(Deployment.PROJECT)
            .setHost(deployment.host())
            .setCredentials(NoCredentials.getInstance())
            .setDataFormatOptions(DataFormatOptions.newBuilder().useInt64Timestamp(true).build())
            .build()
            .getService();
    TableId id = TableId.of(Deployment.PROJECT, Deployment.DATASET, raw);
    this.schema = bigquery.getTable(id).getDefinition().getSchema();
    bigquery.listTableData(id, schema).iterateAll().forEach(rows::add);
    // The client lists timestamps as doubles, which hold no microseconds; it queries integers.
    String fields =
        schema.getFields().stream()
            .filter(LoadedTable::isTimestamp)
            .map(field -> ", `" + field.getName() + "`")
            .collect(Collectors.joining());
    for (FieldValueList row :
        bigquery
            .query(
                QueryJobConfiguration.of(
                    "SELECT id" + fields + " FROM `" + Deployment.DATASET + "`.`" + raw + "`"))
            .iterateAll()) {
      timestamps.put(id(row), row);
    }
  }

  private static boolean isTimestamp(Field field) {
    return field.getType().getStandardType() == StandardSQLTypeName.TIMESTAMP;
  }

  static int id(FieldValueList row) {
    return row.get("id").getNumericValue().intValueExact();
  }

  private FieldValue value(FieldValueList row, Field field) {
    return (isTimestamp(field) ? timestamps.get(id(row)) : row).get(field.getName());
  }

  FieldList fields() {
    return schema.getFields();
  }

  List<FieldValueList> rows() {
    return rows;
  }

  /**
   * What is wrong with a row's value; null when it is the source's, or stands in {@code _cdc_lossy}
   * as Postgres prints it.
   */
  String disagreement(FieldValueList row, String column, Field field, PostgresOracle oracle)
      throws SQLException {
    int id = id(row);
    FieldValue value = value(row, field);
    boolean repeated = field.getMode() == Field.Mode.REPEATED;
    boolean absent = value.isNull() || repeated && value.getRepeatedValue().isEmpty();
    FieldValueList remark = remark(row, field.getName());
    if (remark == null) {
      if (value.isNull()) {
        return oracle.isNull(id, column) ? null : "is NULL";
      }
      return oracle.equal(id, column, field, value) ? null : "is " + value.getValue();
    }
    String reason = remark.get(2).getStringValue();
    if (!absent) {
      return "is both " + value.getValue() + " and lossy " + reason;
    }
    if (reason.equals("null_array")) {
      return repeated && remark.get(1).isNull() && oracle.isNull(id, column) ? null : "null_array";
    }
    String text = remark.get(1).getStringValue();
    return oracle.prints(id, column, text) ? null : "lossy " + reason + " " + text;
  }

  /** The reason why the field's value is elsewhere; null when it is not. */
  static String lossyReason(FieldValueList row, String field) {
    FieldValueList remark = remark(row, field);
    return remark == null ? null : remark.get(2).getStringValue();
  }

  private static FieldValueList remark(FieldValueList row, String field) {
    List<FieldValueList> remarks =
        row.get(CdcColumn.LOSSY.columnName()).getRepeatedValue().stream()
            .map(FieldValue::getRecordValue)
            .filter(remark -> Objects.equals(remark.get(0).getStringValue(), field))
            .toList();
    if (remarks.size() > 1) {
      throw new IllegalStateException(field + " has " + remarks.size() + " entries");
    }
    return remarks.isEmpty() ? null : remarks.get(0);
  }
}
