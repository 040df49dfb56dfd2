package io.gkp.localbigquery.storage;

import java.util.ArrayList;
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
      bytes = rows == 0 ? 0 : session.number(Staged.bytes(columns, "(" + query + ")"));
    }
    return bytes;
  }

  /** SQL for the logical bytes of all rows of something. */
  static String bytes(List<Column> columns, String from) {
    List<String> bytes = new ArrayList<>(List.of("0"));
    for (int i = 0; i < columns.size(); i++) {
      bytes.add(ColumnTypes.bytes(ColumnTypes.column(i), columns.get(i)));
    }
    return "SELECT CAST(coalesce(sum(" + sum(bytes) + "), 0) AS BIGINT) FROM " + from;
  }

  /**
   * By halves: DuckDB takes no expression that is nested 1,000 deep, and a table may have 10,000
   * columns.
   */
  private static String sum(List<String> terms) {
    if (terms.size() == 1) {
      return terms.get(0);
    }
    int half = terms.size() / 2;
    return "(" + sum(terms.subList(0, half)) + " + " + sum(terms.subList(half, terms.size())) + ")";
  }

  /** Reads the rows; close what is returned. */
  public RowCursor read() {
    return RowCursor.over(session, columns, query, () -> {});
  }
}
