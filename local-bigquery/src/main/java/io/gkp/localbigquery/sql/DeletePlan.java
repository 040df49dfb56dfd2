package io.gkp.localbigquery.sql;

import com.google.protobuf.Message;

/** DELETE: the query finds the rows. */
record DeletePlan(String query) implements Dml.Plan {
  static DeletePlan of(Message parsed, Statement context) {
    SqlText text = new SqlText(context.sql());
    return new DeletePlan(
        "SELECT "
            + Relation.Numbered.ROW
            + " FROM "
            + Dml.TARGET
            + " AS "
            + SqlTypes.quote(Dml.alias(parsed, text))
            + " WHERE "
            + text.of(Trees.child(parsed, "where")));
  }

  @Override
  public void apply(RowChanges changes) {
    changes.delete();
  }
}
