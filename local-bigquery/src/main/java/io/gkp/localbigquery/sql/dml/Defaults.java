package io.gkp.localbigquery.sql.dml;

import com.google.api.services.bigquery.model.Table;
import com.google.api.services.bigquery.model.TableFieldSchema;
import io.gkp.localbigquery.sql.statement.Relation;
import io.gkp.localbigquery.sql.value.ColumnCast;
import java.util.List;

/**
 * What columns take that are given no value: what they were defined with, or NULL.
 *
 * @see <a href="https://cloud.google.com/bigquery/docs/default-values">Default column values</a>
 */
final class Defaults {
  private static final String DEFAULT = "DEFAULT";

  private final List<TableFieldSchema> fields;

  Defaults(Table target) {
    this.fields = new Relation.Stored(target).columns();
  }

  /** What was written, unless that is DEFAULT. */
  String value(String column, String written) {
    return written.equalsIgnoreCase(DEFAULT) ? expression(field(column)) : written;
  }

  /** The expression for a column's new value, of the column's type. */
  String cast(String column, String written) {
    return written.equalsIgnoreCase(DEFAULT)
        ? expression(field(column))
        : ColumnCast.of(written, field(column));
  }

  /** The default value. */
  static String expression(TableFieldSchema field) {
    String value = field.getDefaultValueExpression();
    return ColumnCast.of(value == null ? "NULL" : value, field);
  }

  TableFieldSchema field(String column) {
    return fields.get(Relation.position(fields, column));
  }

  /** The columns with a default that are not among these. */
  List<TableFieldSchema> beside(List<String> columns) {
    return fields.stream()
        .filter(field -> field.getDefaultValueExpression() != null)
        .filter(field -> columns.stream().noneMatch(field.getName()::equalsIgnoreCase))
        .toList();
  }
}
