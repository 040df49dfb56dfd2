package io.gkp.localbigquery.translate;

import com.google.zetasql.Value;
import com.google.zetasql.resolvedast.ResolvedColumn;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedAggregateScan;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedAnalyticScan;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedArrayScan;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedAssertScan;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedComputedColumn;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedExpr;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedFilterScan;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedJoinScan;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedLimitOffsetScan;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedLiteral;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedOrderByItem;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedOrderByScan;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedParameter;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedProjectScan;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedRecursiveRefScan;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedRecursiveScan;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedSampleScan;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedScan;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedSetOperationItem;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedSetOperationScan;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedSingleRowScan;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedTableScan;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedWithEntry;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedWithRefScan;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedWithScan;
import com.google.zetasql.resolvedast.ResolvedOrderByItemEnums.NullOrderMode;
import com.google.zetasql.resolvedast.ResolvedRecursiveScanEnums.RecursiveSetOperationType;
import com.google.zetasql.resolvedast.ResolvedSampleScanEnums.SampleUnit;
import com.google.zetasql.resolvedast.ResolvedSetOperationScanEnums.SetOperationType;
import io.gkp.localbigquery.api.ApiException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Scans as SELECTs, whose columns are called {@code c} and the number that the analyzer gave them.
 */
final class Scans {
  /** A SELECT needs a column, also where nobody reads one. */
  private static final String NONE = "1 AS none";

  private final Translation translation;
  private final Deque<String> recursive = new ArrayDeque<>();

  Scans(Translation translation) {
    this.translation = translation;
  }

  static String name(ResolvedColumn column) {
    return "c" + column.getId();
  }

  /** The scan as an item of FROM. */
  String from(ResolvedScan scan) {
    return "(" + select(scan) + ") AS " + translation.alias("s");
  }

  String select(ResolvedScan scan) {
    if (scan instanceof ResolvedSingleRowScan) {
      return "SELECT " + NONE;
    }
    if (scan instanceof ResolvedTableScan table) {
      return table(table);
    }
    if (scan instanceof ResolvedProjectScan project) {
      return project(project);
    }
    if (scan instanceof ResolvedFilterScan filter) {
      return columns(scan)
          + " FROM "
          + from(filter.getInputScan())
          + " WHERE "
          + expression(filter.getFilterExpr());
    }
    if (scan instanceof ResolvedJoinScan join) {
      return join(join);
    }
    if (scan instanceof ResolvedWithScan with) {
      return with(with);
    }
    if (scan instanceof ResolvedWithRefScan reference) {
      return renamed(reference.getColumnList(), quoted(reference.getWithQueryName()));
    }
    if (scan instanceof ResolvedRecursiveRefScan reference) {
      return renamed(reference.getColumnList(), recursive.peek());
    }
    if (scan instanceof ResolvedAggregateScan aggregate) {
      return translation.aggregates().select(aggregate);
    }
    if (scan instanceof ResolvedAnalyticScan analytic) {
      return translation.windows().select(analytic);
    }
    if (scan instanceof ResolvedSetOperationScan operation) {
      return setOperation(operation);
    }
    if (scan instanceof ResolvedOrderByScan || scan instanceof ResolvedLimitOffsetScan) {
      return ordered(scan, list(scan.getColumnList()));
    }
    if (scan instanceof ResolvedArrayScan array) {
      return new ArrayScans(translation, this).select(array);
    }
    if (scan instanceof ResolvedSampleScan sample) {
      return sample(sample);
    }
    if (scan instanceof ResolvedAssertScan check) {
      return columns(scan)
          + " FROM "
          + from(check.getInputScan())
          + " WHERE CASE WHEN "
          + expression(check.getCondition())
          + " THEN TRUE ELSE error('Assertion failed: ' || "
          + expression(check.getMessage())
          + ") END";
    }
    throw Refusals.node(scan);
  }

  /** As {@link #select}, of this list; an ORDER BY at the top stays at the top. */
  String ordered(ResolvedScan scan, String list) {
    if (scan instanceof ResolvedOrderByScan order) {
      return "SELECT " + list + " FROM " + from(order.getInputScan()) + orderBy(order);
    }
    if (scan instanceof ResolvedLimitOffsetScan limit) {
      return limit.getInputScan() instanceof ResolvedOrderByScan order
          ? "SELECT " + list + " FROM " + from(order.getInputScan()) + orderBy(order) + limit(limit)
          : "SELECT " + list + " FROM " + from(limit.getInputScan()) + limit(limit);
    }
    if (scan instanceof ResolvedProjectScan project && project.getExprList().isEmpty()) {
      return ordered(project.getInputScan(), list);
    }
    return "SELECT " + list + " FROM " + from(scan);
  }

  private String orderBy(ResolvedOrderByScan order) {
    return " ORDER BY " + order(order.getOrderByItemList());
  }

  private String limit(ResolvedLimitOffsetScan scan) {
    return (scan.getLimit() == null ? "" : " LIMIT " + expression(scan.getLimit()))
        + (scan.getOffset() == null ? "" : " OFFSET " + expression(scan.getOffset()));
  }

