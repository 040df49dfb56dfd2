package io.gkp.localbigquery.translate;

import com.google.zetasql.Value;
import com.google.zetasql.resolvedast.ResolvedColumn;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedCast;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedColumnRef;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedComputedColumn;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedExpr;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedFunctionCall;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedGetStructField;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedLiteral;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedMakeStruct;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedParameter;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedSubqueryExpr;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedWithExpr;
import io.gkp.localbigquery.storage.ColumnTypes;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Expressions. Each kind of node has its own translator; this one knows the simple ones. */
final class Expressions {
  private final Translation translation;
  private final Calls calls;
  private final Casts casts;
  private final Subqueries subqueries;
  private final ZetaExpressions zeta;

  /** Columns that stand for something else than their name: those computed within a lambda. */
  private final Map<Long, String> replaced = new HashMap<>();

  /** What was translated already: deciding who computes a call takes its arguments' translation. */
  private final Map<ResolvedExpr, String> translated = new IdentityHashMap<>();

  private final Map<ResolvedExpr, Optional<String>> inDuckDb = new IdentityHashMap<>();

  Expressions(Translation translation, ZetaFunctions functions) {
    this.translation = translation;
    this.zeta = new ZetaExpressions(this, functions);
    this.calls = new Calls(this, functions);
    this.casts = new Casts(this);
    this.subqueries = new Subqueries(translation, this);
  }

  String of(ResolvedExpr expression) {
    String known = translated.get(expression);
    if (known == null) {
      known = translate(expression);
      translated.put(expression, known);
    }
    return known;
  }

  private String translate(ResolvedExpr expression) {
    if (expression instanceof ResolvedColumnRef reference) {
      return column(reference.getColumn());
    }
    if (expression instanceof ResolvedLiteral literal) {
      return Literals.of(literal.getValue());
    }
    if (expression instanceof ResolvedParameter parameter) {
      return Literals.of(value(parameter));
    }
    if (expression instanceof ResolvedGetStructField field) {
      return ColumnTypes.field(of(field.getExpr()), (int) field.getFieldIdx());
    }
    if (expression instanceof ResolvedMakeStruct struct) {
      return ColumnTypes.struct(struct.getFieldList().stream().map(this::of).toList());
    }
    if (expression instanceof ResolvedCast cast) {
      return inDuckDb(cast).orElseGet(() -> zeta.of(cast));
    }
    if (expression instanceof ResolvedSubqueryExpr subquery) {
      return subqueries.of(subquery);
    }
    if (expression instanceof ResolvedFunctionCall call) {
      return inDuckDb(call).orElseGet(() -> zeta.of(call));
    }
    if (expression instanceof ResolvedWithExpr with) {
      return with(with);
    }
    return zeta.of(expression);
  }

  /** The value of a parameter of the request. */
  Value value(ResolvedParameter parameter) {
    return Value.deserialize(
        parameter.getType(), translation.parameters().get(parameter.getName()));
  }

  /** A call or cast without ZetaSQL; nothing where only ZetaSQL gives the real service's result. */
  Optional<String> inDuckDb(ResolvedExpr expression) {
    Optional<String> known = inDuckDb.get(expression);
    if (known == null) {
      known =
          expression instanceof ResolvedCast cast
              ? casts.inDuckDb(cast)
              : calls.inDuckDb((ResolvedFunctionCall) expression);
      inDuckDb.put(expression, known);
    }
    return known;
  }

  String column(ResolvedColumn column) {
    return replaced.getOrDefault(column.getId(), Scans.name(column));
  }

  void replace(ResolvedColumn column, String sql) {
    replaced.put(column.getId(), sql);
  }

  /** Takes what {@link #replace} did in the attempt back if it yields nothing. */
  Optional<String> attempt(Supplier<Optional<String>> attempt) {
    Map<Long, String> before = Map.copyOf(replaced);
    Optional<String> result = attempt.get();
    if (result.isEmpty() && !before.equals(replaced)) {
      replaced.clear();
      replaced.putAll(before);
      translated.clear();
      inDuckDb.clear();
    }
    return result;
  }

  private String with(ResolvedWithExpr with) {
    String from = "(SELECT 1)";
    for (ResolvedComputedColumn assignment : with.getAssignmentList()) {
      from =
          "(SELECT *, "
              + of(assignment.getExpr())
              + " AS "
              + Scans.name(assignment.getColumn())
              + " FROM "
              + from
              + ")";
    }
    return "(SELECT " + of(with.getExpr()) + " FROM " + from + ")";
  }
}
