package io.gkp.localbigquery.sql.dml;

import com.google.protobuf.Message;
import com.google.zetasql.ResolvedColumnRefProto;
import com.google.zetasql.ResolvedGetStructFieldProto;
import com.google.zetasql.ResolvedUpdateItemProto;
import com.google.zetasql.ZetaSQLType.TypeProto;
import io.gkp.localbigquery.api.ApiException;
import io.gkp.localbigquery.sql.analysis.SqlText;
import io.gkp.localbigquery.sql.analysis.Trees;
import io.gkp.localbigquery.sql.value.SqlTypes;
import io.gkp.localbigquery.storage.Column;
import io.gkp.localbigquery.storage.ColumnTypes;
import java.util.ArrayList;
import java.util.List;

/**
 * One item of SET.
 *
 * @param column that it changes, or in which it changes a field
 * @param fields the way down to that field; empty where the whole column is set
 * @param type of what is set
 * @param expression of this type
 */
record Assignment(String column, List<Integer> fields, TypeProto type, String expression) {
  /**
   * @param parsed the ASTUpdateItem of the same item
   */
  static Assignment of(
      ResolvedUpdateItemProto item, Message parsed, SqlText text, Defaults defaults) {
    Message setValue = Trees.child(parsed, "set_value");
    if (setValue == null || item.getElementColumn().hasColumn()) {
      throw ApiException.notImplemented("nested DML on elements of arrays");
    }
    List<Integer> fields = new ArrayList<>();
    Message target = Trees.unwrap(item.getTarget());
    while (target instanceof ResolvedGetStructFieldProto field) {
      fields.add(0, (int) field.getFieldIdx());
      target = Trees.unwrap(field.getExpr());
    }
    if (!(target instanceof ResolvedColumnRefProto column)) {
      throw ApiException.notImplemented("SET on anything but a column or field");
    }
    TypeProto type = column.getColumn().getType();
    for (int field : fields) {
      type = type.getStructType().getField(field).getFieldType();
    }
    String name = column.getColumn().getName();
    String written = text.of(Trees.child(setValue, "value"));
    return new Assignment(
        name, fields, type, fields.isEmpty() ? defaults.cast(name, written) : cast(written, type));
  }

  /** A field has no default: DEFAULT is NULL. */
  private static String cast(String expression, TypeProto type) {
    String value = expression.equalsIgnoreCase("DEFAULT") ? "NULL" : expression;
    return "CAST((" + value + ") AS " + SqlTypes.sql(type) + ")";
  }

  /**
   * SQL for the column's new value.
   *
   * @param old its value before, as SQL
   * @param newValue what is set, as SQL
   */
  String applied(Column column, String old, String newValue) {
    return applied(column, old, newValue, 0);
  }

  private String applied(Column column, String old, String newValue, int depth) {
    if (depth == fields.size()) {
      return newValue;
    }
    List<String> values = new ArrayList<>();
    for (int i = 0; i < column.fields().size(); i++) {
      String field = ColumnTypes.field(old, i);
      values.add(
          i == fields.get(depth)
              ? applied(column.fields().get(i), field, newValue, depth + 1)
              : field);
    }
    return "(CASE WHEN %s IS NULL THEN error('Cannot set field of NULL STRUCT') ELSE %s END)"
        .formatted(old, ColumnTypes.struct(values));
  }
}
