package io.gkp.localbigquery.sql;

import com.google.protobuf.Message;
import com.google.zetasql.AnyResolvedComputedColumnBaseProto;
import com.google.zetasql.ResolvedAggregateFunctionCallProto;
import com.google.zetasql.ResolvedAggregateScanProto;
import com.google.zetasql.ResolvedComputedColumnProto;
import com.google.zetasql.ResolvedProjectScanProto;
import com.google.zetasql.ResolvedQueryStmtProto;
import com.google.zetasql.ResolvedTableScanProto;

/** {@code SELECT COUNT(*) FROM table}, which the metadata answer. */
final class RowCount {
  private RowCount() {}

  static boolean isAskedBy(Message statement) {
    if (!(statement instanceof ResolvedQueryStmtProto query)
        || query.getOutputColumnListCount() != 1
        || !(Trees.unwrap(query.getQuery()) instanceof ResolvedProjectScanProto project)
        || project.getExprListCount() > 0
        || !(Trees.unwrap(project.getInputScan()) instanceof ResolvedAggregateScanProto scan)) {
      return false;
    }
    var aggregate = scan.getParent();
    return aggregate.getGroupByListCount() == 0
        && aggregate.getGroupingSetListCount() == 0
        && aggregate.getAggregateListCount() == 1
        && isCountStar(aggregate.getAggregateList(0))
        && Trees.unwrap(aggregate.getInputScan()) instanceof ResolvedTableScanProto;
  }

  private static boolean isCountStar(AnyResolvedComputedColumnBaseProto column) {
    return Trees.unwrap(column) instanceof ResolvedComputedColumnProto computed
        && Trees.unwrap(computed.getExpr()) instanceof ResolvedAggregateFunctionCallProto call
        && call.getParent().getParent().getFunction().getName().equals("ZetaSQL:$count_star")
        && !call.hasHavingModifier()
        && !call.getParent().hasWhereExpr();
  }
}
