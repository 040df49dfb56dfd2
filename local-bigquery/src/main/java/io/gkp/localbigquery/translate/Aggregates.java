package io.gkp.localbigquery.translate;

import com.google.zetasql.Type;
import com.google.zetasql.TypeFactory;
import com.google.zetasql.ZetaSQLType.TypeKind;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedAggregateFunctionCall;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedAggregateScan;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedComputedColumn;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedComputedColumnBase;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedExpr;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedGroupingCall;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedGroupingSet;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedGroupingSetBase;
import com.google.zetasql.resolvedast.ResolvedNonScalarFunctionCallBaseEnums.NullHandlingModifier;
import io.gkp.localbigquery.api.ApiException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** GROUP BY and aggregate functions. */
final class Aggregates {
  /** Aggregates with the same name, arguments and result in both. */
  private static final Map<String, String> SAME =
      Map.ofEntries(
          Map.entry("logical_and", "bool_and"),
          Map.entry("logical_or", "bool_or"),
          Map.entry("bit_and", "bit_and"),
          Map.entry("bit_or", "bit_or"),
          Map.entry("bit_xor", "bit_xor"),
          Map.entry("stddev", "stddev_samp"),
          Map.entry("stddev_samp", "stddev_samp"),
          Map.entry("stddev_pop", "stddev_pop"),
          Map.entry("variance", "var_samp"),
          Map.entry("var_samp", "var_samp"),
          Map.entry("var_pop", "var_pop"),
          Map.entry("corr", "corr"),
          Map.entry("covar_pop", "covar_pop"),
          Map.entry("covar_samp", "covar_samp"),
          Map.entry("any_value", "any_value"));

  private final Translation translation;
  private final ZetaFunctions zeta;

  Aggregates(Translation translation, ZetaFunctions zeta) {
    this.translation = translation;
    this.zeta = zeta;
  }

  String select(ResolvedAggregateScan scan) {
    Map<Long, String> computed = new LinkedHashMap<>();
    Map<Long, String> keys = new LinkedHashMap<>();
    for (ResolvedComputedColumn key : scan.getGroupByList()) {
      keys.put(key.getColumn().getId(), expression(key.getExpr()));
    }
    computed.putAll(keys);
    for (ResolvedComputedColumnBase column : scan.getAggregateList()) {
      computed.put(
          column.getColumn().getId(), of((ResolvedAggregateFunctionCall) column.getExpr()));
    }
    for (ResolvedGroupingCall call : scan.getGroupingCallList()) {
      computed.put(
          call.getOutputColumn().getId(),
          "grouping(" + keys.get(call.getGroupByColumn().getColumn().getId()) + ")");
    }
    String list = Scans.list(scan.getColumnList(), c -> Scans.item(c, computed));
    boolean countsNothing = scan.getColumnList().isEmpty() && keys.isEmpty();
    return "SELECT "
        + (countsNothing ? "count(*) AS none" : list)
        + " FROM "
        + translation.scans().from(scan.getInputScan())
        + groupBy(scan, keys);
  }

  private String groupBy(ResolvedAggregateScan scan, Map<Long, String> keys) {
    if (scan.getGroupingSetList().isEmpty()) {
      return keys.isEmpty() ? "" : " GROUP BY " + String.join(", ", keys.values());
    }
    List<String> sets = new ArrayList<>();
    for (ResolvedGroupingSetBase base : scan.getGroupingSetList()) {
      if (!(base instanceof ResolvedGroupingSet set)) {
        throw Refusals.node(base);
      }
      sets.add(
          set.getGroupByColumnList().stream()
              .map(reference -> keys.get(reference.getColumn().getId()))
              .collect(Collectors.joining(", ", "(", ")")));
    }
    return " GROUP BY GROUPING SETS (" + String.join(", ", sets) + ")";
  }

  private String of(ResolvedAggregateFunctionCall call) {
    String name = Calls.name(call);
    if (!call.getGroupByList().isEmpty() || call.getWithGroupRowsSubquery() != null) {
      throw ApiException.notImplemented("aggregates of aggregates");
    }
    if (call.getHavingModifier() != null) {
      return having(name, call);
    }
    List<String> arguments = call.getArgumentList().stream().map(this::expression).toList();
    String first = arguments.isEmpty() ? "" : arguments.get(0);
    Type type = arguments.isEmpty() ? null : call.getArgumentList().get(0).getType();
    String distinct = call.getDistinct() ? "DISTINCT " : "";
    String filter = filter(call, null);
    switch (name) {
      case "$count_star":
        return "count(*)" + filter;
      case "count":
        return "count(" + distinct + first + ")" + filter;
      case "countif":
        return call.getDistinct() ? refuse(name, call) : "count(*)" + filter(call, first);
      case "approx_count_distinct":
        return "count(DISTINCT " + first + ")" + filter;
      case "sum":
        return type.getKind() == TypeKind.TYPE_INTERVAL && !call.getDistinct()
            ? intervals(first, filter)
            : sum(call, "sum(" + distinct + first + ")" + filter, type);
      case "avg":
        return average(call, distinct + first, filter, type);
      case "min":
      case "max":
        return extreme(name, call, first, type, filter);
      case "string_agg":
        return text(call, arguments, type);
      case "array_agg":
        return array(call, distinct + first, first);
      case "array_concat_agg":
        return "flatten(list("
            + first
            + order(call)
            + ")"
            + filter(call, first + " IS NOT NULL")
            + ")";
      default:
        String same = SAME.get(name);
        boolean exact =
            type != null
                && (type.isInt64() || type.isDouble() || type.isBool() || name.equals("any_value"));
        if (same == null) {
          throw Refusals.function(name);
        }
        return !exact
            ? refuse(name, call)
            : same + "(" + distinct + String.join(", ", arguments) + ")" + filter;
    }
  }

