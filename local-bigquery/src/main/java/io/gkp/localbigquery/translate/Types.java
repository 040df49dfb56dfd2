package io.gkp.localbigquery.translate;

import com.google.zetasql.Type;
import com.google.zetasql.ZetaSQLType.TypeKind;
import com.google.zetasql.ZetaSQLType.TypeProto;
import io.gkp.localbigquery.api.ApiException;
import io.gkp.localbigquery.sql.value.SqlTypes;
import io.gkp.localbigquery.storage.Column;
import io.gkp.localbigquery.storage.ColumnTypes;
import java.util.List;

/** GoogleSQL's types in DuckDB. */
final class Types {
  private Types() {}

  static Column column(Type type) {
    return column(type.serialize());
  }

  static Column column(TypeProto type) {
    return Column.of(List.of(SqlTypes.field("", type))).get(0);
  }

  /** DuckDB's name of the type. Throws {@code notImplemented} for a type that it has no form of. */
  static String duck(Type type) {
    if (type.isArray() && type.asArray().getElementType().isArray()) {
      throw ApiException.notImplemented("arrays of arrays");
    }
    return ColumnTypes.of(column(type));
  }

  static boolean isDouble(Type type) {
    return type.getKind() == TypeKind.TYPE_DOUBLE;
  }

  /** How messages and the table of functions call the type. */
  static String name(Type type) {
    return switch (type.getKind()) {
      case TYPE_DOUBLE -> "FLOAT64";
      default -> type.getKind().name().substring("TYPE_".length());
    };
  }

  /** Whether values of the type may be, or hold, texts that are compared by a collation. */
  static boolean mayHoldText(Type type) {
    return type.isString() || type.isArray() || type.isStruct() || type.isRange();
  }
}
