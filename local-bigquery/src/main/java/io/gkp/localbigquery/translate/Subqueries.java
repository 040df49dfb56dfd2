package io.gkp.localbigquery.translate;

import com.google.zetasql.Type;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedAggregateFunctionCall;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedAggregateScan;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedArrayScan;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedFilterScan;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedOrderByScan;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedProjectScan;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedScan;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedSingleRowScan;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedSubqueryExpr;
import io.gkp.localbigquery.api.ApiException;
import java.util.Optional;

/**
 * Subqueries. One that only filters and computes the elements of one array becomes a function over
 * lists: DuckDB would join the array with all rows, which takes a hundred times as long.
 */
final class Subqueries {
  private final Translation translation;
  private final Expressions expressions;

  /** The lambda's parameter, in the list function that is being made. */
  private String element;

  Subqueries(Translation translation, Expressions expressions) {
    this.translation = translation;
    this.expressions = expressions;
  }

  String of(ResolvedSubqueryExpr subquery) {
    return expressions.attempt(() -> listFunction(subquery)).orElseGet(() -> select(subquery));
  }

  private String select(ResolvedSubqueryExpr subquery) {
    ResolvedScan scan = subquery.getSubquery();
    Scans scans = translation.scans();
    return switch (subquery.getSubqueryType()) {
      case SCALAR -> "(" + scans.ordered(scan, output(scan)) + ")";
      case EXISTS -> "EXISTS(" + scans.select(scan) + ")";
      case IN ->
          in(
              subquery.getInExpr().getType(),
              expressions.of(subquery.getInExpr()),
              "(" + scans.ordered(scan, output(scan)) + ")");
      case ARRAY ->
          "coalesce((" + array(scan) + "), CAST([] AS " + Types.duck(subquery.getType()) + "))";
      default ->
          throw ApiException.notImplemented(
              "subqueries of the kind " + subquery.getSubqueryType().name());
    };
  }

  /** Of STRUCTs, fields are compared and not wholes. NaN is in no list, not even in its own. */
  private static String in(Type type, String value, String members) {
    String all = members + " AS members(member)";
    if (type.isStruct()) {
      String equal =
          Comparisons.equal(type, value, "member")
              .orElseThrow(() -> ApiException.notImplemented("IN with a subquery of such STRUCTs"));
      return "(SELECT CASE WHEN bool_or(same) THEN TRUE WHEN bool_or(same IS NULL) THEN NULL"
          + " ELSE FALSE END FROM (SELECT "
          + equal
          + " AS same FROM "
          + all
          + "))";
    }
    String in = "(" + value + " IN " + members + ")";
    return Types.isDouble(type)
        ? "(CASE WHEN NOT isnan("
            + value
            + ") OR "
            + value
            + " IS NULL THEN "
            + in
            + " WHEN EXISTS(SELECT 1 FROM "
            + all
            + " WHERE member IS NULL) THEN NULL ELSE FALSE END)"
        : in;
  }

  private static String output(ResolvedScan scan) {
    return Scans.name(scan.getColumnList().get(0));
  }

  private String array(ResolvedScan scan) {
    Scans scans = translation.scans();
    return scan instanceof ResolvedOrderByScan order
        ? "SELECT list("
            + output(scan)
            + " ORDER BY "
            + scans.order(order.getOrderByItemList())
            + ") FROM "
            + scans.from(order.getInputScan())
        : "SELECT list(" + output(scan) + ") FROM " + scans.from(scan);
  }

  private Optional<String> listFunction(ResolvedSubqueryExpr subquery) {
    String outer = element;
    try {
      return switch (subquery.getSubqueryType()) {
        case ARRAY ->
            list(subquery.getSubquery())
                .flatMap(
                    list ->
                        transformed(
                            list,
                            expressions.column(subquery.getSubquery().getColumnList().get(0))))
                .map(
                    l -> "coalesce(" + l + ", CAST([] AS " + Types.duck(subquery.getType()) + "))");
        case EXISTS ->
            list(subquery.getSubquery()).map(list -> "coalesce(len(" + list + ") > 0, FALSE)");
        case SCALAR -> aggregated(subquery.getSubquery());
        default -> Optional.empty();
      };
    } finally {
      element = outer;
    }
  }

  /** COUNT(*), MIN or MAX over the elements. */
  private Optional<String> aggregated(ResolvedScan subquery) {
    ResolvedScan scan = subquery;
    while (scan instanceof ResolvedProjectScan project && project.getExprList().isEmpty()) {
      scan = project.getInputScan();
    }
    if (!(scan instanceof ResolvedAggregateScan aggregate)
        || !aggregate.getGroupByList().isEmpty()
        || aggregate.getAggregateList().size() != 1) {
      return Optional.empty();
    }
    ResolvedAggregateFunctionCall call =
        (ResolvedAggregateFunctionCall) aggregate.getAggregateList().get(0).getExpr();
    String name = Calls.name(call);
    if (call.getDistinct() || call.getWhereExpr() != null || call.getHavingModifier() != null) {
      return Optional.empty();
    }
    if (name.equals("$count_star")) {
      return list(aggregate.getInputScan()).map(list -> "coalesce(len(" + list + "), 0)");
    }
    if (!name.equals("min") && !name.equals("max")
        || Types.isDouble(call.getArgumentList().get(0).getType())) {
      return Optional.empty();
    }
    return list(aggregate.getInputScan())
        .flatMap(list -> transformed(list, expressions.of(call.getArgumentList().get(0))))
        .map(list -> "list_aggregate(" + list + ", '" + name + "')");
  }

  /** The filtered array; its elements go by the array scan's column. */
  private Optional<String> list(ResolvedScan scan) {
    if (scan instanceof ResolvedProjectScan project) {
      Optional<String> list = list(project.getInputScan());
      list.ifPresent(
          l ->
              project
                  .getExprList()
                  .forEach(c -> expressions.replace(c.getColumn(), expressions.of(c.getExpr()))));
      return list;
    }
    if (scan instanceof ResolvedFilterScan filter) {
      Optional<String> list = list(filter.getInputScan());
      if (list.isEmpty()) {
        return list;
      }
      String condition = expressions.of(filter.getFilterExpr());
      return canBeInLambda(condition)
          ? Optional.of(
              "list_filter(" + list.get() + ", lambda " + element + ": " + condition + ")")
          : Optional.empty();
    }
    boolean plain =
        scan instanceof ResolvedArrayScan array
            && array.getArrayExprList().size() == 1
            && array.getArrayOffsetColumn() == null
            && array.getJoinExpr() == null
            && (array.getInputScan() == null
                || array.getInputScan() instanceof ResolvedSingleRowScan);
    if (!plain) {
      return Optional.empty();
    }
    ResolvedArrayScan array = (ResolvedArrayScan) scan;
    String list = expressions.of(array.getArrayExprList().get(0));
    element = Scans.name(array.getElementColumnList().get(0));
    return Optional.of(list);
  }

  private Optional<String> transformed(String list, String value) {
    if (value.equals(element)) {
      return Optional.of(list);
    }
    return canBeInLambda(value)
        ? Optional.of("list_transform(" + list + ", lambda " + element + ": " + value + ")")
        : Optional.empty();
  }

  /** DuckDB takes no subqueries in lambdas. */
  private static boolean canBeInLambda(String sql) {
    return !sql.contains("SELECT");
  }
}
