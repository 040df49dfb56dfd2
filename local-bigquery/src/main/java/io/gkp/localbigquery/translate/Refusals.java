package io.gkp.localbigquery.translate;

import com.google.zetasql.resolvedast.ResolvedNode;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedExpr;
import io.gkp.localbigquery.api.ApiException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What cannot be translated, by its name. */
final class Refusals {
  private Refusals() {}

  static ApiException node(ResolvedNode node) {
    return ApiException.notImplemented(
        "this query: "
            + node.nodeKindString()
                .replaceAll("(?<=[a-z])(?=[A-Z])", " ")
                .toLowerCase(Locale.ROOT));
  }

  static ApiException function(String name) {
    return ApiException.notImplemented(name.toUpperCase(Locale.ROOT).replace("$", ""));
  }

  /** Of these types; it may be there for others. */
  static ApiException function(String name, List<ResolvedExpr> arguments) {
    return ApiException.notImplemented(
        name.toUpperCase(Locale.ROOT).replace("$", "")
            + arguments.stream()
                .map(argument -> Types.name(argument.getType()))
                .collect(Collectors.joining(", ", "(", ")")));
  }
}
