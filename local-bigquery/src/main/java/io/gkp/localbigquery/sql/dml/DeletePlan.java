package io.gkp.localbigquery.sql.dml;

import com.google.protobuf.Message;
import io.gkp.localbigquery.sql.analysis.SqlText;
import io.gkp.localbigquery.sql.analysis.Trees;
import io.gkp.localbigquery.sql.statement.Relation;
import io.gkp.localbigquery.sql.statement.Statement;
import io.gkp.localbigquery.sql.value.SqlTypes;

/** DELETE: the query finds the rows. */
record DeletePlan(String query) implements Dml.Plan {
  static DeletePlan of(Message parsed, Statement context) {
    SqlText text = new SqlText(context.sql());
    return new DeletePlan(
        "SELECT %s FROM %s AS %s WHERE %s"
            .formatted(
                Relation.Numbered.ROW,
                Dml.TARGET,
                SqlTypes.quote(Dml.alias(parsed, text)),
                text.of(Trees.child(parsed, "where"))));
  }

  @Override
  public void apply(RowChanges changes) {
    changes.delete();
  }
}
