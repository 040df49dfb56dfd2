package io.gkp.localbigquery.storage;

/**
 * What a table was until it changed.
 *
 * @param table {@code null} where its rows are gone
 * @param since when it became so, in microseconds since 1970
 * @param until when it changed, or was deleted
 */
record PastState(StoredTable table, long since, long until) {
  PastState(StoredTable table, long until) {
    this(table, table.since(), until);
  }

  static PastState gone(long since, long until) {
    return new PastState(null, since, until);
  }

  boolean isGone() {
    return table == null;
  }

  /** Whether the rows lie in this table in DuckDB. */
  boolean liesIn(String physical) {
    return table != null && table.physical().equals(physical);
  }

  PastState in(String physical) {
    return new PastState(table.in(physical), since, until);
  }
}
