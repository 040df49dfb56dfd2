package io.gkp.connector.source.table;

import java.util.List;

/**
 * A captured table and its columns, in the order in which a row's values are given.
 *
 * @param schema the schema that holds the table, such as {@code public}
 * @param name the table's name as Postgres has it, unquoted
 * @param columns the captured columns
 * @param wholeOldRows whether updates and deletes bring the old row and not just its key (REPLICA
 *     IDENTITY FULL)
 * @param deferrableKey whether two rows may have one key while a transaction or statement goes on
 */
public record SourceTable(
    String schema,
    String name,
    List<SourceColumn> columns,
    boolean wholeOldRows,
    boolean deferrableKey) {
  public SourceTable {
    columns = List.copyOf(columns);
  }

  /** A table that sends the keys of its old rows. */
  public SourceTable(String schema, String name, List<SourceColumn> columns) {
    this(schema, name, columns, false);
  }

  /** A table whose key is at all times one row's. */
  public SourceTable(String schema, String name, List<SourceColumn> columns, boolean wholeOldRows) {
    this(schema, name, columns, wholeOldRows, false);
  }

  /**
   * Whether rows can be told apart by a key; without one a delete carries all that Postgres sent.
   */
  public boolean hasKey() {
    return columns.stream().anyMatch(SourceColumn::isKey);
  }

  /**
   * Whether a key may pass from one row to another within a statement, so that the order of a
   * transaction's changes is not the order of a key's life.
   */
  public boolean keysMayMove() {
    return deferrableKey && wholeOldRows && hasKey();
  }
}
