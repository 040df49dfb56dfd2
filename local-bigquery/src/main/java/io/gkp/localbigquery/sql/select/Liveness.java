package io.gkp.localbigquery.sql.select;

import com.google.protobuf.Message;
import com.google.zetasql.AnyResolvedComputedColumnBaseProto;
import com.google.zetasql.AnyResolvedScanProto;
import com.google.zetasql.ResolvedAggregateScanProto;
import com.google.zetasql.ResolvedAnalyticFunctionGroupProto;
import com.google.zetasql.ResolvedColumnProto;
import com.google.zetasql.ResolvedColumnRefProto;
import com.google.zetasql.ResolvedComputedColumnProto;
import com.google.zetasql.ResolvedProjectScanProto;
import com.google.zetasql.ResolvedRecursiveRefScanProto;
import com.google.zetasql.ResolvedRecursiveScanProto;
import com.google.zetasql.ResolvedScanProto;
import com.google.zetasql.ResolvedSetOperationItemProto;
import com.google.zetasql.ResolvedSetOperationScanProto;
import com.google.zetasql.ResolvedSubqueryExprProto;
import com.google.zetasql.ResolvedTableScanProto;
import com.google.zetasql.ResolvedWithEntryProto;
import com.google.zetasql.ResolvedWithRefScanProto;
import com.google.zetasql.resolvedast.ResolvedRecursiveScanEnums.RecursiveSetOperationType;
import com.google.zetasql.resolvedast.ResolvedSetOperationScanEnums.SetOperationType;
import com.google.zetasql.resolvedast.ResolvedSubqueryExprEnums.SubqueryType;
import io.gkp.localbigquery.sql.analysis.Trees;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which columns of each table a query's result depends on, through views, CTEs and subqueries.
 *
 * <p>The analyzer prunes only what no part of the text mentions. Here a column that is only copied
 * or computed into something that nobody reads is dead, too: column ids are unique in a statement,
 * so it is enough to follow, from the output backwards, which column is made of which.
 */
final class Liveness {
  /** Scans whose use of columns is understood; any other makes all columns live. */
  private static final Set<String> KNOWN_SCANS =
      Set.of(
          "ResolvedTableScanProto",
          "ResolvedProjectScanProto",
          "ResolvedFilterScanProto",
          "ResolvedJoinScanProto",
          "ResolvedArrayScanProto",
          "ResolvedAggregateScanProto",
          "ResolvedAnalyticScanProto",
          "ResolvedOrderByScanProto",
          "ResolvedLimitOffsetScanProto",
          "ResolvedSetOperationScanProto",
          "ResolvedWithScanProto",
          "ResolvedWithRefScanProto",
          "ResolvedSingleRowScanProto",
          "ResolvedSampleScanProto",
          "ResolvedRecursiveScanProto",
          "ResolvedRecursiveRefScanProto",
          "ResolvedScanProto");

  private final Set<Long> roots = new HashSet<>();
  private final Map<Long, Set<Long>> madeOf = new HashMap<>();
  private final Map<String, List<ResolvedColumnProto>> withColumns = new HashMap<>();
  private final Deque<List<ResolvedColumnProto>> recursions = new ArrayDeque<>();
  private boolean allLive;

  private Liveness() {}

  /** Positions of live columns by the name of their table, in the order of the schema. */
  static Map<String, Set<Integer>> of(Message statement) {
    Liveness liveness = new Liveness();
    liveness.collect(statement, liveness.roots);
    Set<Long> live = liveness.reachable();
    Map<String, Set<Integer>> result = new LinkedHashMap<>();
    for (ResolvedTableScanProto scan : Trees.all(statement, ResolvedTableScanProto.class)) {
      Set<Integer> columns =
          result.computeIfAbsent(scan.getTable().getName(), name -> new TreeSet<>());
      for (int i = 0; i < scan.getColumnIndexListCount(); i++) {
        if (liveness.allLive || live.contains(scan.getParent().getColumnList(i).getColumnId())) {
          columns.add((int) scan.getColumnIndexList(i));
        }
      }
    }
    return result;
  }

  private Set<Long> reachable() {
    Set<Long> live = new HashSet<>(roots);
    Deque<Long> open = new ArrayDeque<>(roots);
    while (!open.isEmpty()) {
      for (Long column : madeOf.getOrDefault(open.pop(), Set.of())) {
        if (live.add(column)) {
          open.push(column);
        }
      }
    }
    return live;
  }

