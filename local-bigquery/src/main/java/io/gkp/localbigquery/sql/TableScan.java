package io.gkp.localbigquery.sql;

import com.google.api.services.bigquery.model.TableFieldSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What a statement reads of one table.
 *
 * @param positions of the columns read, in the schema's order
 * @param filter of the rows
 */
record TableScan(Relation table, List<Integer> positions, RowFilter filter) {
  /**
   * @param live positions of the columns that are needed
   * @param alternatives as {@link Pushdown} finds them
   */
  static TableScan of(Relation table, Set<Integer> live, List<List<ColumnTest>> alternatives) {
    List<Integer> positions = List.copyOf(live);
    return new TableScan(table, positions, new RowFilter(table, positions, alternatives));
  }

  List<TableFieldSchema> columns() {
    return positions.stream().map(i -> table.fields().get(i)).toList();
  }

  /** Whether the rows lie in the warehouse, so that reading them costs. */
  boolean isStored() {
    return !(table instanceof Relation.Computed);
  }

  String key() {
    return Expansion.key(table);
  }

  /** The columns as the reference engine gets them: at least one. */
  List<TableFieldSchema> passedColumns() {
    return positions.isEmpty()
        ? List.of(new TableFieldSchema().setName("_").setType("BOOL"))
        : columns();
  }

  /** A FROM item with all columns of the table, those that are not passed being NULL. */
  String from() {
    String table = SqlTypes.quote(key());
    if (positions.size() == table().fields().size()) {
      return table;
    }
    List<String> columns = new ArrayList<>();
    for (int i = 0; i < table().fields().size(); i++) {
      TableFieldSchema field = table().fields().get(i);
      String name = SqlTypes.quote(field.getName());
      columns.add(
          positions.contains(i)
              ? name
              : "CAST(NULL AS " + SqlTypes.sql(SqlTypes.of(field)) + ") AS " + name);
    }
    return "(SELECT " + String.join(", ", columns) + " FROM " + table + ")";
  }
}
