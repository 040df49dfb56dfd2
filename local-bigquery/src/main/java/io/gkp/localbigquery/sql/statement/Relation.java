package io.gkp.localbigquery.sql.statement;

import com.google.api.services.bigquery.model.Table;
import com.google.api.services.bigquery.model.TableFieldSchema;
import com.google.api.services.bigquery.model.TableReference;
import io.gkp.localbigquery.api.ApiException;
import io.gkp.localbigquery.sql.analysis.PseudoColumns;
import io.gkp.localbigquery.sql.value.SqlTypes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;

/** What a name in FROM can stand for. */
public sealed interface Relation {
  TableReference reference();

  List<TableFieldSchema> fields();

  /** All that a statement may name: fields, then pseudo-columns. */
  default List<TableFieldSchema> columns() {
    return fields();
  }

  private static List<TableFieldSchema> withPseudoColumns(
      List<TableFieldSchema> fields, Table table) {
    List<TableFieldSchema> pseudo = PseudoColumns.of(table);
    if (pseudo.isEmpty()) {
      return fields;
    }
    List<TableFieldSchema> all = new ArrayList<>(fields);
    all.addAll(pseudo);
    return all;
  }

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

    @Override
    public List<TableFieldSchema> columns() {
      return withPseudoColumns(fields(), table);
    }
  }

  /** A stored table whose rows are numbered, from 0, in a last column. */
  record Numbered(Table table) implements Relation {
    public static final String ROW = "_row_";

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

    @Override
    public List<TableFieldSchema> columns() {
      return withPseudoColumns(fields(), table);
    }
  }

  /**
   * Tables whose names begin alike, read as one, with the rest of the name in a column that {@code
   * *} leaves out.
   *
   * @param tables the newest first, which gives the columns
   * @param prefix of their names
   * @see <a href="https://cloud.google.com/bigquery/docs/querying-wildcard-tables">Wildcard
   *     tables</a>
   */
  record Wildcard(TableReference reference, List<Table> tables, String prefix) implements Relation {

    /** Throws {@code invalid} where no table matches, or a view does. */
    static Wildcard of(TableReference reference, List<Table> all) {
      String wildcard = reference.getTableId();
      String prefix = wildcard.substring(0, wildcard.length() - 1);
      List<Table> matching =
          all.stream()
              .filter(table -> table.getTableReference().getTableId().startsWith(prefix))
              .sorted(
                  Comparator.comparing(Table::getCreationTime)
                      .thenComparing(table -> table.getTableReference().getTableId())
                      .reversed())
              .toList();
      if (matching.isEmpty()) {
        throw ApiException.invalid(TableName.display(reference) + " does not match any table.");
      }
      for (Table table : matching) {
        if (table.getView() != null) {
          throw ApiException.invalid(
              "Views cannot be queried through prefix. Matched views are: "
                  + TableName.display(table.getTableReference()));
        }
      }
      return new Wildcard(reference, matching, prefix);
    }

    @Override
    public List<TableFieldSchema> fields() {
      List<TableFieldSchema> fields = new ArrayList<>(new Stored(tables.get(0)).fields());
      fields.add(
          new TableFieldSchema()
              .setName(PseudoColumns.SUFFIX)
              .setType("STRING")
              .setMode("NULLABLE"));
      return fields;
    }

    String suffix(Table table) {
      return table.getTableReference().getTableId().substring(prefix.length());
    }
  }

  /**
   * A view, which stands for its query.
   *
   * @param query for its rows, over the keys of what it reads; in parentheses
   */
  record View(Table table, List<TableFieldSchema> fields, Expansion body, String query)
      implements Relation {
    /** With columns named as CREATE VIEW named them, else as the query does. */
    static View of(Table table, Expansion body, List<TableFieldSchema> columns) {
      List<TableFieldSchema> named =
          table.getSchema() == null ? null : table.getSchema().getFields();
      boolean renamed = named != null && named.size() == columns.size();
      boolean byPlace = renamed && columns.stream().anyMatch(View::mayBeUnnamed);
      List<TableFieldSchema> fields = new ArrayList<>();
      List<String> items = new ArrayList<>();
      for (int i = 0; i < columns.size(); i++) {
        String name = columns.get(i).getName();
        String newName = renamed ? named.get(i).getName() : name;
        fields.add(columns.get(i).clone().setName(newName));
        items.add(
            (byPlace
                    ? "CAST(NULL AS " + SqlTypes.sql(SqlTypes.of(columns.get(i))) + ")"
                    : SqlTypes.quote(name))
                + " AS "
                + SqlTypes.quote(newName));
      }
      // A line comment at the end of the view's text must not swallow what follows.
      String query = "(" + Expansion.text(body.parts()) + "\n)";
      String select = "SELECT " + String.join(", ", items) + " FROM ";
      return new View(
          table,
          fields,
          body,
          byPlace
              ? "(" + select + "(SELECT 1) WHERE FALSE UNION ALL " + query + ")"
              : fields.equals(columns) ? query : "(" + select + query + ")");
    }

    /** Such names are given to columns that have none of their own, or another's. */
    private static boolean mayBeUnnamed(TableFieldSchema column) {
      return column.getName().matches("f\\d+_|.*_\\d+");
    }

    @Override
    public TableReference reference() {
      return table.getTableReference();
    }

    /** Whether it is a table whose policies let some rows through alone. */
    boolean hidesRows() {
      return table.getView() == null;
    }

    /** Its rows wherever they are read; over tables alone, in parentheses. */
    String alone() {
      List<Expansion.Part> all =
          List.of(new Expansion.Text("SELECT * FROM "), new Expansion.Slot(this, null));
      return "(" + Expansion.sql(all) + ")";
    }
  }

  /** A view of INFORMATION_SCHEMA, computed from the metadata. */
  record Computed(
      TableReference reference, List<TableFieldSchema> fields, Supplier<List<Object[]>> rows)
      implements Relation {}

  /** The place of a field, whatever its case; 400 where there is none. */
  static int position(List<TableFieldSchema> fields, String name) {
    for (int i = 0; i < fields.size(); i++) {
      if (fields.get(i).getName().equalsIgnoreCase(name)) {
        return i;
      }
    }
    throw ApiException.invalidQuery("Column " + name + " is not present in the table");
  }
}
