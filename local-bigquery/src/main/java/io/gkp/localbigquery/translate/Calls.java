package io.gkp.localbigquery.translate;

import com.google.zetasql.resolvedast.ResolvedFunctionCallBaseEnums.ErrorMode;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedColumnRef;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedExpr;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedFunctionCall;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedFunctionCallBase;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedLiteral;
import io.gkp.localbigquery.api.ApiException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Calls of functions and operators, as {@link FunctionTable} has them. */
final class Calls {
  /** TRY() refuses what may raise an error by itself, and functions of ours may. */
  private static final Pattern RAISES = Pattern.compile("\\b(error|bq_\\w+|zeta_\\w+)\\(");

  private final Expressions expressions;
  private final ZetaFunctions functions;

  Calls(Expressions expressions, ZetaFunctions functions) {
    this.expressions = expressions;
    this.functions = functions;
  }

  /** The function's name in lower case; operators begin with {@code $}. */
  static String name(ResolvedFunctionCallBase call) {
    return call.getFunction().getName().replace("ZetaSQL:", "").toLowerCase(Locale.ROOT);
  }

  /** Whether the expression gives a text its collation. */
  static boolean collates(ResolvedExpr expression) {
    return expression instanceof ResolvedFunctionCall call
        && name(call).equals("collate")
        && call.getArgumentList().get(1) instanceof ResolvedLiteral collation
        && collation.getValue().getStringValue().equals("und:ci");
  }

  /** Nothing where only ZetaSQL gives the real service's result. */
  Optional<String> inDuckDb(ResolvedFunctionCall call) {
    if (!call.getGenericArgumentList().isEmpty()) {
      return Optional.empty();
    }
    Optional<JavaScriptEvaluation> javaScript = JavaScriptEvaluation.of(call.getFunction());
    if (javaScript.isPresent()) {
      List<String> arguments = call.getArgumentList().stream().map(expressions::of).toList();
      if (call.getErrorMode() == ErrorMode.SAFE_ERROR_MODE) {
        throw ApiException.notImplemented("SAFE with functions in JavaScript");
      }
      return Optional.of(functions.call(javaScript.get(), arguments));
    }
    if (name(call).equals("collate")) {
      String collation =
          call.getArgumentList().get(1) instanceof ResolvedLiteral literal
              ? literal.getValue().getStringValue()
              : "";
      if (!collation.isEmpty() && !collation.equals("und:ci")) {
        throw ApiException.invalidQuery(
            "Collation '" + collation + "' in collate function is not supported.");
      }
      // Comparing by a collation would give other answers than comparing as it is done here.
      throw ApiException.notImplemented("COLLATE");
    }
    if (call.getArgumentList().stream().anyMatch(Calls::collates)
        && !Types.mayHoldText(call.getType())) {
      return Optional.empty(); // ZetaSQL compares by collations, and the result has none
    }
    Call looked = new Call(name(call), call, expressions, functions);
    if (call.getErrorMode() != ErrorMode.SAFE_ERROR_MODE) {
      return FunctionTable.find(looked);
    }
    Optional<String> safe = FunctionTable.find(looked.named("safe." + looked.name()));
    if (safe.isPresent()) {
      return safe;
    }
    // TRY would swallow the arguments' errors, too.
    boolean plain =
        call.getArgumentList().stream()
            .allMatch(a -> a instanceof ResolvedColumnRef || a instanceof ResolvedLiteral);
    return plain
        ? FunctionTable.find(looked)
            .filter(sql -> !RAISES.matcher(sql).find())
            .map(sql -> "TRY(" + sql + ")")
        : Optional.empty();
  }
}
