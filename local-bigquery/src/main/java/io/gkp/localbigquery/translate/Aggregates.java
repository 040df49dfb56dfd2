package io.gkp.localbigquery.translate;

import com.google.zetasql.Type;
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
import java.util.Map;
import java.util.stream.Collectors;

/** GROUP BY and aggregate functions. */
final class Aggregates {
  /** Aggregates with the same name, arguments and result in both. */
  static final Map<String, String> SAME =
      Map.ofEntries(
          Map.entry("logical_and", "bool_and"),
          Map.entry("logical_or", "bool_or"),
          Map.entry("bit_and", "bit_and"),
          Map.entry("bit_or", "bit_or"),
          Map.entry("bit_xor", "bit_xor"),
          Map.entry("any_value", "any_value"));

  private final Translation translation;
  private final Averages averages;
  private final GroupedRows rows;

  Aggregates(Translation translation, ZetaFunctions zeta) {
    this.translation = translation;
    this.averages = new Averages(zeta);
    this.rows = new GroupedRows(translation);
  }

  String select(ResolvedAggregateScan scan) {
    Map<Long, String> computed = new LinkedHashMap<>();
    Map<Long, String> keys = new LinkedHashMap<>();
    for (ResolvedComputedColumn key : scan.getGroupByList()) {
      keys.put(key.getColumn().getId(), expression(key.getExpr()));
    }
    computed.putAll(keys);
    String from = rows.from(scan, keys.values());
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
        + from
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
    List<String> arguments = call.getArgumentList().stream().map(this::expression).toList();
    String first = arguments.isEmpty() ? "" : arguments.get(0);
    Type type = arguments.isEmpty() ? null : call.getArgumentList().get(0).getType();
    String distinct = call.getDistinct() && !rows.areDistinct(call) ? "DISTINCT " : "";
    String filter = filter(call, null);
    switch (name) {
      case "$count_star":
        return "count(*)" + filter;
      case "count":
        return "count(" + distinct + first + ")" + filter;
      case "countif":
        return call.getDistinct()
            ? "count(DISTINCT CASE WHEN " + first + " THEN TRUE END)" + filter
            : "count(*)" + filter(call, first);
      case "approx_count_distinct":
        return "count(DISTINCT " + first + ")" + filter;
      case "sum":
        return call.getDistinct() && type.getKind() == TypeKind.TYPE_INTERVAL
            ? refuse(name, call)
            : averages.sum(type, distinct + first, filter);
      case "avg":
        return call.getDistinct() && type.getKind() == TypeKind.TYPE_INTERVAL
            ? refuse(name, call)
            : averages.average(type, distinct + first, filter);
      case "min":
      case "max":
        return extreme(name, call, first, type, filter);
      case "string_agg":
        return text(call, arguments, type);
      case "array_agg":
        return array(call, distinct + first, first);
      case "array_concat_agg":
        String lists = "list(" + first + order(call) + ")" + filter(call, first + " IS NOT NULL");
        return "flatten(" + limited(call, lists) + ")";
      default:
        if (Statistics.isOne(name)) {
          List<Type> types = call.getArgumentList().stream().map(ResolvedExpr::getType).toList();
          return Statistics.of(name, types, arguments, distinct, filter);
        }
        String same = SAME.get(name);
        boolean exact =
            type != null && (type.isInt64() || type.isBool() || name.equals("any_value"));
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
    rows.condition(call).ifPresent(conditions::add);
    if (condition != null) {
      conditions.add(condition);
    }
    return conditions.isEmpty() ? "" : " FILTER (WHERE " + String.join(" AND ", conditions) + ")";
  }

  private String order(ResolvedAggregateFunctionCall call) {
    return call.getOrderByItemList().isEmpty()
        ? rows.order(call).map(number -> " ORDER BY " + number).orElse("")
        : " ORDER BY " + translation.scans().order(call.getOrderByItemList());
  }

  private String extreme(
      String name, ResolvedAggregateFunctionCall call, String value, Type type, String filter) {
    if (type.isStruct() || type.isArray()) {
      return refuse(name, call);
    }
    return extreme(name, value, type, filter);
  }

  /** MIN or MAX over what follows the call. NaN is the result wherever it is among the values. */
  static String extreme(String name, String value, Type type, String rows) {
    if (type.isRange()) {
      return "arg_%s(%s, bq_range_ordered(%s))%s".formatted(name, value, value, rows);
    }
    String extreme = name + "(" + value + ")" + rows;
    return Types.isDouble(type)
        ? "(CASE WHEN bool_or(isnan("
            + value
            + "))"
            + rows
            + " THEN CAST('nan' AS DOUBLE) ELSE "
            + extreme
            + " END)"
        : extreme;
  }

  private String text(ResolvedAggregateFunctionCall call, List<String> arguments, Type type) {
    String separator = arguments.size() > 1 ? arguments.get(1) : type.isString() ? "','" : "'2C'";
    String value = arguments.get(0);
    if (type.isBytes()) {
      // DuckDB joins no bytes, but their digits.
      value = "hex(" + value + ")";
      separator = arguments.size() > 1 ? "hex(" + separator + ")" : separator;
    }
    String joined = joined(call, value, separator);
    return type.isBytes() ? "unhex(" + joined + ")" : joined;
  }

  private String joined(ResolvedAggregateFunctionCall call, String value, String separator) {
    boolean distinct = call.getDistinct() && !rows.areDistinct(call);
    if (!distinct && call.getLimit() == null) {
      return "string_agg(" + value + ", " + separator + order(call) + ")" + filter(call, null);
    }
    String list =
        "list("
            + (distinct ? "DISTINCT " : "")
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
