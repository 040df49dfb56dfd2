package io.gkp.localbigquery.sql.select;

import com.google.protobuf.Message;
import com.google.zetasql.AnyResolvedScanProto;
import com.google.zetasql.ResolvedAggregateScanBaseProto;
import com.google.zetasql.ResolvedAggregateScanProto;
import com.google.zetasql.ResolvedAnalyticFunctionGroupProto;
import com.google.zetasql.ResolvedAnalyticScanProto;
import com.google.zetasql.ResolvedArrayScanProto;
import com.google.zetasql.ResolvedColumnProto;
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
import io.gkp.localbigquery.sql.analysis.Trees;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds out which rows of each table can matter, by carrying conditions down to the tables. Every
 * node is visited once, a CTE after all that reads it, with what any of its readers asks for.
 *
 * <p>A row may be left out only if the statement's result is the same without it: its condition
 * stands above it with nothing in between that looks at other rows, or only at rows that meet the
 * same condition (PARTITION BY, GROUP BY the tested column). The statement itself is not changed.
 */
final class Pushdown {
  private final Conditions conditions;
  private final Map<String, List<List<ColumnTest>>> tables = new HashMap<>();
  private final Map<String, RowTests> withReads = new HashMap<>();
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
    pushdown.visit(statement, RowTests.WHOLE);
    return pushdown.tables;
  }

  private void visit(AnyResolvedScanProto scan, RowTests tests) {
    visit(Trees.unwrap(scan), tests);
  }

  private void visit(Message node, RowTests tests) {
    if (node instanceof ResolvedTableScanProto scan) {
      table(scan, tests);
    } else if (node instanceof ResolvedFilterScanProto filter) {
      visit(filter.getFilterExpr(), RowTests.WHOLE);
      visit(filter.getInputScan(), tests.and(conditions.of(filter.getFilterExpr())));
    } else if (node instanceof ResolvedProjectScanProto project) {
      project.getExprListList().forEach(column -> visit(column, RowTests.WHOLE));
      visit(project.getInputScan(), tests.renamed(project.getExprListList()));
    } else if (node instanceof ResolvedOrderByScanProto order) {
      visit(order.getInputScan(), tests);
    } else if (node instanceof ResolvedArrayScanProto array && array.hasInputScan()) {
      array.getArrayExprListList().forEach(expression -> visit(expression, RowTests.WHOLE));
      visit(array.getJoinExpr(), RowTests.WHOLE);
      visit(array.getInputScan(), tests);
    } else if (node instanceof ResolvedAggregateScanProto aggregate) {
      aggregate(aggregate.getParent(), tests);
    } else if (node instanceof ResolvedAnalyticScanProto analytic) {
      analytic.getFunctionGroupListList().forEach(group -> visit(group, RowTests.WHOLE));
      visit(analytic.getInputScan(), tests.on(partitionColumns(analytic)));
    } else if (node instanceof ResolvedJoinScanProto join) {
      join(join, tests);
    } else if (node instanceof ResolvedSetOperationScanProto operation) {
      setOperation(operation, tests);
    } else if (node instanceof ResolvedWithScanProto with) {
      with(with, tests);
    } else if (node instanceof ResolvedWithRefScanProto reference) {
      List<ResolvedColumnProto> columns =
          withColumns.getOrDefault(reference.getWithQueryName(), List.of());
      withReads.merge(
          reference.getWithQueryName(),
          tests.mapped(reference.getParent().getColumnListList(), columns),
          RowTests::or);
    } else {
      Trees.children(node).forEach(child -> visit(child, RowTests.WHOLE));
    }
  }

  private void table(ResolvedTableScanProto scan, RowTests tests) {
    Map<Long, Long> positions = new HashMap<>();
    for (int i = 0; i < scan.getColumnIndexListCount(); i++) {
      positions.put(scan.getParent().getColumnList(i).getColumnId(), scan.getColumnIndexList(i));
    }
    tables
        .computeIfAbsent(scan.getTable().getName(), name -> new ArrayList<>())
        .addAll(tests.moved(positions::get).anyOf());
  }

  private void aggregate(ResolvedAggregateScanBaseProto aggregate, RowTests tests) {
    aggregate.getGroupByListList().forEach(column -> visit(column, RowTests.WHOLE));
    aggregate.getAggregateListList().forEach(column -> visit(column, RowTests.WHOLE));
    boolean plain =
        aggregate.getGroupingSetListCount() == 0 && aggregate.getRollupColumnListCount() == 0;
    Set<Long> grouped = new HashSet<>();
    if (plain) {
      aggregate
          .getGroupByListList()
          .forEach(column -> grouped.add(column.getColumn().getColumnId()));
    }
    visit(aggregate.getInputScan(), tests.on(grouped).renamed(aggregate.getGroupByListList()));
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
  private void join(ResolvedJoinScanProto join, RowTests tests) {
    visit(join.getJoinExpr(), RowTests.WHOLE);
    RowTests strict = tests.withoutNulls();
    List<ColumnTest> joined = join.hasJoinExpr() ? conditions.of(join.getJoinExpr()) : List.of();
    JoinType type = join.getJoinType();
    boolean leftKept = type == JoinType.LEFT || type == JoinType.FULL;
    boolean rightKept = type == JoinType.RIGHT || type == JoinType.FULL;
    RowTests left = rightKept ? strict : tests;
    RowTests right = leftKept ? strict : tests;
    visit(join.getLeftScan(), leftKept ? left : left.and(joined));
    visit(join.getRightScan(), rightKept ? right : right.and(joined));
  }

  private void setOperation(ResolvedSetOperationScanProto operation, RowTests tests) {
    boolean union =
        operation.getOpType() == SetOperationType.UNION_ALL
            || operation.getOpType() == SetOperationType.UNION_DISTINCT;
    for (ResolvedSetOperationItemProto item : operation.getInputItemListList()) {
      visit(
          item.getScan(),
          union
              ? tests.mapped(
                  operation.getParent().getColumnListList(), item.getOutputColumnListList())
              : RowTests.WHOLE);
    }
  }

  /** The analyzer lists a CTE before all that reads it. One that nobody reads is not evaluated. */
  private void with(ResolvedWithScanProto with, RowTests tests) {
    for (ResolvedWithEntryProto entry : with.getWithEntryListList()) {
      withColumns.put(entry.getWithQueryName(), Liveness.columns(entry.getWithSubquery()));
    }
    visit(with.getQuery(), tests);
    for (int i = with.getWithEntryListCount() - 1; i >= 0; i--) {
      ResolvedWithEntryProto entry = with.getWithEntryList(i);
      RowTests reads = withReads.get(entry.getWithQueryName());
      if (reads != null) {
        visit(entry.getWithSubquery(), reads);
      }
    }
  }
}
