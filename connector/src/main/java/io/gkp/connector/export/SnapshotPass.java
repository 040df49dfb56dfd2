package io.gkp.connector.export;

import io.gkp.connector.changelog.ChangelogTable;
import io.gkp.connector.changelog.SnapshotBatch;
import io.gkp.connector.config.TableName;
import io.gkp.connector.mapping.SourceTable;
import io.gkp.connector.source.SnapshotReader;
import io.gkp.offsets.Epoch;
import io.gkp.offsets.Epoch.State;
import io.gkp.offsets.Epochs;
import io.gkp.offsets.Lsn;
import java.time.Clock;

/**
 * Reads one table into a new epoch.
 *
 * <p>The epoch is {@code snapshotting} before the first row is loaded and {@code converging} when
 * the last one is durable; a run that dies in between leaves an epoch that is never read.
 */
final class SnapshotPass {
  private static final int PROGRESS_EVERY = 5_000;

  private final SnapshotReader reader;
  private final Epochs epochs;
  private final Clock clock;
  private final Progress progress;
  private final Stop stop;

  SnapshotPass(SnapshotReader reader, Epochs epochs, Clock clock, Progress progress, Stop stop) {
    this.reader = reader;
    this.epochs = epochs;
    this.clock = clock;
    this.progress = progress;
    this.stop = stop;
  }

  /** Thrown to leave the middle of a snapshot. */
  static final class Stopped extends RuntimeException {
    Stopped() {
      super(null, null, false, false);
    }
  }

  /**
   * Returns when all rows are durable.
   *
   * @return the epoch, now converging
   * @throws Stopped when the run shall end; the epoch is dead then
   */
  Epoch read(
      TableName table,
      long estimatedRows,
      long epochNumber,
      ChangelogTable raw,
      SnapshotBatch batch)
      throws InterruptedException {
    Epoch epoch = new Epoch(table.display(), epochNumber, State.SNAPSHOTTING, -1);
    epochs.record(epoch, batch.number(), clock.instant());
    Rows rows = new Rows(table, estimatedRows, batch.table(raw, epochNumber));
    reader.read(table, rows);
    progress.snapshotRows(table, rows.count, rows.count);
    rows.target.awaitDurable();
    Epoch converging = new Epoch(table.display(), epochNumber, State.CONVERGING, rows.count);
    epochs.record(converging, batch.number(), clock.instant());
    return converging;
  }

  private final class Rows implements SnapshotReader.RowHandler {
    private final TableName table;
    private final long estimatedRows;
    private final SnapshotBatch.Rows target;
    private SourceTable layout;
    private Lsn lsn;
    private long count;

    Rows(TableName table, long estimatedRows, SnapshotBatch.Rows target) {
      this.table = table;
      this.estimatedRows = estimatedRows;
      this.target = target;
    }

    @Override
    public void begin(SourceTable snapshotLayout, Lsn snapshotLsn) {
      this.layout = snapshotLayout;
      this.lsn = snapshotLsn;
    }

    @Override
    public void row(String[] values) throws InterruptedException {
      if (stop.isDue()) {
        throw new Stopped();
      }
      target.add(layout, values, lsn);
      if (++count % PROGRESS_EVERY == 0) {
        progress.snapshotRows(table, count, estimatedRows);
      }
    }
  }
}
