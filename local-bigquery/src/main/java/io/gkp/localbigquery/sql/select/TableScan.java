package io.gkp.localbigquery.sql.select;

import io.gkp.localbigquery.sql.statement.Relation;
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

  /** Whether the rows lie in the warehouse, so that reading them costs. */
  boolean isStored() {
    return !(table instanceof Relation.Computed);
  }
}
