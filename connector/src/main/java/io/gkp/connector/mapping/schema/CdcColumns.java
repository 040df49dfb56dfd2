package io.gkp.connector.mapping.schema;

import com.google.cloud.bigquery.Field;
import com.google.cloud.bigquery.StandardSQLTypeName;
import io.gkp.raw.CdcColumn;
import java.util.Arrays;
import java.util.List;

/** The columns that every raw table has beside the source's own, as BigQuery's client has them. */
public final class CdcColumns {
  private static final String ARRAY = "ARRAY<";

  /** All of them, in the order in which they stand behind the source's columns. */
  public static final List<Field> FIELDS =
      Arrays.stream(CdcColumn.values()).map(CdcColumns::field).toList();

  private CdcColumns() {}

  private static Field field(CdcColumn column) {
    Field.Builder field =
        column.parts().isEmpty()
            ? Field.newBuilder(column.columnName(), element(column.type()))
            : Field.newBuilder(
                column.columnName(),
                StandardSQLTypeName.STRUCT,
                column.parts().stream().map(CdcColumns::part).toArray(Field[]::new));
    return field
        .setMode(column.type().startsWith(ARRAY) ? Field.Mode.REPEATED : Field.Mode.NULLABLE)
        .setDescription(column.description())
        .build();
  }

  private static StandardSQLTypeName element(String type) {
    return StandardSQLTypeName.valueOf(
        type.startsWith(ARRAY) ? type.substring(ARRAY.length(), type.length() - 1) : type);
  }

  private static Field part(CdcColumn.Part part) {
    return Field.newBuilder(part.name(), StandardSQLTypeName.STRING)
        .setMode(Field.Mode.NULLABLE)
        .setDescription(part.description())
        .build();
  }
}
