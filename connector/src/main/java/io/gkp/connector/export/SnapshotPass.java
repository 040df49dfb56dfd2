package io.gkp.connector.export;

import io.gkp.connector.changelog.ChangelogTable;
import io.gkp.connector.changelog.SnapshotBatch;
import io.gkp.connector.config.TableName;
import io.gkp.connector.source.SnapshotReader;
import io.gkp.offsets.Epoch;
import io.gkp.offsets.Epoch.State;
import io.gkp.offsets.Epochs;
import java.time.Clock;

/**
 * Reads one table into a new epoch.
 *
 * <p>The epoch is {@code snapshotting} before the first row is loaded and {@code converging} when
 * the last one is durable; a run that dies in between leaves an epoch that is never read.
 */
final class SnapshotPass {
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

  /**
   * Returns when all rows are durable.
   *
   * @return the epoch, now converging
   * @throws CopiedRows.Stopped when the run shall end; the epoch is dead then
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
    CopiedRows rows =
        new CopiedRows(table, estimatedRows, batch.table(raw, epochNumber), progress, stop);
    reader.read(table, rows);
    Epoch converging = new Epoch(table.display(), epochNumber, State.CONVERGING, rows.finish());
    epochs.record(converging, batch.number(), clock.instant());
    return converging;
  }
}
