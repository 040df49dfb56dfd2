package io.gkp.localbigquery.translate;

import com.google.zetasql.Type;
import com.google.zetasql.Value;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedExpr;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedFunctionCall;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedLiteral;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedParameter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A call with what its translation asks of it. Arguments count from 0. */
record Call(String name, ResolvedFunctionCall node, Expressions expressions, ZetaFunctions zeta) {
  Call named(String otherName) {
    return new Call(otherName, node, expressions, zeta);
  }

  int size() {
    return node.getArgumentList().size();
  }

  ResolvedExpr argument(int i) {
    return node.getArgumentList().get(i);
  }

  Type type(int i) {
    return argument(i).getType();
  }

  String sql(int i) {
    return expressions.of(argument(i));
  }

  /** All arguments from one on. */
  List<String> sqlFrom(int first) {
    List<String> all = new ArrayList<>();
    for (int i = first; i < size(); i++) {
      all.add(sql(i));
    }
    return all;
  }

  /** The argument's value where it is a constant that is not NULL. */
  Optional<Value> constant(int i) {
    Value value =
        argument(i) instanceof ResolvedLiteral literal
            ? literal.getValue()
            : argument(i) instanceof ResolvedParameter parameter
                ? expressions.value(parameter)
                : null;
    return Optional.ofNullable(value).filter(v -> !v.isNull());
  }

  /** The date part that the argument names, such as DAY; empty for none. */
  String part(int i) {
    return argument(i) instanceof ResolvedLiteral literal && literal.getType().isEnum()
        ? literal.getValue().getEnumName()
        : "";
  }
}
