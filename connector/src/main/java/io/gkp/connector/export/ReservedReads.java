package io.gkp.connector.export;

import io.gkp.connector.changelog.LoadPipeline;
import io.gkp.connector.changelog.SnapshotBatch;
import io.gkp.connector.changelog.StreamBatcher.EpochTable;
import io.gkp.name.TableName;
import io.gkp.offsets.Checkpoint;
import java.util.function.Consumer;

/**
 * Reads rows into epochs that changes stream into, each time under a batch number of its own.
 *
 * <p>The stream must have reached a fence before, so that the rows are at least as new as all that
 * is in the destination, and must reach another one behind them: the changes in between come in
 * later batches, in order. What a read that dies has loaded stays, and is right where it is.
 */
final class ReservedReads {
  private final RunParts run;

  ReservedReads(RunParts run) {
    this.run = run;
  }

  /** Reads some of a table's rows. */
  @FunctionalInterface
  interface Reading {
    void into(CopiedRows rows) throws InterruptedException;
  }

  /**
   * Takes the next batch number; the position stays.
   *
   * @param last the newest checkpoint
   * @return the newest checkpoint now
   */
  Checkpoint reserve(Checkpoint last) {
    return run.ledger().reserve(last, 1, run.runId(), run.clock().instant());
  }

  /**
   * Returns when all rows are durable.
   *
   * @param jobs told each load job
   * @return how many rows were read
   * @throws CopiedRows.Stopped when the run shall end
   */
  long copy(
      TableName table,
      EpochTable target,
      Reading reading,
      Checkpoint reserved,
      Consumer<String> jobs)
      throws InterruptedException {
    try (LoadPipeline pipeline =
        run.pipelineForReads(
            reserved,
            receipt -> {
              jobs.accept(receipt.jobId());
              run.statistics().durable(receipt);
            })) {
      SnapshotBatch batch = run.batchOfReads(pipeline, reserved);
      CopiedRows rows =
          new CopiedRows(
              table,
              -1,
              batch.table(target.raw(), target.epoch().number()),
              run.progress(),
              run.stop());
      reading.into(rows);
      return rows.finish();
    }
  }
}
