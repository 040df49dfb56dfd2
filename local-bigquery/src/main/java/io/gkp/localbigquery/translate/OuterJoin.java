package io.gkp.localbigquery.translate;

import com.google.zetasql.resolvedast.ResolvedColumn;
import com.google.zetasql.resolvedast.ResolvedNodes;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedColumnRef;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedExpr;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedFunctionCall;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedJoinScan;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedScan;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The condition of an outer join, by the side that each part of it speaks of. Where one speaks of
 * one side alone, DuckDB compares every row with every other, even if others are equalities.
 *
 * @param left parts that speak of the left side alone
 * @param right parts that speak of the right side alone
 * @param both all others
 */
record OuterJoin(List<ResolvedExpr> left, List<ResolvedExpr> right, List<ResolvedExpr> both) {
  static OuterJoin of(ResolvedJoinScan join) {
    OuterJoin parts = new OuterJoin(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    if (join.getJoinExpr() != null) {
      parts.add(join.getJoinExpr(), ids(join.getLeftScan()), ids(join.getRightScan()));
    }
    return parts;
  }

  boolean isOfBothSides() {
    return left.isEmpty() && right.isEmpty();
  }

  private void add(ResolvedExpr condition, Set<Long> ofLeft, Set<Long> ofRight) {
    if (condition instanceof ResolvedFunctionCall call
        && call.getFunction().getName().equals("$and")) {
      call.getArgumentList().forEach(part -> add(part, ofLeft, ofRight));
      return;
    }
    Set<Long> read = read(condition);
    List<ResolvedExpr> place =
        read.isEmpty()
            ? both // of none: it may be another for each pair
            : ofLeft.containsAll(read) ? left : ofRight.containsAll(read) ? right : both;
    place.add(condition);
  }

  private static Set<Long> ids(ResolvedScan scan) {
    return scan.getColumnList().stream().map(ResolvedColumn::getId).collect(Collectors.toSet());
  }

  private static Set<Long> read(ResolvedExpr condition) {
    Set<Long> ids = new HashSet<>();
    condition.accept(
        new ResolvedNodes.Visitor() {
          @Override
          public void visit(ResolvedColumnRef reference) {
            ids.add(reference.getColumn().getId());
          }
        });
    return ids;
  }
}
