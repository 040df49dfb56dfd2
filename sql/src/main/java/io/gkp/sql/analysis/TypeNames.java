package io.gkp.sql.analysis;

import com.google.zetasql.StructType;
import com.google.zetasql.Type;
import com.google.zetasql.ZetaSQLType.TypeKind;
import io.gkp.sql.render.Identifiers;
import java.util.stream.Collectors;

/** BigQuery's names of the analyzer's types. */
final class TypeNames {
  private TypeNames() {}

  static String of(Type type) {
    if (type.isArray()) {
      return "ARRAY<" + of(type.asArray().getElementType()) + ">";
    }
    if (type.isStruct()) {
      return type.asStruct().getFieldList().stream()
          .map(TypeNames::field)
          .collect(Collectors.joining(", ", "STRUCT<", ">"));
    }
    TypeKind kind = type.getKind();
    return switch (kind) {
      case TYPE_DOUBLE -> "FLOAT64";
      default -> kind.name().substring("TYPE_".length());
    };
  }

  private static String field(StructType.StructField field) {
    String name = field.getName().isEmpty() ? "" : Identifiers.column(field.getName()) + " ";
    return name + of(field.getType());
  }
}
