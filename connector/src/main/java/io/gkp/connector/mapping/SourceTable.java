package io.gkp.connector.mapping;

import java.util.List;

/**
 * A captured table and its columns, in the order in which a row's values are given.
 *
 * @param schema the schema that holds the table, such as {@code public}
 * @param name the table's name as Postgres has it, unquoted
 * @param columns the captured columns
 */
public record SourceTable(String schema, String name, List<SourceColumn> columns) {
  public SourceTable {
    columns = List.copyOf(columns);
  }

  /**
   * Whether rows can be told apart by a key; without one a delete carries all that Postgres sent.
   */
  public boolean hasKey() {
    return columns.stream().anyMatch(SourceColumn::isKey);
  }
}
