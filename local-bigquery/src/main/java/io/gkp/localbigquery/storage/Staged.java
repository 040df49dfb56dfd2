package io.gkp.localbigquery.storage;

import java.util.List;

/** Rows that no table has yet, on the session that made them; they go with it. */
public final class Staged {
  /** Bytes that are to be counted when somebody asks. */
  static final long UNKNOWN = -1;

  private final Session session;
  private final List<Column> columns;
  private final String query;
  private final long rows;
  private long bytes;

  /**
   * @param columns that the rows have
   * @param query SQL that yields them in DuckDB's types, in columns named by position
   * @param bytes their logical bytes, or {@link #UNKNOWN}
   */
  Staged(Session session, List<Column> columns, String query, long rows, long bytes) {
    this.session = session;
    this.columns = columns;
    this.query = query;
    this.rows = rows;
    this.bytes = bytes;
  }

  public Session session() {
    return session;
  }

  public List<Column> columns() {
    return columns;
  }

  public String query() {
    return query;
  }

  public long rows() {
    return rows;
  }

  /** The same rows under other names. */
  public Staged as(List<Column> renamed) {
    return new Staged(session, renamed, query, rows, bytes);
  }

  /** Their logical bytes. */
  public long bytes() {
    if (bytes == UNKNOWN) {
      bytes = rows == 0 ? 0 : LogicalBytes.of(columns).in(session, "(" + query + ")");
    }
    return bytes;
  }

  /** Reads the rows; close what is returned. */
  public RowCursor read() {
    return RowCursor.over(session, columns, query, () -> {});
  }
}
