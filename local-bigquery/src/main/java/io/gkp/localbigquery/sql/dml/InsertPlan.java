package io.gkp.localbigquery.sql.dml;

import com.google.api.services.bigquery.model.TableFieldSchema;
import com.google.protobuf.Message;
import com.google.zetasql.ResolvedColumnProto;
import com.google.zetasql.ResolvedInsertStmtProto;
import com.google.zetasql.ZetaSQLType.TypeProto;
import io.gkp.localbigquery.sql.analysis.SqlText;
import io.gkp.localbigquery.sql.analysis.Trees;
import io.gkp.localbigquery.sql.statement.Coercion;
import io.gkp.localbigquery.sql.statement.Statement;
import io.gkp.localbigquery.sql.value.ColumnCast;
import io.gkp.localbigquery.sql.value.SqlTypes;
import java.util.ArrayList;
import java.util.List;

/** INSERT: the query computes the rows. */
record InsertPlan(String query, List<String> columns) implements Dml.Plan {
  static InsertPlan of(ResolvedInsertStmtProto insert, Message parsed, Statement context) {
    SqlText text = new SqlText(context.sql());
    Defaults defaults = new Defaults(context.target());
    List<TypeProto> types =
        insert.getInsertColumnListList().stream().map(ResolvedColumnProto::getType).toList();
    List<String> columns =
        new ArrayList<>(
            insert.getInsertColumnListList().stream().map(ResolvedColumnProto::getName).toList());
    Message given = Trees.child(parsed, "query");
    String query =
        given == null
            ? values(Trees.child(parsed, "rows"), columns, types, text, defaults)
            : Coercion.of(text.of(given), types);
    List<TableFieldSchema> omitted = defaults.beside(columns);
    if (omitted.isEmpty()
        && columns.stream().map(defaults::field).noneMatch(ColumnCast::hasParameters)) {
      return new InsertPlan(query, columns);
    }
    List<String> items = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      items.add(ColumnCast.checked("_" + i, defaults.field(columns.get(i))) + " AS _" + i);
    }
    for (TableFieldSchema field : omitted) {
      items.add(Defaults.expression(field) + " AS _" + columns.size());
      columns.add(field.getName());
    }
    return new InsertPlan(
        "SELECT " + String.join(", ", items) + " FROM (\n" + query + "\n)", columns);
  }

  private static String values(
      Message rows, List<String> columns, List<TypeProto> types, SqlText text, Defaults defaults) {
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
        // One value too many was an error of the analyzer.
        values.add(defaults.value(columns.get(values.size()), written));
      }
      structs.add(struct + "(" + String.join(", ", values) + ")");
    }
    return "SELECT * FROM UNNEST([" + String.join(", ", structs) + "])";
  }

  @Override
  public void apply(RowChanges changes) {
    changes.insert(columns, 0);
  }
}
