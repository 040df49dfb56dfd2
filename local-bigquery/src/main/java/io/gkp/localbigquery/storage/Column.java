package io.gkp.localbigquery.storage;

import com.google.api.services.bigquery.model.TableFieldSchema;
import com.google.api.services.bigquery.model.TableSchema;
import java.util.List;

/**
 * One field of a schema, ready to read and write values by.
 *
 * @param fields of a STRUCT; empty for other types
 */
public record Column(
    String name,
    FieldType type,
    boolean repeated,
    boolean required,
    Long maxLength,
    Long precision,
    Long scale,
    List<Column> fields) {

  public static List<Column> of(TableSchema schema) {
    return schema == null ? List.of() : of(schema.getFields());
  }

  public static List<Column> of(List<TableFieldSchema> fields) {
    return fields == null ? List.of() : fields.stream().map(Column::of).toList();
  }

  private static Column of(TableFieldSchema field) {
    return new Column(
        field.getName(),
        FieldType.of(field.getType()),
        "REPEATED".equalsIgnoreCase(field.getMode()),
        "REQUIRED".equalsIgnoreCase(field.getMode()),
        field.getMaxLength(),
        field.getPrecision(),
        field.getScale(),
        of(field.getFields()));
  }

  /** The position of the named column, whatever its case; -1 where there is none. */
  public static int indexOf(List<Column> columns, String name) {
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).name().equalsIgnoreCase(name)) {
        return i;
      }
    }
    return -1;
  }
}
