package io.gkp.localbigquery.translate;

import com.google.zetasql.Type;
import com.google.zetasql.ZetaSQLType.TypeKind;
import io.gkp.localbigquery.storage.ColumnTypes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What compares values, STRUCTs field by field. */
final class Comparisons {
  private Comparisons() {}

  static Optional<String> equal(Call call) {
    return equal(call.type(0), call.sql(0), call.sql(1));
  }

  static Optional<String> notEqual(Call call) {
    return equal(call).map(equal -> "(NOT " + equal + ")");
  }

  static Optional<String> nullIf(Call call) {
    return equal(call).map(e -> "(CASE WHEN " + e + " THEN NULL ELSE " + call.sql(0) + " END)");
  }

  static Optional<String> in(Call call) {
    if (!call.type(0).isStruct() && !Types.isDouble(call.type(0))) {
      return Optional.of("(" + call.sql(0) + " IN (" + String.join(", ", call.sqlFrom(1)) + "))");
    }
    List<String> equal = new ArrayList<>();
    for (int i = 1; i < call.size(); i++) {
      Optional<String> one = equal(call.type(0), call.sql(0), call.sql(i));
      if (one.isEmpty()) {
        return one;
      }
      equal.add(one.get());
    }
    return Optional.of("(" + String.join(" OR ", equal) + ")");
  }

  static Optional<String> caseOfConditions(Call call) {
    StringBuilder sql = new StringBuilder("(CASE");
    for (int i = 0; i + 1 < call.size(); i += 2) {
      sql.append(" WHEN ").append(call.sql(i)).append(" THEN ").append(call.sql(i + 1));
    }
    if (call.size() % 2 == 1) {
      sql.append(" ELSE ").append(call.sql(call.size() - 1));
    }
    return Optional.of(sql.append(" END)").toString());
  }

  static Optional<String> caseOfValue(Call call) {
    StringBuilder sql = new StringBuilder("(CASE");
    for (int i = 1; i + 1 < call.size(); i += 2) {
      Optional<String> equal = equal(call.type(0), call.sql(0), call.sql(i));
      if (equal.isEmpty()) {
        return equal;
      }
      sql.append(" WHEN ").append(equal.get()).append(" THEN ").append(call.sql(i + 1));
    }
    if (call.size() % 2 == 0) {
      sql.append(" ELSE ").append(call.sql(call.size() - 1));
    }
    return Optional.of(sql.append(" END)").toString());
  }

  /** Nothing where ZetaSQL alone compares values of the type. */
  static Optional<String> equal(Type type, String left, String right) {
    if (type.isArray() || type.getKind() == TypeKind.TYPE_JSON) {
      return Optional.empty();
    }
    if (!type.isStruct()) {
      return Optional.of(
          Types.isDouble(type)
              ? "bq_equal(" + left + ", " + right + ")"
              : "(" + left + " = " + right + ")");
    }
    List<String> fields = new ArrayList<>();
    for (int i = 0; i < type.asStruct().getFieldCount(); i++) {
      Optional<String> field =
          equal(
              type.asStruct().getField(i).getType(),
              ColumnTypes.field(left, i),
              ColumnTypes.field(right, i));
      if (field.isEmpty()) {
        return field;
      }
      fields.add(field.get());
    }
    return Optional.of("(" + String.join(" AND ", fields) + ")");
  }
}
