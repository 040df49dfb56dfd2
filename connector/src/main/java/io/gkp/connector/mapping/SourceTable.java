package io.gkp.connector.mapping;

import java.util.List;

/**
 * A captured table and its columns, in the order in which a row's values are given.
 *
 * @param schema the schema that holds the table, such as {@code public}
 * @param name the table's name as Postgres has it, unquoted
 * @param columns the captured columns
 * @param wholeOldRows whether updates and deletes bring the old row and not just its key (REPLICA
 *     IDENTITY FULL)
 */
public record SourceTable(
    String schema, String name, List<SourceColumn> columns, boolean wholeOldRows) {
  public SourceTable {
    columns = List.copyOf(columns);
  }

  /** A table that sends the keys of its old rows. */
  public SourceTable(String schema, String name, List<SourceColumn> columns) {
    this(schema, name, columns, false);
  }

  /**
   * Whether rows can be told apart by a key; without one a delete carries all that Postgres sent.
   */
  public boolean hasKey() {
    return columns.stream().anyMatch(SourceColumn::isKey);
  }
}
