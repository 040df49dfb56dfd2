package io.gkp.localbigquery.translate;

import com.google.zetasql.Type;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedCast;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedExpr;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedExpressionColumn;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedFunctionCall;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedGetJsonField;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedLiteral;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedParameter;
import io.gkp.localbigquery.api.ApiException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Has ZetaSQL compute an expression. What DuckDB can compute of its arguments it does; what else is
 * in them goes along, so that a nest of calls is one call.
 */
final class ZetaExpressions {
  private final Expressions expressions;
  private final ZetaFunctions functions;

  ZetaExpressions(Expressions expressions, ZetaFunctions functions) {
    this.expressions = expressions;
    this.functions = functions;
  }

  String of(ResolvedExpr expression) {
    List<Type> types = new ArrayList<>();
    List<String> arguments = new ArrayList<>();
    ResolvedExpr template = template(expression, types, arguments);
    return functions.call(functions.sql(template), types, arguments, expression.getType());
  }

  /** The expression over columns a0, a1 ... for what comes from DuckDB. */
  private ResolvedExpr template(ResolvedExpr expression, List<Type> types, List<String> arguments) {
    if (expression instanceof ResolvedFunctionCall call) {
      if (!call.getGenericArgumentList().isEmpty()) {
        throw ApiException.notImplemented(
            "lambdas in " + Calls.name(call).toUpperCase(Locale.ROOT));
      }
      List<ResolvedExpr> inner = new ArrayList<>();
      boolean takesPaths = Calls.name(call).startsWith("json_");
      for (ResolvedExpr argument : call.getArgumentList()) {
        inner.add(
            takesPaths && argument instanceof ResolvedParameter parameter
                ? literal(parameter)
                : argument(argument, types, arguments));
      }
      return call.toBuilder().setArgumentList(inner).build();
    }
    if (expression instanceof ResolvedCast cast) {
      return cast.toBuilder().setExpr(argument(cast.getExpr(), types, arguments)).build();
    }
    if (expression instanceof ResolvedGetJsonField field) {
      return field.toBuilder().setExpr(argument(field.getExpr(), types, arguments)).build();
    }
    throw Refusals.node(expression);
  }

  /** A path is a constant, and so is a parameter that is one. */
  private ResolvedExpr literal(ResolvedParameter parameter) {
    return ResolvedLiteral.builder()
        .setType(parameter.getType())
        .setValue(expressions.value(parameter))
        .setHasExplicitType(false)
        .build();
  }

  private ResolvedExpr argument(ResolvedExpr argument, List<Type> types, List<String> arguments) {
    if (argument instanceof ResolvedLiteral) {
      return argument;
    }
    boolean isZetas =
        argument instanceof ResolvedGetJsonField
            || Calls.collates(argument)
            || (argument instanceof ResolvedFunctionCall || argument instanceof ResolvedCast)
                && expressions.inDuckDb(argument).isEmpty();
    if (isZetas) {
      return template(argument, types, arguments);
    }
    String sql = expressions.of(argument);
    int known = arguments.indexOf(sql);
    int number = known >= 0 && types.get(known).equals(argument.getType()) ? known : types.size();
    if (number == types.size()) {
      types.add(argument.getType());
      arguments.add(sql);
    }
    return ResolvedExpressionColumn.builder()
        .setType(argument.getType())
        .setName("a" + number)
        .build();
  }
}
