package io.gkp.sql.warehouse;

import com.google.cloud.bigquery.Field;
import com.google.cloud.bigquery.StandardSQLTypeName;
import io.gkp.sql.render.Identifiers;
import java.util.stream.Collectors;

/** GoogleSQL's name for a column's type, without length or precision. */
final class GoogleSqlTypes {
  private GoogleSqlTypes() {}

  static String of(Field field) {
    String element = element(field);
    return field.getMode() == Field.Mode.REPEATED ? "ARRAY<" + element + ">" : element;
  }

  private static String element(Field field) {
    if (field.getType().getStandardType() != StandardSQLTypeName.STRUCT) {
      return field.getType().getStandardType().name();
    }
    return field.getSubFields().stream()
        .map(f -> Identifiers.column(f.getName()) + " " + of(f))
        .collect(Collectors.joining(", ", "STRUCT<", ">"));
  }
}
