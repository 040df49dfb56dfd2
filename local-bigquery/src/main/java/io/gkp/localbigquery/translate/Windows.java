package io.gkp.localbigquery.translate;

import com.google.zetasql.Type;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedAnalyticFunctionCall;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedAnalyticFunctionGroup;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedAnalyticScan;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedComputedColumnBase;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedExpr;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedWindowFrame;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedWindowFrameExpr;
import com.google.zetasql.resolvedast.ResolvedNonScalarFunctionCallBaseEnums.NullHandlingModifier;
import com.google.zetasql.resolvedast.ResolvedWindowFrameEnums.FrameUnit;
import io.gkp.localbigquery.api.ApiException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Window functions. */
final class Windows {
  private static final Set<String> NUMBERING =
      Set.of("row_number", "rank", "dense_rank", "percent_rank", "cume_dist");
  private static final Set<String> UNFRAMED =
      Set.of(
          "row_number", "rank", "dense_rank", "percent_rank", "cume_dist", "ntile", "lead", "lag");

  private final Translation translation;
  private final ZetaFunctions zeta;

  Windows(Translation translation, ZetaFunctions zeta) {
    this.translation = translation;
    this.zeta = zeta;
  }

  String select(ResolvedAnalyticScan scan) {
    Map<Long, String> computed = new HashMap<>();
    for (ResolvedAnalyticFunctionGroup group : scan.getFunctionGroupList()) {
      String partition =
          group.getPartitionBy() == null
              ? ""
              : group.getPartitionBy().getPartitionByList().stream()
                  .map(this::expression)
                  .collect(Collectors.joining(", ", "PARTITION BY ", ""));
      String order =
          group.getOrderBy() == null
              ? ""
              : " ORDER BY " + translation.scans().order(group.getOrderBy().getOrderByItemList());
      for (ResolvedComputedColumnBase column : group.getAnalyticFunctionList()) {
        ResolvedAnalyticFunctionCall call = (ResolvedAnalyticFunctionCall) column.getExpr();
        refuseOffsetsOverDoubles(group, call.getWindowFrame());
        computed.put(column.getColumn().getId(), of(call, partition, order));
      }
    }
    return "SELECT "
        + Scans.list(scan.getColumnList(), column -> Scans.item(column, computed))
        + " FROM "
        + translation.scans().from(scan.getInputScan());
  }

  private static void refuseOffsetsOverDoubles(
      ResolvedAnalyticFunctionGroup group, ResolvedWindowFrame frame) {
    boolean offsets =
        frame != null
            && frame.getFrameUnit() == FrameUnit.RANGE
            && (frame.getStartExpr().getExpression() != null
                || frame.getEndExpr().getExpression() != null);
    if (offsets
        && Types.isDouble(
            group.getOrderBy().getOrderByItemList().get(0).getColumnRef().getType())) {
      throw ApiException.notImplemented("RANGE with offsets over FLOAT64");
    }
  }

