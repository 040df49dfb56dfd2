package io.gkp.connector.export;

import io.gkp.connector.changelog.SnapshotBatch;
import io.gkp.connector.mapping.row.RowKey;
import io.gkp.connector.source.snapshot.SnapshotReader;
import io.gkp.connector.source.table.SourceTable;
import io.gkp.connector.wire.Tuple;
import io.gkp.name.Lsn;
import io.gkp.name.TableName;
import java.util.Map;

/** Rows on their way from a read of the table into a snapshot batch. */
final class CopiedRows implements SnapshotReader.RowHandler {
  private static final int PROGRESS_EVERY = 5_000;

  private final TableName table;
  private final SnapshotBatch.Rows target;
  private final Progress progress;
  private final Stop stop;

  // What begin tells, before any row.
  @SuppressWarnings("NullAway.Init")
  private SourceTable layout;

  @SuppressWarnings("NullAway.Init")
  private Lsn lsn;

  private long count;
  private Map<Long, Long> partitions = Map.of();

  CopiedRows(
      TableName table,
      long estimatedRows,
      SnapshotBatch.Rows target,
      Progress progress,
      Stop stop) {
    this.table = table;
    this.target = target;
    this.progress = progress;
    this.stop = stop;
    progress.reading(table, estimatedRows);
  }

  /** Thrown to leave the middle of a read. */
  static final class Stopped extends RuntimeException {
    Stopped() {
      super(null, null, false, false);
    }
  }

  @Override
  public void partitions(Map<Long, Long> attached) {
    partitions = attached;
  }

  @Override
  public void begin(SourceTable snapshotLayout, Lsn snapshotLsn) {
    this.layout = snapshotLayout;
    this.lsn = snapshotLsn;
  }

  @Override
  public void row(Tuple values) throws InterruptedException {
    if (stop.isDue()) {
      throw new Stopped();
    }
    target.add(layout, values, lsn);
    if (++count % PROGRESS_EVERY == 0) {
      progress.read(table, count);
    }
  }

  /** Partitions that rows came from; {@link SnapshotReader.RowHandler#partitions}. */
  Map<Long, Long> partitions() {
    return partitions;
  }

  /** By what the rows are told apart. */
  RowKey key() {
    return RowKey.of(layout);
  }

  /** How many rows have come so far. */
  long count() {
    return count;
  }

  /**
   * Returns when all rows are durable.
   *
   * @return how many there were
   */
  long finish() throws InterruptedException {
    progress.read(table, count);
    target.awaitDurable();
    progress.readAll(table, count);
    return count;
  }
}
