package io.gkp.localbigquery.storage;

import java.util.List;

/**
 * Rows that no table has yet, on the session that made them; they go with it.
 *
 * @param columns that the rows have
 * @param query SQL that yields them in DuckDB's types, in columns named by position
 * @param bytes their logical bytes
 */
public record Staged(Session session, List<Column> columns, String query, long rows, long bytes) {
  /** The same rows under other names. */
  public Staged as(List<Column> renamed) {
    return new Staged(session, renamed, query, rows, bytes);
  }

  /** Reads the rows; close what is returned. */
  public RowCursor read() {
    return RowCursor.over(session, columns, query, () -> {});
  }
}
