package io.gkp.localbigquery.translate;

import com.google.zetasql.Type;
import com.google.zetasql.Value;
import com.google.zetasql.ZetaSQLType.TypeKind;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedAnalyticFunctionCall;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedAnalyticFunctionGroup;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedAnalyticScan;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedComputedColumnBase;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedExpr;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedLiteral;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedOrderByItem;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedParameter;
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
        String rows = hasOffsets(call.getWindowFrame()) ? orderOfRange(group, order) : order;
        computed.put(column.getColumn().getId(), of(call, partition, rows));
      }
    }
    return "SELECT "
        + Scans.list(scan.getColumnList(), column -> Scans.item(column, computed))
        + " FROM "
        + translation.scans().from(scan.getInputScan());
  }

  private static boolean hasOffsets(ResolvedWindowFrame frame) {
    return frame != null
        && frame.getFrameUnit() == FrameUnit.RANGE
        && (frame.getStartExpr().getExpression() != null
            || frame.getEndExpr().getExpression() != null);
  }

  /** Offsets are from one key. NaN is the smallest value, and no other is near it. */
  private String orderOfRange(ResolvedAnalyticFunctionGroup group, String order) {
    ResolvedOrderByItem item = group.getOrderBy().getOrderByItemList().get(0);
    Type type = item.getColumnRef().getType();
    if (type.isBigNumeric()) {
      throw ApiException.notImplemented("RANGE with offsets over " + Types.name(type));
    }
    return Types.isDouble(type)
        ? " ORDER BY "
            + translation
                .scans()
                .orderItem(item, "bq_range_key(" + expression(item.getColumnRef()) + ")")
        : order;
  }

  /** DuckDB looks the other way. */
  private void refuseNegativeOffset(String name, ResolvedAnalyticFunctionCall call) {
    if (call.getArgumentList().size() < 2) {
      return;
    }
    ResolvedExpr offset = call.getArgumentList().get(1);
    Value value =
        offset instanceof ResolvedLiteral literal
            ? literal.getValue()
            : offset instanceof ResolvedParameter parameter
                ? translation.expressions().value(parameter)
                : null;
    if (value != null && (value.isNull() || value.getInt64Value() < 0)) {
      throw ApiException.invalidQuery(
          "The offset to the function "
              + name.toUpperCase(Locale.ROOT)
              + " must not be null or negative");
    }
  }

  private String of(ResolvedAnalyticFunctionCall call, String partition, String order) {
    String name = Calls.name(call);
    List<String> arguments = call.getArgumentList().stream().map(this::expression).toList();
    String first = arguments.isEmpty() ? "" : arguments.get(0);
    Type type = arguments.isEmpty() ? null : call.getArgumentList().get(0).getType();
    NullHandlingModifier nulls = call.getNullHandlingModifier();
    String distinct = call.getDistinct() ? "DISTINCT " : "";
    String ignore = nulls == NullHandlingModifier.IGNORE_NULLS ? " IGNORE NULLS" : "";
    String frame = UNFRAMED.contains(name) ? "" : frame(call.getWindowFrame());
    String over = " OVER (" + partition + order + frame + ")";
    if (NUMBERING.contains(name)) {
      return name + "()" + over;
    }
    switch (name) {
      case "ntile":
        return "ntile(" + first + ")" + over;
      case "lead":
      case "lag":
        refuseNegativeOffset(name, call);
        return name + "(" + String.join(", ", arguments) + ignore + ")" + over;
      case "nth_value":
        return name + "(" + String.join(", ", arguments) + ignore + ")" + over;
      case "first_value":
      case "last_value":
        return name + "(" + first + ignore + ")" + over;
      case "$count_star":
        return "count(*)" + over;
      case "count":
        return "count(" + distinct + first + ")" + over;
      case "countif":
        return call.getDistinct()
            ? "count(DISTINCT CASE WHEN " + first + " THEN TRUE END)" + over
            : "count(*) FILTER (WHERE " + first + ")" + over;
      case "sum":
        return call.getDistinct() && type.getKind() == TypeKind.TYPE_INTERVAL
            ? refuse(name, call)
            : averages.sum(type, distinct + first, over);
      case "avg":
        return call.getDistinct() && type.getKind() == TypeKind.TYPE_INTERVAL
            ? refuse(name, call)
            : averages.average(type, distinct + first, over);
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
            + distinct
            + first
            + ")"
            + (ignore.isEmpty() ? "" : " FILTER (WHERE " + first + " IS NOT NULL)")
            + over;
      case "string_agg":
        return text(distinct, arguments, type, over);
      default:
        if (Statistics.isOne(name)) {
          List<Type> types = call.getArgumentList().stream().map(ResolvedExpr::getType).toList();
          return Statistics.of(name, types, arguments, distinct, over);
        }
        String same = Aggregates.SAME.get(name);
        if (same == null) {
          throw Refusals.function(name);
        }
        return type.isInt64() ? same + "(" + distinct + first + ")" + over : refuse(name, call);
    }
  }

  /** DuckDB joins no bytes, but their digits. */
  private static String text(String distinct, List<String> arguments, Type type, String over) {
    String value = arguments.get(0);
    String separator = arguments.size() > 1 ? arguments.get(1) : null;
    return type.isString()
        ? "string_agg("
            + distinct
            + value
            + ", "
            + (separator == null ? "','" : separator)
            + ")"
            + over
        : "unhex(string_agg("
            + distinct
            + "hex("
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
