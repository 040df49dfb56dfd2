package io.gkp.localbigquery.sql;

import com.google.protobuf.Message;
import com.google.zetasql.AnyResolvedExprProto;
import com.google.zetasql.ResolvedFilterScanProto;
import com.google.zetasql.ResolvedFunctionCallBaseProto;
import com.google.zetasql.ResolvedLimitOffsetScanProto;
import com.google.zetasql.ResolvedLiteralProto;
import com.google.zetasql.ResolvedQueryStmtProto;
import com.google.zetasql.ResolvedSetOperationItemProto;
import com.google.zetasql.ResolvedSetOperationScanProto;
import com.google.zetasql.ResolvedSubqueryExprProto;
import com.google.zetasql.ResolvedTableScanProto;
import com.google.zetasql.ResolvedWithRefScanProto;
import com.google.zetasql.resolvedast.ResolvedSetOperationScanEnums.SetOperationType;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A query whose result is that of its parts: each row comes from one row of a single table, so that
 * the table can be passed piece by piece, however large.
 *
 * @param limit after so many rows no more are needed
 */
record RowWise(long limit) {
  private static final Set<String> ROW_BY_ROW =
      Set.of(
          "ResolvedTableScanProto",
          "ResolvedProjectScanProto",
          "ResolvedFilterScanProto",
          "ResolvedArrayScanProto",
          "ResolvedSingleRowScanProto",
          "ResolvedWithScanProto",
          "ResolvedWithRefScanProto",
          "ResolvedSetOperationScanProto",
          "ResolvedLimitOffsetScanProto",
          "ResolvedScanProto");

  /** Would change from piece to piece. */
  private static final Set<String> CLOCK =
      Set.of(
          "ZetaSQL:current_timestamp",
          "ZetaSQL:current_date",
          "ZetaSQL:current_datetime",
          "ZetaSQL:current_time");

  /** Nothing for any other query. */
  static Optional<RowWise> of(Message statement) {
    if (!(statement instanceof ResolvedQueryStmtProto query)
        || Trees.all(statement, ResolvedTableScanProto.class).size() != 1
        || !Trees.all(statement, ResolvedSubqueryExprProto.class).isEmpty()
        || !onlyRowByRow(statement)
        || readsACteTwice(statement)
        || !Trees.all(statement, ResolvedSetOperationScanProto.class).stream()
            .allMatch(RowWise::hasOneBranchThatIsNotEmpty)) {
      return Optional.empty();
    }
    boolean clock =
        Trees.all(statement, ResolvedFunctionCallBaseProto.class).stream()
            .anyMatch(call -> CLOCK.contains(call.getFunction().getName()));
    List<ResolvedLimitOffsetScanProto> limits =
        Trees.all(statement, ResolvedLimitOffsetScanProto.class);
    if (clock || limits.size() > 1) {
      return Optional.empty();
    }
    if (limits.isEmpty()) {
      return Optional.of(new RowWise(Long.MAX_VALUE));
    }
    ResolvedLimitOffsetScanProto limit = limits.get(0);
    boolean outermost = Trees.unwrap(query.getQuery()) == limit;
    return outermost
            && !limit.hasOffset()
            && Trees.unwrap(limit.getLimit()) instanceof ResolvedLiteralProto rows
        ? Optional.of(new RowWise(rows.getValue().getValue().getInt64Value()))
        : Optional.empty();
  }

  private static boolean onlyRowByRow(Message statement) {
    Set<Boolean> known = new HashSet<>();
    Trees.walk(
        statement,
        node -> {
          String name = node.getDescriptorForType().getName();
          if (name.startsWith("Resolved") && name.endsWith("ScanProto")) {
            known.add(ROW_BY_ROW.contains(name));
          }
          return true;
        });
    return !known.contains(false);
  }

  private static boolean readsACteTwice(Message statement) {
    Set<String> names = new HashSet<>();
    return Trees.all(statement, ResolvedWithRefScanProto.class).stream()
        .anyMatch(read -> !names.add(read.getWithQueryName()));
  }

  private static boolean hasOneBranchThatIsNotEmpty(ResolvedSetOperationScanProto union) {
    return union.getOpType() == SetOperationType.UNION_ALL
        && union.getInputItemListList().stream().filter(item -> !isEmpty(item)).count() == 1;
  }

  private static boolean isEmpty(ResolvedSetOperationItemProto item) {
    return Trees.all(item, ResolvedFilterScanProto.class).stream()
        .anyMatch(filter -> isFalse(filter.getFilterExpr()));
  }

  private static boolean isFalse(AnyResolvedExprProto condition) {
    return Trees.unwrap(condition) instanceof ResolvedLiteralProto literal
        && literal.getValue().getValue().hasBoolValue()
        && !literal.getValue().getValue().getBoolValue();
  }
}
