package io.gkp.localbigquery.sql;

import com.google.api.services.bigquery.model.TableFieldSchema;
import com.google.protobuf.Message;
import com.google.zetasql.ResolvedUpdateStmtProto;
import java.util.ArrayList;
import java.util.List;

/** UPDATE: the query finds the rows and computes what is set in each. */
record UpdatePlan(String query, List<TableFieldSchema> fields, List<Assignment> assignments)
    implements Dml.Plan {
  static UpdatePlan of(ResolvedUpdateStmtProto update, Message parsed, Statement context) {
    SqlText text = new SqlText(context.sql());
    List<Message> items = Trees.children(Trees.child(parsed, "update_item_list"), "update_items");
    List<Assignment> assignments = new ArrayList<>();
    List<String> columns = new ArrayList<>(List.of(Relation.Numbered.ROW));
    for (int i = 0; i < items.size(); i++) {
      Assignment assignment = Assignment.of(update.getUpdateItemList(i), items.get(i), text);
      assignments.add(assignment);
      columns.add(assignment.expression() + " AS _" + i);
    }
    String target = Dml.TARGET + " AS " + SqlTypes.quote(Dml.alias(parsed, text));
    String where = text.of(Trees.child(parsed, "where"));
    Message from = Trees.child(parsed, "from_clause");
    String query =
        "SELECT "
            + String.join(", ", columns)
            + " FROM "
            + (from == null
                ? target + " WHERE " + where
                : text.of(Trees.child(from, "table_expression"))
                    + "\nINNER JOIN "
                    + target
                    + " ON "
                    + where);
    return new UpdatePlan(query, new Relation.Stored(context.target()).fields(), assignments);
  }

  @Override
  public void apply(Object[] row, RowChanges changes) {
    changes.update((Long) row[0], old -> assigned(old, row, 1));
  }

  /**
   * @param first where in {@code values} the assigned ones start
   */
  private Object[] assigned(Object[] old, Object[] values, int first) {
    return assign(fields, assignments, old, values, first);
  }

  static Object[] assign(
      List<TableFieldSchema> fields,
      List<Assignment> assignments,
      Object[] old,
      Object[] values,
      int first) {
    Object[] changed = old.clone();
    for (int i = 0; i < assignments.size(); i++) {
      int position = Dml.position(fields, assignments.get(i).column());
      changed[position] = assignments.get(i).applied(changed[position], values[first + i]);
    }
    return changed;
  }
}
