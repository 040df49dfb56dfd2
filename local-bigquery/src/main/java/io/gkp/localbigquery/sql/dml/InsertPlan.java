package io.gkp.localbigquery.sql.dml;

import com.google.protobuf.Message;
import com.google.zetasql.ResolvedColumnProto;
import com.google.zetasql.ResolvedInsertStmtProto;
import com.google.zetasql.ZetaSQLType.TypeProto;
import io.gkp.localbigquery.sql.analysis.SqlText;
import io.gkp.localbigquery.sql.analysis.Trees;
import io.gkp.localbigquery.sql.statement.Statement;
import io.gkp.localbigquery.sql.value.SqlTypes;
import java.util.ArrayList;
import java.util.List;

/** INSERT: the query computes the rows. */
record InsertPlan(String query, List<String> columns) implements Dml.Plan {
  static InsertPlan of(ResolvedInsertStmtProto insert, Message parsed, Statement context) {
    SqlText text = new SqlText(context.sql());
    List<TypeProto> types =
        insert.getInsertColumnListList().stream().map(ResolvedColumnProto::getType).toList();
    Message query = Trees.child(parsed, "query");
    return new InsertPlan(
        query == null
            ? values(Trees.child(parsed, "rows"), types, text)
            : coerced(text.of(query), types),
        insert.getInsertColumnListList().stream().map(ResolvedColumnProto::getName).toList());
  }

  private static String values(Message rows, List<TypeProto> types, SqlText text) {
    List<String> fields = new ArrayList<>();
    for (int i = 0; i < types.size(); i++) {
      fields.add("_" + i + " " + SqlTypes.sql(types.get(i)));
    }
    String struct = "STRUCT<" + String.join(", ", fields) + ">";
    List<String> structs = new ArrayList<>();
    for (Message row : Trees.children(rows, "rows")) {
      List<String> values = new ArrayList<>();
      for (Message value : Trees.children(row, "values")) {
        String written = text.of(Trees.unwrap(value));
        values.add(written.equalsIgnoreCase("DEFAULT") ? "NULL" : written);
      }
      structs.add(struct + "(" + String.join(", ", values) + ")");
    }
    return "SELECT * FROM UNNEST([" + String.join(", ", structs) + "])";
  }

  /** Has the query's columns take the types of the table's, as INSERT does. */
  private static String coerced(String query, List<TypeProto> types) {
    List<String> columns = new ArrayList<>();
    for (int i = 0; i < types.size(); i++) {
      columns.add("CAST(NULL AS " + SqlTypes.sql(types.get(i)) + ") AS _" + i);
    }
    return "SELECT %s FROM (SELECT 1) WHERE FALSE UNION ALL (\n%s\n)"
        .formatted(String.join(", ", columns), query);
  }

  @Override
  public void apply(RowChanges changes) {
    changes.insert(columns, 0);
  }
}