  /** Adds the columns that a node needs whatever becomes of its own. */
  private void collect(Message node, Set<Long> needed) {
    String name = node.getDescriptorForType().getName();
    if (name.startsWith("Resolved") && name.endsWith("ScanProto") && !KNOWN_SCANS.contains(name)) {
      allLive = true;
    }
    if (node instanceof ResolvedScanProto) {
      return;
    } else if (node instanceof ResolvedColumnProto column) {
      needed.add(column.getColumnId());
    } else if (node instanceof ResolvedColumnRefProto reference) {
      needed.add(reference.getColumn().getColumnId());
    } else if (node instanceof ResolvedProjectScanProto project) {
      project.getExprListList().forEach(this::computed);
      collect(project.getInputScan(), needed);
    } else if (node instanceof ResolvedAggregateScanProto aggregate) {
      aggregate.getParent().getAggregateListList().forEach(this::computed);
      for (Message child :
          Trees.children(aggregate.getParent().toBuilder().clearAggregateList().build())) {
        collect(child, needed);
      }
    } else if (node instanceof ResolvedAnalyticFunctionGroupProto group) {
      group.getAnalyticFunctionListList().forEach(this::computed);
      collect(group.getPartitionBy(), needed);
      collect(group.getOrderBy(), needed);
    } else if (node instanceof ResolvedSetOperationScanProto operation) {
      setOperation(operation, needed);
    } else if (node instanceof ResolvedRecursiveScanProto recursion) {
      recursion(recursion, needed);
    } else if (node instanceof ResolvedRecursiveRefScanProto reference) {
      copy(
          reference.getParent().getColumnListList(),
          recursions.isEmpty() ? List.of() : recursions.peek());
    } else if (node instanceof ResolvedWithEntryProto entry) {
      withColumns.put(entry.getWithQueryName(), columns(entry.getWithSubquery()));
      collect(entry.getWithSubquery(), needed);
    } else if (node instanceof ResolvedWithRefScanProto reference) {
      copy(
          reference.getParent().getColumnListList(),
          withColumns.getOrDefault(reference.getWithQueryName(), List.of()));
    } else if (node instanceof ResolvedSubqueryExprProto subquery) {
      if (subquery.getSubqueryType() != SubqueryType.EXISTS) {
        columns(subquery.getSubquery()).forEach(column -> needed.add(column.getColumnId()));
      }
      Trees.children(subquery).forEach(child -> collect(child, needed));
    } else if (!(node instanceof ResolvedTableScanProto)) {
      Trees.children(node).forEach(child -> collect(child, needed));
    }
  }

  private void computed(AnyResolvedComputedColumnBaseProto column) {
    if (Trees.unwrap(column) instanceof ResolvedComputedColumnProto plain) {
      computed(plain);
    } else {
      collect(column, roots);
    }
  }

  private void computed(ResolvedComputedColumnProto column) {
    collect(
        column.getExpr(),
        madeOf.computeIfAbsent(column.getColumn().getColumnId(), id -> new HashSet<>()));
  }

  private void setOperation(ResolvedSetOperationScanProto operation, Set<Long> needed) {
    boolean unionAll = operation.getOpType() == SetOperationType.UNION_ALL;
    for (ResolvedSetOperationItemProto item : operation.getInputItemListList()) {
      if (unionAll) {
        copy(operation.getParent().getColumnListList(), item.getOutputColumnListList());
      } else {
        item.getOutputColumnListList().forEach(column -> needed.add(column.getColumnId()));
      }
      collect(item.getScan(), needed);
    }
  }

  private void recursion(ResolvedRecursiveScanProto recursion, Set<Long> needed) {
    boolean unionAll = recursion.getOpType() == RecursiveSetOperationType.UNION_ALL;
    List<ResolvedColumnProto> columns = recursion.getParent().getColumnListList();
    recursions.push(columns);
    for (ResolvedSetOperationItemProto item :
        List.of(recursion.getNonRecursiveTerm(), recursion.getRecursiveTerm())) {
      copy(columns, item.getOutputColumnListList());
      if (!unionAll) {
        item.getOutputColumnListList().forEach(column -> needed.add(column.getColumnId()));
      }
      collect(item.getScan(), needed);
    }
    collect(recursion.getRecursionDepthModifier(), needed);
    recursions.pop();
  }

  private void copy(List<ResolvedColumnProto> to, List<ResolvedColumnProto> from) {
    if (to.size() != from.size()) {
      allLive = true;
      return;
    }
    for (int i = 0; i < to.size(); i++) {
      madeOf
          .computeIfAbsent(to.get(i).getColumnId(), id -> new HashSet<>())
          .add(from.get(i).getColumnId());
    }
  }

  /** The columns that a scan hands on. */
  static List<ResolvedColumnProto> columns(AnyResolvedScanProto scan) {
    return columns(Trees.unwrap(scan));
  }

  private static List<ResolvedColumnProto> columns(Message node) {
    Message parent = Trees.child(node, "parent");
    while (parent != null && !(parent instanceof ResolvedScanProto)) {
      parent = Trees.child(parent, "parent");
    }
    return parent == null ? List.of() : ((ResolvedScanProto) parent).getColumnListList();
  }
}
