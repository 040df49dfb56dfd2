package io.gkp.localbigquery.sql;

import com.google.protobuf.Message;
import com.google.zetasql.AnyResolvedScanProto;
import com.google.zetasql.ResolvedAggregateScanBaseProto;
import com.google.zetasql.ResolvedAggregateScanProto;
import com.google.zetasql.ResolvedAnalyticFunctionGroupProto;
import com.google.zetasql.ResolvedAnalyticScanProto;
import com.google.zetasql.ResolvedArrayScanProto;
import com.google.zetasql.ResolvedColumnProto;
import com.google.zetasql.ResolvedColumnRefProto;
import com.google.zetasql.ResolvedComputedColumnProto;
import com.google.zetasql.ResolvedFilterScanProto;
import com.google.zetasql.ResolvedJoinScanProto;
import com.google.zetasql.ResolvedOrderByScanProto;
import com.google.zetasql.ResolvedProjectScanProto;
import com.google.zetasql.ResolvedSetOperationItemProto;
import com.google.zetasql.ResolvedSetOperationScanProto;
import com.google.zetasql.ResolvedTableScanProto;
import com.google.zetasql.ResolvedWithEntryProto;
import com.google.zetasql.ResolvedWithRefScanProto;
import com.google.zetasql.ResolvedWithScanProto;
import com.google.zetasql.resolvedast.ResolvedJoinScanEnums.JoinType;
import com.google.zetasql.resolvedast.ResolvedSetOperationScanEnums.SetOperationType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds out which rows of each table can matter, by carrying conditions down to the tables.
 *
 * <p>A row may be left out only if the statement's result is the same without it: its condition
 * stands above it with nothing in between that looks at other rows, or only at rows that meet the
 * same condition (PARTITION BY, GROUP BY the tested column). The statement itself is not changed.
 */
final class Pushdown {
  /** A CTE that is read more often is read whole. */
  private static final int MAX_ALTERNATIVES = 8;

  private final Conditions conditions;
  private final Map<String, List<List<ColumnTest>>> tables = new HashMap<>();
  private final Map<String, List<List<ColumnTest>>> withReads = new HashMap<>();
  private final Map<String, List<ResolvedColumnProto>> withColumns = new HashMap<>();

  private Pushdown(Conditions conditions) {
    this.conditions = conditions;
  }

  /**
   * By the name of the table: a row matters if it passes all tests of one of the lists. Tests name
   * columns by their position in the table.
   */
  static Map<String, List<List<ColumnTest>>> of(Message statement, Conditions conditions) {
    Pushdown pushdown = new Pushdown(conditions);
    pushdown.visit(statement, List.of());
    return pushdown.tables;
  }

  private void visit(AnyResolvedScanProto scan, List<ColumnTest> tests) {
    visit(Trees.unwrap(scan), tests);
  }

  private void visit(Message node, List<ColumnTest> tests) {
    if (node instanceof ResolvedTableScanProto scan) {
      table(scan, tests);
    } else if (node instanceof ResolvedFilterScanProto filter) {
      visit(filter.getFilterExpr(), List.of());
      visit(filter.getInputScan(), and(tests, conditions.of(filter.getFilterExpr())));
    } else if (node instanceof ResolvedProjectScanProto project) {
      project.getExprListList().forEach(column -> visit(column, List.of()));
      visit(project.getInputScan(), renamed(tests, project.getExprListList()));
    } else if (node instanceof ResolvedOrderByScanProto order) {
      visit(order.getInputScan(), tests);
    } else if (node instanceof ResolvedArrayScanProto array && array.hasInputScan()) {
      array.getArrayExprListList().forEach(expression -> visit(expression, List.of()));
      visit(array.getJoinExpr(), List.of());
      visit(array.getInputScan(), tests);
    } else if (node instanceof ResolvedAggregateScanProto aggregate) {
      aggregate(aggregate.getParent(), tests);
    } else if (node instanceof ResolvedAnalyticScanProto analytic) {
      analytic.getFunctionGroupListList().forEach(group -> visit(group, List.of()));
      visit(analytic.getInputScan(), on(tests, partitionColumns(analytic)));
    } else if (node instanceof ResolvedJoinScanProto join) {
      join(join, tests);
    } else if (node instanceof ResolvedSetOperationScanProto operation) {
      setOperation(operation, tests);
    } else if (node instanceof ResolvedWithScanProto with) {
      with(with, tests);
    } else if (node instanceof ResolvedWithRefScanProto reference) {
      List<ResolvedColumnProto> columns =
          withColumns.getOrDefault(reference.getWithQueryName(), List.of());
      withReads
          .computeIfAbsent(reference.getWithQueryName(), name -> new ArrayList<>())
          .add(mapped(tests, reference.getParent().getColumnListList(), columns));
    } else {
      Trees.children(node).forEach(child -> visit(child, List.of()));
    }
  }

  private void table(ResolvedTableScanProto scan, List<ColumnTest> tests) {
    List<ColumnTest> own = new ArrayList<>();
    for (ColumnTest test : tests) {
      for (int i = 0; i < scan.getColumnIndexListCount(); i++) {
        if (scan.getParent().getColumnList(i).getColumnId() == test.column()) {
          own.add(test.on(scan.getColumnIndexList(i)));
        }
      }
    }
    tables.computeIfAbsent(scan.getTable().getName(), name -> new ArrayList<>()).add(own);
  }

