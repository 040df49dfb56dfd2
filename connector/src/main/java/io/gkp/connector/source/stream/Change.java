package io.gkp.connector.source.stream;

import io.gkp.connector.mapping.row.ChangeOp;
import io.gkp.connector.source.table.SourceTable;
import io.gkp.connector.wire.Tuple;
import io.gkp.name.TableName;
import java.time.Instant;
import java.util.List;

/**
 * One change that Postgres sent: of one captured row, or a truncation. How many there are, and in
 * which order, is the same whenever the same part of the stream is read again.
 *
 * @param layout the table's columns as they were when the change was made
 * @param rows what it adds to the changelog, at most {@link #MAX_ROWS}; how many may be told in
 *     another way when the change is read again
 * @param lsn position of the change; not in commit order, and shared by the rows of one WAL record
 */
public record Change(
    TableName table,
    SourceTable layout,
    List<Row> rows,
    long lsn,
    long transactionId,
    Instant committedAt) {
  /** An update that gave a row another key ends one row and begins another. */
  public static final int MAX_ROWS = 2;

  /** The same change, which adds other rows. */
  public Change with(List<Row> otherRows) {
    return new Change(table, layout, otherRows, lsn, transactionId, committedAt);
  }

  /** The same change, which may be kept. */
  public Change compact() {
    return with(
        rows.stream().map(row -> new Row(row.operation(), row.values().compact())).toList());
  }

  /**
   * The change of a table whose {@linkplain SourceTable#keysMayMove keys may move}, of which an
   * update comes as the end of one row and the beginning of another: an update again, where both
   * have the same key.
   */
  public Change asItCame() {
    return rows.size() < 2 || KeyChange.isOne(layout, rows.get(0).values(), rows.get(1).values())
        ? this
        : with(List.of(new Row(ChangeOp.UPDATE, rows.get(1).values())));
  }

  /**
   * A row of the changelog.
   *
   * @param values one for each column of the change's layout; for deletes only key columns are
   *     meaningful; none for a truncate
   */
  public record Row(ChangeOp operation, Tuple values) {}
}
