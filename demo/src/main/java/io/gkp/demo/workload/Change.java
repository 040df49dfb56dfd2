package io.gkp.demo.workload;

/**
 * One thing that happened to a source table, with the rows that Postgres says it touched.
 *
 * <p>A changed primary key counts as a delete of the old key and an insert of the new one, which is
 * how it arrives in the changelog.
 */
public record Change(String story, String table, long inserts, long updates, long deletes) {
  static Change inserted(String story, String table, long rows) {
    return new Change(story, table, rows, 0, 0);
  }

  static Change updated(String story, String table, long rows) {
    return new Change(story, table, 0, rows, 0);
  }

  static Change deleted(String story, String table, long rows) {
    return new Change(story, table, 0, 0, rows);
  }

  static Change rekeyed(String story, String table, long rows) {
    return new Change(story, table, rows, 0, rows);
  }

  /** Something that changes no row, or must not be seen. */
  static Change invisible(String story, String table) {
    return new Change(story, table, 0, 0, 0);
  }

  public long rows() {
    return inserts + updates + deletes;
  }
}
