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
  private final Averages averages;

  Windows(Translation translation, ZetaFunctions zeta) {
    this.translation = translation;
    this.averages = new Averages(zeta);
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
        refuseOffsets(group, call.getWindowFrame());
        computed.put(column.getColumn().getId(), of(call, partition, order));
      }
    }
    return "SELECT "
        + Scans.list(scan.getColumnList(), column -> Scans.item(column, computed))
        + " FROM "
        + translation.scans().from(scan.getInputScan());
  }

  private static void refuseOffsets(
      ResolvedAnalyticFunctionGroup group, ResolvedWindowFrame frame) {
    boolean offsets =
        frame != null
            && frame.getFrameUnit() == FrameUnit.RANGE
            && (frame.getStartExpr().getExpression() != null
                || frame.getEndExpr().getExpression() != null);
    if (!offsets) {
      return;
    }
    Type type = group.getOrderBy().getOrderByItemList().get(0).getColumnRef().getType();
    if (Types.isDouble(type) || type.isBigNumeric()) {
      throw ApiException.notImplemented("RANGE with offsets over " + Types.name(type));
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
        return averages.sum(type, first, over);
      case "avg":
        return averages.average(type, first, over);
      case "min":
      case "max":
        return type.isStruct() || type.isArray()
            ? refuse(name, call)
            : Aggregates.extreme(name, first, type, over);
      case "any_value":
        return "any_value(" + first + ")" + over;
      case "logical_and":
      case "logical_or":
        return name.replace("logical", "bool") + "(" + first + ")" + over;
      case "percentile_cont":
        return Types.isDouble(type)
            ? Percentiles.continuous(first, arguments.get(1), nulls, partition)
            : refuse(name, call);
      case "percentile_disc":
        return Percentiles.discrete(type, first, arguments.get(1), nulls, partition);
      case "array_agg":
        return "list("
            + first
            + ")"
            + (ignore.isEmpty() ? "" : " FILTER (WHERE " + first + " IS NOT NULL)")
            + over;
      case "string_agg":
        return text(arguments, type, over);
      default:
        if (Statistics.isOne(name)) {
          List<Type> types = call.getArgumentList().stream().map(ResolvedExpr::getType).toList();
          return Statistics.of(name, types, arguments, "", over);
        }
        throw Refusals.function(name);
    }
  }

  /** DuckDB joins no bytes, but their digits. */
  private static String text(List<String> arguments, Type type, String over) {
    String value = arguments.get(0);
    String separator = arguments.size() > 1 ? arguments.get(1) : null;
    return type.isString()
        ? "string_agg(" + value + ", " + (separator == null ? "','" : separator) + ")" + over
        : "unhex(string_agg(hex("
            + value
            + "), "
            + (separator == null ? "'2C'" : "hex(" + separator + ")")
            + ")"
            + over
            + ")";
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