  /** The items of ORDER BY. NULL is the smallest value, and NaN the next one. */
  String order(List<ResolvedOrderByItem> items) {
    return items.stream().map(this::orderItem).collect(Collectors.joining(", "));
  }

  private String orderItem(ResolvedOrderByItem item) {
    String value = expression(item.getColumnRef());
    if (item.getCollationName() != null) {
      return orderItem(item, collated(value, constant(item.getCollationName())));
    }
    // NaN is the greatest value in DuckDB.
    if (item.getColumnRef().getType().isRange()) {
      return orderItem(item, "bq_range_ordered(" + value + ")");
    }
    return Types.isDouble(item.getColumnRef().getType())
        ? orderItem(item, "NOT isnan(" + value + ")") + ", " + orderItem(item, value)
        : orderItem(item, value);
  }

  private static String collated(String value, String collation) {
    return switch (collation) {
      case "", "binary" -> value;
      case "und:ci" -> "bq_und_ci(" + value + ")";
      default -> throw ApiException.notImplemented("COLLATE '" + collation + "'");
    };
  }

  private String constant(ResolvedExpr text) {
    Value value =
        text instanceof ResolvedParameter parameter
            ? translation.expressions().value(parameter)
            : ((ResolvedLiteral) text).getValue();
    return value.isNull() ? "" : value.getStringValue();
  }

  /** This value, in the item's direction. */
  String orderItem(ResolvedOrderByItem item, String value) {
    boolean nullsFirst =
        item.getNullOrder() == NullOrderMode.NULLS_FIRST
            || item.getNullOrder() != NullOrderMode.NULLS_LAST && !item.getIsDescending();
    return value
        + (item.getIsDescending() ? " DESC" : " ASC")
        + (nullsFirst ? " NULLS FIRST" : " NULLS LAST");
  }

  String columns(ResolvedScan scan) {
    return "SELECT " + list(scan.getColumnList());
  }

  private static String list(List<ResolvedColumn> columns) {
    return list(columns, Scans::name);
  }

  /** A select list; never empty. */
  static String list(List<ResolvedColumn> columns, Function<ResolvedColumn, String> item) {
    return columns.isEmpty() ? NONE : columns.stream().map(item).collect(Collectors.joining(", "));
  }

  private String table(ResolvedTableScan scan) {
    long table = ResolvedAst.number(scan.getTable());
    List<String> columns = new ArrayList<>();
    for (int i = 0; i < scan.getColumnList().size(); i++) {
      int position = scan.getColumnIndexList().get(i).intValue();
      columns.add(
          translation.sources().column(table, position)
              + " AS "
              + name(scan.getColumnList().get(i)));
    }
    return "SELECT "
        + (columns.isEmpty() ? NONE : String.join(", ", columns))
        + " FROM "
        + translation.sources().from(table);
  }

  private String project(ResolvedProjectScan project) {
    Map<Long, String> computed = new HashMap<>();
    for (ResolvedComputedColumn column : project.getExprList()) {
      computed.put(column.getColumn().getId(), expression(column.getExpr()));
    }
    String list = list(project.getColumnList(), column -> item(column, computed));
    return "SELECT "
        + list
        + (project.getInputScan() instanceof ResolvedSingleRowScan
            ? ""
            : " FROM " + from(project.getInputScan()));
  }

  /** A column, computed here or passed on. */
  static String item(ResolvedColumn column, Map<Long, String> computed) {
    String value = computed.get(column.getId());
    return value == null ? name(column) : value + " AS " + name(column);
  }

  private String join(ResolvedJoinScan join) {
    ResolvedExpr condition = join.getJoinExpr();
    String kind =
        switch (join.getJoinType()) {
          case LEFT -> " LEFT JOIN ";
          case RIGHT -> " RIGHT JOIN ";
          case FULL -> " FULL JOIN ";
          default -> condition == null ? " CROSS JOIN " : " JOIN ";
        };
    String tables = columns(join) + " FROM ";
    String left = from(join.getLeftScan());
    String right = from(join.getRightScan());
    if (kind.equals(" CROSS JOIN ") || kind.equals(" JOIN ") || join.getIsLateral()) {
      String on =
          kind.equals(" CROSS JOIN ")
              ? ""
              : " ON " + (condition == null ? "TRUE" : expression(condition));
      return tables + left + kind + (join.getIsLateral() ? "LATERAL " : "") + right + on;
    }
    OuterJoin parts = OuterJoin.of(join);
    if (parts.isOfBothSides()) {
      return tables + left + kind + right + " ON " + conjunction(parts.both());
    }
    String one = translation.alias("j");
    String other = translation.alias("j");
    return tables
        + marked(left, parts.left(), one)
        + kind
        + marked(right, parts.right(), other)
        + " ON %s = %s AND ".formatted(one, other)
        + conjunction(parts.both());
  }

  /** A side of a join with a column that is TRUE in the rows which may find a partner. */
  private String marked(String side, List<ResolvedExpr> conditions, String mark) {
    return "(SELECT *, CASE WHEN %s THEN TRUE END AS %s FROM %s) AS %s"
        .formatted(conjunction(conditions), mark, side, translation.alias("s"));
  }

