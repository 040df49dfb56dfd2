package io.gkp.localbigquery.sql.statement;

/**
 * How many rows DML inserted, updated and deleted.
 *
 * @see <a href="https://cloud.google.com/bigquery/docs/reference/rest/v2/DmlStats">dmlStats</a>
 */
public record RowCounts(long inserted, long updated, long deleted) {
  public long total() {
    return inserted + updated + deleted;
  }
}