  private String of(ResolvedAnalyticFunctionCall call, String partition, String order) {
    String name = Calls.name(call);
    List<String> arguments = call.getArgumentList().stream().map(this::expression).toList();
    String first = arguments.isEmpty() ? "" : arguments.get(0);
    Type type = arguments.isEmpty() ? null : call.getArgumentList().get(0).getType();
    NullHandlingModifier nulls = call.getNullHandlingModifier();
    String ignore = nulls == NullHandlingModifier.IGNORE_NULLS ? " IGNORE NULLS" : "";
    String frame = UNFRAMED.contains(name) ? "" : frame(call.getWindowFrame());
    String over = " OVER (" + partition + order + frame + ")";
    if (NUMBERING.contains(name)) {
      return name + "()" + over;
    }
    if (call.getDistinct() && !name.equals("count")) {
      throw ApiException.notImplemented("DISTINCT in " + name.toUpperCase(Locale.ROOT) + " OVER");
    }
    switch (name) {
      case "ntile":
        return "ntile(" + first + ")" + over;
      case "lead":
      case "lag":
      case "nth_value":
        return name + "(" + String.join(", ", arguments) + ignore + ")" + over;
      case "first_value":
      case "last_value":
        return name + "(" + first + ignore + ")" + over;
      case "$count_star":
        return "count(*)" + over;
      case "count":
        return "count(" + (call.getDistinct() ? "DISTINCT " : "") + first + ")" + over;
      case "countif":
        return "count(*) FILTER (WHERE " + first + ")" + over;
      case "sum":
        String sum = "sum(" + first + ")" + over;
        return type.isInt64()
            ? "bq_int64(" + sum + ")"
            : type.isNumeric() ? "bq_numeric(" + sum + ")" : sum;
      case "avg":
        return type.isInt64() || type.isDouble()
            ? "avg(" + first + ")" + over
            : average(call, type, first, over);
      case "min":
      case "max":
        return Types.isDouble(type)
            ? "(CASE WHEN bool_or(isnan("
                + first
                + "))"
                + over
                + " THEN CAST('nan' AS DOUBLE) ELSE "
                + name
                + "("
                + first
                + ")"
                + over
                + " END)"
            : name + "(" + first + ")" + over;
      case "any_value":
      case "stddev_samp", "stddev_pop", "var_samp", "var_pop":
        return name + "(" + first + ")" + over;
      case "stddev":
      case "variance":
        return (name.equals("stddev") ? "stddev_samp(" : "var_samp(") + first + ")" + over;
      case "logical_and":
      case "logical_or":
        return name.replace("logical", "bool") + "(" + first + ")" + over;
      case "percentile_cont":
        return Types.isDouble(type) && nulls != NullHandlingModifier.RESPECT_NULLS
            ? "bq_percentile(list_sort(list("
                + first
                + ") FILTER (WHERE "
                + first
                + " IS NOT NULL) OVER ("
                + partition
                + ")), "
                + arguments.get(1)
                + ")"
            : refuse(name, call);
      case "percentile_disc":
        return nulls != NullHandlingModifier.RESPECT_NULLS
            ? "quantile_disc(" + String.join(", ", arguments) + ") OVER (" + partition + ")"
            : refuse(name, call);
      case "array_agg":
        return "list("
            + first
            + ")"
            + (ignore.isEmpty() ? "" : " FILTER (WHERE " + first + " IS NOT NULL)")
            + over;
      case "string_agg":
        return type.isString()
            ? "string_agg("
                + first
                + ", "
                + (arguments.size() > 1 ? arguments.get(1) : "','")
                + ")"
                + over
            : refuse(name, call);
      default:
        throw Refusals.function(name);
    }
  }

  private String average(ResolvedAnalyticFunctionCall call, Type type, String value, String over) {
    if (!type.isNumeric()) {
      return refuse("avg", call);
    }
    return zeta.call(
        "a0 / a1",
        List.of(type, type),
        List.of(
            "CAST(sum(" + value + ")" + over + " AS DECIMAL(38,9))",
            "CAST(nullif(count(" + value + ")" + over + ", 0) AS DECIMAL(38,9))"),
        type);
  }

  private String frame(ResolvedWindowFrame frame) {
    return frame == null
        ? ""
        : (frame.getFrameUnit() == FrameUnit.ROWS ? " ROWS" : " RANGE")
            + " BETWEEN "
            + bound(frame.getStartExpr())
            + " AND "
            + bound(frame.getEndExpr());
  }

  private String bound(ResolvedWindowFrameExpr bound) {
    return switch (bound.getBoundaryType()) {
      case UNBOUNDED_PRECEDING -> "UNBOUNDED PRECEDING";
      case UNBOUNDED_FOLLOWING -> "UNBOUNDED FOLLOWING";
      case CURRENT_ROW -> "CURRENT ROW";
      case OFFSET_PRECEDING -> expression(bound.getExpression()) + " PRECEDING";
      default -> expression(bound.getExpression()) + " FOLLOWING";
    };
  }

  private static String refuse(String name, ResolvedAnalyticFunctionCall call) {
    throw Refusals.function(name, call.getArgumentList());
  }

  private String expression(ResolvedExpr expression) {
    return translation.expressions().of(expression);
  }
}
