package io.gkp.localbigquery.sql;

import com.google.api.services.bigquery.model.Table;
import com.google.api.services.bigquery.model.TableFieldSchema;
import com.google.api.services.bigquery.model.TableReference;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** What a name in FROM can stand for. */
sealed interface Relation {
  TableReference reference();

  List<TableFieldSchema> fields();

  /** A table with rows in the warehouse. */
  record Stored(Table table) implements Relation {
    @Override
    public TableReference reference() {
      return table.getTableReference();
    }

    @Override
    public List<TableFieldSchema> fields() {
      return table.getSchema() == null || table.getSchema().getFields() == null
          ? List.of()
          : table.getSchema().getFields();
    }
  }

  /** A stored table whose rows are numbered, from 0, in a last column. */
  record Numbered(Table table) implements Relation {
    static final String ROW = "_row_";

    @Override
    public TableReference reference() {
      return table.getTableReference();
    }

    @Override
    public List<TableFieldSchema> fields() {
      List<TableFieldSchema> fields = new ArrayList<>(new Stored(table).fields());
      fields.add(new TableFieldSchema().setName(ROW).setType("INTEGER").setMode("REQUIRED"));
      return fields;
    }
  }

  /**
   * A view, which stands for its query.
   *
   * @param prefix what goes before the query where the view is read
   * @param suffix what goes after it
   */
  record View(
      Table table, List<TableFieldSchema> fields, Expansion body, String prefix, String suffix)
      implements Relation {
    /** With columns named as CREATE VIEW named them, else as the query does. */
    static View of(Table table, Expansion body, List<TableFieldSchema> columns) {
      List<TableFieldSchema> named =
          table.getSchema() == null ? null : table.getSchema().getFields();
      boolean renamed = named != null && named.size() == columns.size();
      List<TableFieldSchema> fields = new ArrayList<>();
      List<String> items = new ArrayList<>();
      for (int i = 0; i < columns.size(); i++) {
        String name = columns.get(i).getName();
        String newName = renamed ? named.get(i).getName() : name;
        fields.add(columns.get(i).clone().setName(newName));
        items.add(SqlTypes.quote(name) + " AS " + SqlTypes.quote(newName));
      }
      // A line comment at the end of the view's text must not swallow what follows.
      return fields.equals(columns)
          ? new View(table, fields, body, "(", "\n)")
          : new View(
              table, fields, body, "(SELECT " + String.join(", ", items) + " FROM (", "\n))");
    }

    @Override
    public TableReference reference() {
      return table.getTableReference();
    }
  }

  /** A view of INFORMATION_SCHEMA, computed from the metadata. */
  record Computed(
      TableReference reference, List<TableFieldSchema> fields, Supplier<List<Object[]>> rows)
      implements Relation {}
}
