package io.gkp.localbigquery.sql.dml;

import com.google.protobuf.Message;
import com.google.zetasql.ResolvedMergeStmtProto;
import com.google.zetasql.resolvedast.ResolvedMergeWhenEnums.ActionType;
import com.google.zetasql.resolvedast.ResolvedMergeWhenEnums.MatchType;
import io.gkp.localbigquery.sql.analysis.SqlText;
import io.gkp.localbigquery.sql.analysis.Trees;
import io.gkp.localbigquery.sql.statement.Relation;
import io.gkp.localbigquery.sql.statement.Statement;
import io.gkp.localbigquery.sql.value.SqlTypes;
import io.gkp.localbigquery.storage.ColumnTypes;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * MERGE: one query each for pairs of rows, lone target rows and lone source rows, for what a clause
 * can name depends on that. Each picks the first WHEN clause that holds and computes its values.
 */
record MergePlan(String query, List<MergeClause> clauses) implements Dml.Plan {
  private static final String SOURCE_ROW = "_source_row_";

  static MergePlan of(ResolvedMergeStmtProto merge, Message parsed, Statement context) {
    SqlText text = new SqlText(context.sql());
    String target = SqlTypes.quote(Dml.alias(parsed, text));
    MergeSource source =
        MergeSource.of(merge, Trees.child(parsed, "table_expression"), text, SOURCE_ROW);
    List<MergeClause> clauses =
        MergeClause.all(merge, parsed, text, source.alias(), new Defaults(context.target()));
    String condition = "\nON " + text.of(Trees.child(parsed, "merge_condition"));
    String targetItem = Dml.TARGET + " AS " + target;
    String pairs = targetItem + " INNER JOIN " + source.from() + condition;
    String loneTargets =
        lone(target, targetItem, source.from(), condition, source.alias() + "." + SOURCE_ROW);
    String loneSources =
        lone(
            source.alias(),
            source.from(),
            targetItem,
            condition,
            target + "." + Relation.Numbered.ROW);

    List<String> selects = new ArrayList<>();
    for (MatchType type : MatchType.values()) {
      if (clauses.stream().noneMatch(clause -> clause.match() == type)) {
        continue;
      }
      String from =
          type == MatchType.MATCHED
              ? pairs
              : type == MatchType.NOT_MATCHED_BY_SOURCE ? loneTargets : loneSources;
      String row =
          type == MatchType.NOT_MATCHED_BY_TARGET
              ? "CAST(NULL AS INT64)"
              : target + "." + Relation.Numbered.ROW;
      selects.add(select(row, type, clauses) + "\nFROM " + from);
    }
    return new MergePlan(String.join("\nUNION ALL\n", selects), clauses);
  }

  /** The rows of one side without a partner on the other, under their own alias again. */
  private static String lone(
      String alias, String item, String other, String condition, String othersRow) {
    return "(SELECT %s.* FROM %s LEFT JOIN %s%s\nWHERE %s IS NULL) AS %s"
        .formatted(alias, item, other, condition, othersRow, alias);
  }

  private static String select(String row, MatchType type, List<MergeClause> clauses) {
    String which =
        "CASE"
            + clauses.stream()
                .filter(clause -> clause.match() == type)
                .map(clause -> " WHEN " + clause.condition() + " THEN " + clause.number())
                .collect(Collectors.joining())
            + " END";
    List<String> columns = new ArrayList<>(List.of(row + " AS _row", which + " AS _which"));
    for (MergeClause clause : clauses) {
      for (MergeClause.Value value : clause.values()) {
        String expression =
            clause.match() == type
                ? "IF((" + which + ") = " + clause.number() + ", " + value.expression() + ", NULL)"
                : "CAST(NULL AS " + SqlTypes.sql(value.type()) + ")";
        columns.add(expression + " AS _" + columns.size());
      }
    }
    return "SELECT " + String.join(", ", columns);
  }

  /** Rows go last: what a statement inserts it does not change. */
  @Override
  public void apply(RowChanges changes) {
    changes.once(ColumnTypes.column(1) + " IS NOT NULL");
    for (MergeClause clause : clauses) {
      String which = RowChanges.numbered(clause.number());
      if (clause.action() == ActionType.DELETE) {
        changes.delete(which);
      } else if (clause.action() == ActionType.UPDATE) {
        changes.update(clause.assignments(), clause.first(), which);
      }
    }
    for (MergeClause clause : clauses) {
      if (clause.action() == ActionType.INSERT) {
        changes.insert(clause.columns(), clause.first(), RowChanges.numbered(clause.number()));
      }
    }
  }
}