  private String conjunction(List<ResolvedExpr> conditions) {
    return conditions.isEmpty()
        ? "TRUE"
        : conditions.stream()
            .map(condition -> "(" + expression(condition) + ")")
            .collect(Collectors.joining(" AND "));
  }

  /** Columns of a CTE and of set operations go by position: x0, x1 ... */
  private static String renamed(List<ResolvedColumn> columns, String from) {
    List<String> items = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      items.add("x" + i + " AS " + name(columns.get(i)));
    }
    return "SELECT " + (items.isEmpty() ? NONE : String.join(", ", items)) + " FROM " + from;
  }

  private static String positional(List<ResolvedColumn> columns) {
    List<String> items = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      items.add(name(columns.get(i)) + " AS x" + i);
    }
    return items.isEmpty() ? NONE : String.join(", ", items);
  }

  private String with(ResolvedWithScan with) {
    List<String> entries = new ArrayList<>();
    for (ResolvedWithEntry entry : with.getWithEntryList()) {
      String name = quoted(entry.getWithQueryName());
      String body;
      if (entry.getWithSubquery() instanceof ResolvedRecursiveScan scan) {
        if (scan.getRecursionDepthModifier() != null) {
          throw ApiException.notImplemented("WITH DEPTH");
        }
        recursive.push(name);
        body = recursive(scan, name);
        recursive.pop();
      } else {
        ResolvedScan scan = entry.getWithSubquery();
        body = ordered(scan, positional(scan.getColumnList()));
      }
      entries.add(name + " AS (" + body + ")");
    }
    return "WITH "
        + (with.getRecursive() ? "RECURSIVE " : "")
        + String.join(",\n", entries)
        + "\n"
        + select(with.getQuery());
  }

  /** Rows that are distinct come to an end. Others are counted in rounds, of which few go on. */
  private String recursive(ResolvedRecursiveScan scan, String name) {
    String first = operand(scan.getNonRecursiveTerm());
    String next = operand(scan.getRecursiveTerm());
    if (scan.getOpType() != RecursiveSetOperationType.UNION_ALL) {
      return first + " UNION " + next;
    }
    String round = translation.alias("r");
    return "SELECT *, 0 AS %s FROM (%s) UNION ALL SELECT *, %s FROM (%s)"
        .formatted(
            round, first, "(SELECT bq_iteration(max(%s)) FROM %s)".formatted(round, name), next);
  }

  private String operand(ResolvedSetOperationItem item) {
    return "SELECT " + positional(item.getOutputColumnList()) + " FROM " + from(item.getScan());
  }

  private String setOperation(ResolvedSetOperationScan operation) {
    String operator =
        switch (operation.getOpType()) {
          case UNION_ALL -> " UNION ALL ";
          case UNION_DISTINCT -> " UNION ";
          case INTERSECT_ALL -> " INTERSECT ALL ";
          case INTERSECT_DISTINCT -> " INTERSECT ";
          case EXCEPT_ALL -> " EXCEPT ALL ";
          default -> " EXCEPT ";
        };
    List<String> operands = operation.getInputItemList().stream().map(this::operand).toList();
    String all = isWrittenOut(operation) ? inOrder(operands) : String.join(operator, operands);
    return renamed(operation.getColumnList(), "(" + all + ") AS " + translation.alias("u"));
  }

  /**
   * Whether the rows are those of the text alone: one SELECT without FROM for each. BigQuery has
   * them in the order of the text.
   */
  private static boolean isWrittenOut(ResolvedScan scan) {
    if (scan instanceof ResolvedProjectScan project) {
      return isWrittenOut(project.getInputScan());
    }
    return scan instanceof ResolvedSingleRowScan
        || scan instanceof ResolvedSetOperationScan operation
            && operation.getOpType() == SetOperationType.UNION_ALL
            && operation.getInputItemList().stream().allMatch(item -> isWrittenOut(item.getScan()));
  }

  /** DuckDB hands the branches of a union to an aggregate function in any order. */
  private String inOrder(List<String> operands) {
    String number = translation.alias("n");
    List<String> numbered = new ArrayList<>();
    for (String operand : operands) {
      numbered.add(
          "SELECT *, %d AS %s FROM (%s) AS %s"
              .formatted(numbered.size(), number, operand, translation.alias("s")));
    }
    return "SELECT * FROM (%s) AS %s ORDER BY %s"
        .formatted(String.join(" UNION ALL ", numbered), translation.alias("u"), number);
  }

  private String sample(ResolvedSampleScan sample) {
    String size = expression(sample.getSize());
    // DuckDB's own samples take a number that is written out.
    return columns(sample)
        + " FROM "
        + from(sample.getInputScan())
        + (sample.getUnit() == SampleUnit.PERCENT
            ? " WHERE random() * 100 < " + size
            : " ORDER BY random() LIMIT " + size);
  }

  private String expression(ResolvedExpr expression) {
    return translation.expressions().of(expression);
  }

  private static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }
}