  private void aggregate(ResolvedAggregateScanBaseProto aggregate, List<ColumnTest> tests) {
    aggregate.getGroupByListList().forEach(column -> visit(column, List.of()));
    aggregate.getAggregateListList().forEach(column -> visit(column, List.of()));
    boolean plain =
        aggregate.getGroupingSetListCount() == 0 && aggregate.getRollupColumnListCount() == 0;
    List<ColumnTest> below = new ArrayList<>();
    if (plain) {
      for (ResolvedComputedColumnProto column : aggregate.getGroupByListList()) {
        below.addAll(renamed(on(tests, Set.of(column.getColumn().getColumnId())), List.of(column)));
      }
    }
    visit(aggregate.getInputScan(), below);
  }

  private static Set<Long> partitionColumns(ResolvedAnalyticScanProto analytic) {
    Set<Long> inAll = null;
    for (ResolvedAnalyticFunctionGroupProto group : analytic.getFunctionGroupListList()) {
      Set<Long> columns = new HashSet<>();
      group
          .getPartitionBy()
          .getPartitionByListList()
          .forEach(column -> columns.add(column.getColumn().getColumnId()));
      if (inAll == null) {
        inAll = columns;
      } else {
        inAll.retainAll(columns);
      }
    }
    return inAll == null ? Set.of() : inAll;
  }

  /** A test that NULL fails may pass an outer join: what it makes NULL fails above. */
  private void join(ResolvedJoinScanProto join, List<ColumnTest> tests) {
    visit(join.getJoinExpr(), List.of());
    List<ColumnTest> strict = tests.stream().filter(test -> !test.isNull()).toList();
    List<ColumnTest> joined = join.hasJoinExpr() ? conditions.of(join.getJoinExpr()) : List.of();
    JoinType type = join.getJoinType();
    boolean leftKept = type == JoinType.LEFT || type == JoinType.FULL;
    boolean rightKept = type == JoinType.RIGHT || type == JoinType.FULL;
    List<ColumnTest> left = rightKept ? strict : tests;
    List<ColumnTest> right = leftKept ? strict : tests;
    visit(join.getLeftScan(), leftKept ? left : and(left, joined));
    visit(join.getRightScan(), rightKept ? right : and(right, joined));
  }

  private void setOperation(ResolvedSetOperationScanProto operation, List<ColumnTest> tests) {
    boolean union =
        operation.getOpType() == SetOperationType.UNION_ALL
            || operation.getOpType() == SetOperationType.UNION_DISTINCT;
    for (ResolvedSetOperationItemProto item : operation.getInputItemListList()) {
      visit(
          item.getScan(),
          union
              ? mapped(
                  tests, operation.getParent().getColumnListList(), item.getOutputColumnListList())
              : List.of());
    }
  }

  /** CTEs after what reads them, which may be another CTE. */
  private void with(ResolvedWithScanProto with, List<ColumnTest> tests) {
    Map<String, AnyResolvedScanProto> open = new LinkedHashMap<>();
    for (ResolvedWithEntryProto entry : with.getWithEntryListList()) {
      withColumns.put(entry.getWithQueryName(), Liveness.columns(entry.getWithSubquery()));
      open.put(entry.getWithQueryName(), entry.getWithSubquery());
    }
    visit(with.getQuery(), tests);
    Map<String, Integer> done = new HashMap<>();
    boolean found = true;
    while (found) {
      found = false;
      for (Map.Entry<String, AnyResolvedScanProto> entry : open.entrySet()) {
        List<List<ColumnTest>> reads = withReads.getOrDefault(entry.getKey(), List.of());
        int seen = done.getOrDefault(entry.getKey(), 0);
        if (seen < reads.size() && seen < MAX_ALTERNATIVES) {
          found = true;
          done.put(entry.getKey(), seen + 1);
          boolean last = seen + 1 == MAX_ALTERNATIVES;
          visit(entry.getValue(), last ? List.of() : reads.get(seen));
        }
      }
    }
  }

  private static List<ColumnTest> and(List<ColumnTest> some, List<ColumnTest> more) {
    List<ColumnTest> all = new ArrayList<>(some);
    all.addAll(more);
    return all;
  }

  private static List<ColumnTest> on(List<ColumnTest> tests, Set<Long> columns) {
    return tests.stream().filter(test -> columns.contains(test.column())).toList();
  }

  /** Follows columns that are mere copies. */
  private static List<ColumnTest> renamed(
      List<ColumnTest> tests, List<ResolvedComputedColumnProto> computed) {
    Map<Long, Message> expressions = new HashMap<>();
    computed.forEach(
        column ->
            expressions.put(column.getColumn().getColumnId(), Trees.unwrap(column.getExpr())));
    List<ColumnTest> below = new ArrayList<>();
    for (ColumnTest test : tests) {
      Message expression = expressions.get(test.column());
      if (expression == null) {
        below.add(test);
      } else if (expression instanceof ResolvedColumnRefProto copied) {
        below.add(test.on(copied.getColumn().getColumnId()));
      }
    }
    return below;
  }

  private static List<ColumnTest> mapped(
      List<ColumnTest> tests, List<ResolvedColumnProto> from, List<ResolvedColumnProto> to) {
    List<ColumnTest> below = new ArrayList<>();
    for (ColumnTest test : tests) {
      for (int i = 0; i < from.size() && from.size() == to.size(); i++) {
        if (from.get(i).getColumnId() == test.column()) {
          below.add(test.on(to.get(i).getColumnId()));
        }
      }
    }
    return below;
  }
}
