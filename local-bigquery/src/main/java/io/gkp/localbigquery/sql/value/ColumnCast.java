package io.gkp.localbigquery.sql.value;

import com.google.api.services.bigquery.model.TableFieldSchema;
import java.util.stream.Collectors;

/**
 * Casts to the type of a column with its length, precision and scale, in GoogleSQL. A type within a
 * STRUCT is reached field by field.
 *
 * @see <a
 *     href="https://cloud.google.com/bigquery/docs/reference/standard-sql/data-types#parameterized_data_types">Parameterized
 *     data types</a>
 */
public final class ColumnCast {
  private ColumnCast() {}

  /** Whether the type, or one within it, has a length or precision. */
  public static boolean hasParameters(TableFieldSchema field) {
    return SqlTypes.declared(field).indexOf('(') >= 0;
  }

  /** Of an expression of any type that can be cast. */
  public static String of(String expression, TableFieldSchema field) {
    String plain = "CAST((" + expression + ") AS " + SqlTypes.sql(SqlTypes.of(field)) + ")";
    return hasParameters(field) ? "WITH(_v AS " + plain + ", " + checked("_v", field) + ")" : plain;
  }

  /** Of a name of the column's own type. */
  public static String checked(String name, TableFieldSchema field) {
    if (!hasParameters(field)) {
      return name;
    }
    if (!isStruct(field)) {
      return "CAST(" + name + " AS " + SqlTypes.declared(field) + ")";
    }
    if ("REPEATED".equals(field.getMode())) {
      String element = name + "_";
      return "ARRAY(SELECT %s FROM UNNEST(%s) AS %s WITH OFFSET AS _at ORDER BY _at)"
          .formatted(checked(element, field.clone().setMode("NULLABLE")), name, element);
    }
    return SqlTypes.fields(field).stream()
        .map(
            part ->
                checked(name + "." + SqlTypes.quote(part.getName()), part)
                    + " AS "
                    + SqlTypes.quote(part.getName()))
        .collect(Collectors.joining(", ", "IF(" + name + " IS NULL, NULL, STRUCT(", "))"));
  }

  private static boolean isStruct(TableFieldSchema field) {
    return "RECORD".equals(field.getType()) || "STRUCT".equals(field.getType());
  }
}
