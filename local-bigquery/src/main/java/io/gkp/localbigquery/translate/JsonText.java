package io.gkp.localbigquery.translate;

import com.google.zetasql.StructType;
import com.google.zetasql.Type;
import com.google.zetasql.TypeFactory;
import com.google.zetasql.ZetaSQLType.TypeKind;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedLiteral;
import io.gkp.localbigquery.storage.ColumnTypes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** TO_JSON_STRING of what needs no care in DuckDB, text with special characters in ZetaSQL. */
final class JsonText {
  private static final Pattern PLAIN_NAME = Pattern.compile("\\w*");

  private JsonText() {}

  static Optional<String> of(Call call) {
    boolean compact =
        call.size() == 1
            || call.argument(1) instanceof ResolvedLiteral pretty
                && !pretty.getValue().isNull()
                && !pretty.getValue().getBoolValue();
    return compact ? text(call, call.type(0), call.sql(0)) : Optional.empty();
  }

  private static Optional<String> text(Call call, Type type, String value) {
    switch (type.getKind()) {
      case TYPE_INT64:
        return Optional.of("coalesce(bq_json_integer(" + value + "), 'null')");
      case TYPE_BOOL:
        return Optional.of("coalesce(CAST(" + value + " AS VARCHAR), 'null')");
      case TYPE_JSON:
        return Optional.of("coalesce(" + value + ", 'null')");
      case TYPE_STRING:
        return Optional.of(
            "(CASE WHEN "
                + value
                + " IS NULL THEN 'null' WHEN NOT regexp_matches("
                + value
                + ", '[^ !#-\\[\\]-~\u00a0-\u1fff]') THEN '\"' || "
                + value
                + " || '\"' ELSE "
                + call.zeta()
                    .call(
                        "TO_JSON_STRING(a0)",
                        List.of(type),
                        List.of(value),
                        TypeFactory.createSimpleType(TypeKind.TYPE_STRING))
                + " END)");
      case TYPE_STRUCT:
        return struct(call, type.asStruct(), value);
      default:
        return Optional.empty();
    }
  }

  private static Optional<String> struct(Call call, StructType type, String value) {
    List<String> fields = new ArrayList<>();
    for (int i = 0; i < type.getFieldCount(); i++) {
      StructType.StructField field = type.getField(i);
      Optional<String> text = text(call, field.getType(), ColumnTypes.field(value, i));
      if (text.isEmpty() || !PLAIN_NAME.matcher(field.getName()).matches()) {
        return Optional.empty();
      }
      fields.add("'\"" + field.getName() + "\":' || " + text.get());
    }
    return fields.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "(CASE WHEN "
                + value
                + " IS NULL THEN 'null' ELSE '{' || "
                + String.join(" || ',' || ", fields)
                + " || '}' END)");
  }
}