  private String filter(ResolvedAggregateFunctionCall call, String condition) {
    List<String> conditions = new ArrayList<>();
    if (call.getWhereExpr() != null) {
      conditions.add(expression(call.getWhereExpr()));
    }
    if (condition != null) {
      conditions.add(condition);
    }
    return conditions.isEmpty() ? "" : " FILTER (WHERE " + String.join(" AND ", conditions) + ")";
  }

  private String order(ResolvedAggregateFunctionCall call) {
    return call.getOrderByItemList().isEmpty()
        ? ""
        : " ORDER BY " + translation.scans().order(call.getOrderByItemList());
  }

  private String having(String name, ResolvedAggregateFunctionCall call) {
    if (!name.equals("any_value")) {
      throw ApiException.notImplemented("HAVING in " + name.toUpperCase(Locale.ROOT));
    }
    String function =
        call.getHavingModifier().getKind().name().equals("MAX") ? "arg_max" : "arg_min";
    return function
        + "("
        + expression(call.getArgumentList().get(0))
        + ", "
        + expression(call.getHavingModifier().getHavingExpr())
        + ")"
        + filter(call, null);
  }

  private String sum(ResolvedAggregateFunctionCall call, String sum, Type type) {
    return switch (type.getKind()) {
      case TYPE_INT64 -> "bq_int64(" + sum + ")";
      case TYPE_NUMERIC -> "bq_numeric(" + sum + ")";
      case TYPE_DOUBLE, TYPE_BIGNUMERIC -> sum;
      default -> refuse("sum", call);
    };
  }

  /** The sum, part by part: nothing is carried from days to months, or from hours to days. */
  private static String intervals(String values, String filter) {
    UnaryOperator<String> sum =
        part -> "CAST(sum(bq_" + part + "(" + values + "))" + filter + " AS BIGINT)";
    return "(to_months(CAST("
        + sum.apply("months")
        + " AS INTEGER)) + to_days(CAST("
        + sum.apply("days")
        + " AS INTEGER)) + to_microseconds("
        + sum.apply("micros")
        + "))";
  }

  private String average(
      ResolvedAggregateFunctionCall call, String values, String filter, Type type) {
    if (type.isInt64() || type.isDouble()) {
      return "avg(" + values + ")" + filter;
    }
    if (type.getKind() == TypeKind.TYPE_INTERVAL && !call.getDistinct()) {
      return zeta.call(
          "a0 / a1",
          List.of(type, TypeFactory.createSimpleType(TypeKind.TYPE_INT64)),
          List.of(intervals(values, filter), "nullif(count(" + values + ")" + filter + ", 0)"),
          type);
    }
    if (!type.isNumeric()) {
      return refuse("avg", call);
    }
    return zeta.call(
        "a0 / a1",
        List.of(type, type),
        List.of(
            "CAST(sum(" + values + ")" + filter + " AS DECIMAL(38,9))",
            "CAST(nullif(count(" + values + ")" + filter + ", 0) AS DECIMAL(38,9))"),
        type);
  }

  private String extreme(
      String name, ResolvedAggregateFunctionCall call, String value, Type type, String filter) {
    if (type.isStruct() || type.isArray()) {
      return refuse(name, call);
    }
    String extreme = name + "(" + value + ")" + filter;
    // NaN is the result wherever it is among the values.
    return Types.isDouble(type)
        ? "(CASE WHEN bool_or(isnan("
            + value
            + "))"
            + filter
            + " THEN CAST('nan' AS DOUBLE) ELSE "
            + extreme
            + " END)"
        : extreme;
  }

  private String text(ResolvedAggregateFunctionCall call, List<String> arguments, Type type) {
    if (!type.isString()) {
      return refuse("string_agg", call);
    }
    String separator = arguments.size() > 1 ? arguments.get(1) : "','";
    String value = arguments.get(0);
    if (!call.getDistinct() && call.getLimit() == null) {
      return "string_agg(" + value + ", " + separator + order(call) + ")" + filter(call, null);
    }
    String list =
        "list("
            + (call.getDistinct() ? "DISTINCT " : "")
            + value
            + order(call)
            + ")"
            + filter(call, value + " IS NOT NULL");
    return "array_to_string(" + limited(call, list) + ", " + separator + ")";
  }

  private String array(ResolvedAggregateFunctionCall call, String values, String value) {
    boolean ignores = call.getNullHandlingModifier() == NullHandlingModifier.IGNORE_NULLS;
    String list =
        "list("
            + values
            + order(call)
            + ")"
            + filter(call, ignores ? value + " IS NOT NULL" : null);
    return limited(call, list);
  }

  private String limited(ResolvedAggregateFunctionCall call, String list) {
    return call.getLimit() == null
        ? list
        : "list_slice(" + list + ", 1, " + expression(call.getLimit()) + ")";
  }

  private static String refuse(String name, ResolvedAggregateFunctionCall call) {
    throw Refusals.function(name, call.getArgumentList());
  }

  private String expression(ResolvedExpr expression) {
    return translation.expressions().of(expression);
  }
}
