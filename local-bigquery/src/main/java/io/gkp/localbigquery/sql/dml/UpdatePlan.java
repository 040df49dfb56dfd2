package io.gkp.localbigquery.sql.dml;

import com.google.protobuf.Message;
import com.google.zetasql.ResolvedUpdateStmtProto;
import io.gkp.localbigquery.sql.analysis.SqlText;
import io.gkp.localbigquery.sql.analysis.Trees;
import io.gkp.localbigquery.sql.statement.Relation;
import io.gkp.localbigquery.sql.statement.Statement;
import io.gkp.localbigquery.sql.value.SqlTypes;
import java.util.ArrayList;
import java.util.List;

/** UPDATE: the query finds the rows and computes what is set in each. */
record UpdatePlan(String query, List<Assignment> assignments) implements Dml.Plan {
  static UpdatePlan of(ResolvedUpdateStmtProto update, Message parsed, Statement context) {
    SqlText text = new SqlText(context.sql());
    Defaults defaults = new Defaults(context.target());
    List<Message> items = Trees.children(Trees.child(parsed, "update_item_list"), "update_items");
    List<Assignment> assignments = new ArrayList<>();
    List<String> columns = new ArrayList<>(List.of(Relation.Numbered.ROW));
    for (int i = 0; i < items.size(); i++) {
      Assignment assignment =
          Assignment.of(update.getUpdateItemList(i), items.get(i), text, defaults);
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
    return new UpdatePlan(query, assignments);
  }

  @Override
  public void apply(RowChanges changes) {
    changes.update(assignments, 1);
  }
}
