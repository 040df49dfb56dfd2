package io.gkp.localbigquery.translate;

import com.google.zetasql.Type;
import com.google.zetasql.TypeFactory;
import com.google.zetasql.ZetaSQLType.TypeKind;
import com.google.zetasql.resolvedast.ResolvedColumn;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedCast;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedColumnRef;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedExpr;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedLiteral;
import io.gkp.localbigquery.storage.ColumnTypes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** CAST and SAFE_CAST. Text is read and printed by ZetaSQL, where DuckDB does either otherwise. */
final class Casts {
  private static final Type INT64 = TypeFactory.createSimpleType(TypeKind.TYPE_INT64);

  private static final ResolvedExpr ANY =
      ResolvedColumnRef.builder()
          .setType(INT64)
          .setColumn(new ResolvedColumn(1, "t", "x", INT64))
          .setIsCorrelated(false)
          .build();

  private final Expressions expressions;

  Casts(Expressions expressions) {
    this.expressions = expressions;
  }

  Optional<String> inDuckDb(ResolvedCast cast) {
    Type from = cast.getExpr().getType();
    Type to = cast.getType();
    if (cast.getExpr() instanceof ResolvedLiteral literal && literal.getValue().isNull()) {
      return Optional.of("CAST(NULL AS " + Types.duck(to) + ")");
    }
    if (cast.getFormat() != null || cast.getTimeZone() != null || hasParameters(cast)) {
      return Optional.empty();
    }
    return cast(expressions.of(cast.getExpr()), from, to);
  }

  /**
   * Whether the type has a length, say. The library tells that in its description only, and cannot
   * describe a STRUCT with a field that has no name.
   */
  private static boolean hasParameters(ResolvedCast cast) {
    return cast.toBuilder()
        .setExpr(ANY)
        .setType(ANY.getType())
        .build()
        .debugString()
        .contains("type_parameters:");
  }

  private static Optional<String> cast(String value, Type from, Type to) {
    if (from.getKind() == to.getKind() && Types.duck(from).equals(Types.duck(to))) {
      return Optional.of(value);
    }
    if (from.isArray() && to.isArray()) {
      String element = "e" + value.length();
      return cast(element, from.asArray().getElementType(), to.asArray().getElementType())
          .map(cast -> "list_transform(" + value + ", lambda " + element + ": " + cast + ")");
    }
    if (from.isStruct() && to.isStruct()) {
      return struct(value, from, to);
    }
    return isExact(from.getKind(), to.getKind())
        ? Optional.of("CAST(" + value + " AS " + Types.duck(to) + ")")
        : Optional.empty();
  }

  private static Optional<String> struct(String value, Type from, Type to) {
    List<String> fields = new ArrayList<>();
    for (int i = 0; i < from.asStruct().getFieldCount(); i++) {
      Optional<String> field =
          cast(
              ColumnTypes.field(value, i),
              from.asStruct().getField(i).getType(),
              to.asStruct().getField(i).getType());
      if (field.isEmpty()) {
        return field;
      }
      fields.add(field.get());
    }
    return Optional.of(
        "(CASE WHEN " + value + " IS NULL THEN NULL ELSE " + ColumnTypes.struct(fields) + " END)");
  }

  /** Whether DuckDB's cast gives GoogleSQL's value for every value. */
  private static boolean isExact(TypeKind from, TypeKind to) {
    return switch (from) {
      case TYPE_INT64 ->
          to == TypeKind.TYPE_DOUBLE || to == TypeKind.TYPE_STRING || to == TypeKind.TYPE_NUMERIC;
      case TYPE_BOOL -> to == TypeKind.TYPE_STRING || to == TypeKind.TYPE_INT64;
      case TYPE_DATE ->
          to == TypeKind.TYPE_TIMESTAMP
              || to == TypeKind.TYPE_DATETIME
              || to == TypeKind.TYPE_STRING;
      case TYPE_DATETIME, TYPE_TIMESTAMP ->
          to == TypeKind.TYPE_TIMESTAMP || to == TypeKind.TYPE_DATETIME || to == TypeKind.TYPE_DATE;
      default -> false;
    };
  }
}
