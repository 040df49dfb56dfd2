package io.gkp.localbigquery.translate;

import com.google.zetasql.resolvedast.ResolvedAggregateHavingModifierEnums.HavingModifierKind;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedAggregateFunctionCall;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedAggregateHavingModifier;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedAggregateScan;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedComputedColumnBase;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedExpr;
import io.gkp.localbigquery.api.ApiException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The rows that an aggregation groups. Each is told before it is grouped what an aggregate function
 * of DuckDB cannot find out:
 *
 * <ul>
 *   <li>of {@code f(x HAVING MAX y)}, the greatest y of its group; f is over the rows that have it,
 *       and where y is NULL in all of them over all;
 *   <li>of {@code ARRAY_AGG(DISTINCT x)} and {@code STRING_AGG}, whether it is the first with its
 *       x: values come in the order of their first rows.
 * </ul>
 */
final class GroupedRows {
  private static final Set<String> LISTS = Set.of("array_agg", "string_agg");

  private final Translation translation;
  private final Map<ResolvedAggregateFunctionCall, String> conditions = new IdentityHashMap<>();
  private final Map<ResolvedAggregateFunctionCall, String> numbers = new IdentityHashMap<>();

  GroupedRows(Translation translation) {
    this.translation = translation;
  }

  /**
   * The rows as an item of FROM.
   *
   * @param keys of the groups, as SQL
   */
  String from(ResolvedAggregateScan scan, Collection<String> keys) {
    String input = translation.scans().from(scan.getInputScan());
    String number = translation.alias("n");
    boolean sets = !scan.getGroupingSetList().isEmpty();
    List<String> told = new ArrayList<>();
    for (ResolvedComputedColumnBase column : scan.getAggregateList()) {
      ResolvedAggregateFunctionCall call = (ResolvedAggregateFunctionCall) column.getExpr();
      if (call.getHavingModifier() != null) {
        if (sets) {
          throw ApiException.notImplemented("HAVING MAX or MIN in aggregates of GROUPING SETS");
        }
        told.add(extreme(call, keys));
      } else if (call.getDistinct()
          && call.getOrderByItemList().isEmpty()
          && call.getWhereExpr() == null
          && !sets
          && LISTS.contains(Calls.name(call))) {
        told.add(first(call, keys, number));
      }
    }
    if (told.isEmpty()) {
      return input;
    }
    String rows =
        numbers.isEmpty()
            ? input
            : "(SELECT *, row_number() OVER () AS "
                + number
                + " FROM "
                + input
                + ") AS "
                + translation.alias("s");
    return "(SELECT *, "
        + String.join(", ", told)
        + " FROM "
        + rows
        + ") AS "
        + translation.alias("s");
  }

  private String extreme(ResolvedAggregateFunctionCall call, Collection<String> keys) {
    ResolvedAggregateHavingModifier having = call.getHavingModifier();
    String value = expression(having.getHavingExpr());
    String name = translation.alias("h");
    conditions.put(call, "(" + value + ") IS NOT DISTINCT FROM " + name);
    return Aggregates.extreme(
            having.getKind() == HavingModifierKind.MAX ? "max" : "min",
            value,
            having.getHavingExpr().getType(),
            " OVER (" + partition(keys.stream()) + ")")
        + " AS "
        + name;
  }

  private String first(ResolvedAggregateFunctionCall call, Collection<String> keys, String number) {
    String value = expression(call.getArgumentList().get(0));
    String name = translation.alias("d");
    conditions.put(call, name);
    numbers.put(call, number);
    return "row_number() OVER ("
        + partition(Stream.concat(keys.stream(), Stream.of(value)))
        + " ORDER BY "
        + number
        + ") = 1 AS "
        + name;
  }

  private static String partition(Stream<String> keys) {
    String all = keys.collect(Collectors.joining(", "));
    return all.isEmpty() ? "" : "PARTITION BY " + all;
  }

  /** Whether a row is one of those that the call is over. */
  Optional<String> condition(ResolvedAggregateFunctionCall call) {
    return Optional.ofNullable(conditions.get(call));
  }

  /** Whether the call is over rows with different values only, as {@link #condition} picks them. */
  boolean areDistinct(ResolvedAggregateFunctionCall call) {
    return numbers.containsKey(call);
  }

  /** What the rows are sorted by where the call does not say. */
  Optional<String> order(ResolvedAggregateFunctionCall call) {
    return Optional.ofNullable(numbers.get(call));
  }

  private String expression(ResolvedExpr expression) {
    return translation.expressions().of(expression);
  }
}
