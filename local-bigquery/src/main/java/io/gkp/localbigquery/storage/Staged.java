package io.gkp.localbigquery.storage;

import java.util.List;

/**
 * Rows that no table has yet, on the session that made them; they go with it.
 *
 * @param columns that the rows have
 * @param query SQL that yields them in DuckDB's types, in columns named by position
 */
public record Staged(Session session, List<Column> columns, String query, long rows) {
  /** The same rows under other names. */
  public Staged as(List<Column> renamed) {
    return new Staged(session, renamed, query, rows);
  }

  /** Their logical bytes. */
  public long bytes() {
    return rows == 0 ? 0 : session.number(Staged.bytes(columns, "(" + query + ")"));
  }

  /** SQL for the logical bytes of all rows of something. */
  static String bytes(List<Column> columns, String from) {
    StringBuilder sum = new StringBuilder("0");
    for (int i = 0; i < columns.size(); i++) {
      sum.append(" + ").append(ColumnTypes.bytes(ColumnTypes.column(i), columns.get(i)));
    }
    return "SELECT CAST(coalesce(sum(" + sum + "), 0) AS BIGINT) FROM " + from;
  }

  /** Reads the rows; close what is returned. */
  public RowCursor read() {
    return RowCursor.over(session, columns, query, () -> {});
  }
}
