package io.gkp.localbigquery.sql.dml;

import com.google.api.services.bigquery.model.TableFieldSchema;
import com.google.protobuf.Message;
import com.google.zetasql.ResolvedColumnProto;
import com.google.zetasql.ResolvedDMLValueProto;
import com.google.zetasql.ResolvedMergeStmtProto;
import com.google.zetasql.ResolvedMergeWhenProto;
import com.google.zetasql.ZetaSQLType.TypeProto;
import com.google.zetasql.resolvedast.ResolvedMergeWhenEnums.ActionType;
import com.google.zetasql.resolvedast.ResolvedMergeWhenEnums.MatchType;
import io.gkp.localbigquery.api.ApiException;
import io.gkp.localbigquery.sql.analysis.SqlText;
import io.gkp.localbigquery.sql.analysis.Trees;
import io.gkp.localbigquery.sql.value.SqlTypes;
import java.util.ArrayList;
import java.util.List;

/**
 * A WHEN clause of MERGE.
 *
 * @param number from 0
 * @param condition TRUE where the clause has none
 * @param assignments of an UPDATE
 * @param columns of an INSERT
 * @param values that it computes, assigned or inserted
 * @param first where in a row of the merge's query these start
 */
record MergeClause(
    int number,
    MatchType match,
    String condition,
    ActionType action,
    List<Assignment> assignments,
    List<String> columns,
    List<Value> values,
    int first) {
  private static final int COLUMNS_BEFORE_VALUES = 2;

  record Value(String expression, TypeProto type) {}

  static List<MergeClause> all(
      ResolvedMergeStmtProto merge,
      Message parsed,
      SqlText text,
      String sourceAlias,
      Defaults defaults) {
    List<Message> whens = Trees.children(Trees.child(parsed, "when_clauses"), "clause_list");
    List<MergeClause> clauses = new ArrayList<>();
    int first = COLUMNS_BEFORE_VALUES;
    for (int i = 0; i < whens.size(); i++) {
      ResolvedMergeWhenProto when = merge.getWhenClauseList(i);
      Message condition = Trees.child(whens.get(i), "search_condition");
      Message action = Trees.child(whens.get(i), "action");
      List<Assignment> assignments = assignments(when, action, text, defaults);
      List<String> columns =
          new ArrayList<>(
              when.getInsertColumnListList().stream().map(ResolvedColumnProto::getName).toList());
      List<Value> values = new ArrayList<>(inserted(when, action, text, sourceAlias, defaults));
      if (when.getActionType() == ActionType.INSERT) {
        for (TableFieldSchema field : defaults.beside(columns)) {
          columns.add(field.getName());
          values.add(new Value(Defaults.expression(field), SqlTypes.of(field)));
        }
      }
      assignments.forEach(a -> values.add(new Value(a.expression(), a.type())));
      clauses.add(
          new MergeClause(
              i,
              when.getMatchType(),
              condition == null ? "TRUE" : "(" + text.of(condition) + ")",
              when.getActionType(),
              assignments,
              columns,
              values,
              first));
      first += values.size();
    }
    return clauses;
  }

  private static List<Assignment> assignments(
      ResolvedMergeWhenProto when, Message action, SqlText text, Defaults defaults) {
    List<Assignment> assignments = new ArrayList<>();
    if (when.getActionType() == ActionType.UPDATE) {
      List<Message> items = Trees.children(Trees.child(action, "update_item_list"), "update_items");
      for (int i = 0; i < items.size(); i++) {
        assignments.add(Assignment.of(when.getUpdateItemList(i), items.get(i), text, defaults));
      }
    }
    return assignments;
  }

  private static List<Value> inserted(
      ResolvedMergeWhenProto when,
      Message action,
      SqlText text,
      String sourceAlias,
      Defaults defaults) {
    List<Value> values = new ArrayList<>();
    if (when.getActionType() != ActionType.INSERT) {
      return values;
    }
    List<Message> written = Trees.children(Trees.child(action, "insert_row"), "values");
    for (int i = 0; i < when.getInsertColumnListCount(); i++) {
      // INSERT ROW gives no values: it takes the source's columns in their order.
      String value =
          written.isEmpty()
              ? sourceAlias
                  + "."
                  + SqlTypes.quote(sourceColumn(when.getInsertRow().getValueList(i)))
              : text.of(Trees.unwrap(written.get(i)));
      TypeProto type = when.getInsertColumnList(i).getType();
      String column = when.getInsertColumnList(i).getName();
      values.add(new Value(defaults.cast(column, value), type));
    }
    return values;
  }

  private static String sourceColumn(ResolvedDMLValueProto value) {
    return Trees.all(value, ResolvedColumnProto.class).stream()
        .findFirst()
        .orElseThrow(() -> ApiException.notImplemented("this INSERT ROW"))
        .getName();
  }
}
