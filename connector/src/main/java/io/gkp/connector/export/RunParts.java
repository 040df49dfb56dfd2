package io.gkp.connector.export;

import io.gkp.connector.bigquery.BigQueryDestination;
import io.gkp.connector.changelog.LoadPipeline;
import io.gkp.connector.changelog.Receipt;
import io.gkp.connector.changelog.SnapshotBatch;
import io.gkp.connector.config.ExportConfig;
import io.gkp.connector.source.Catalogue;
import io.gkp.connector.source.SourceDatabase;
import io.gkp.connector.source.snapshot.SnapshotReader;
import io.gkp.offsets.Checkpoint;
import io.gkp.offsets.Ledger;
import java.time.Clock;
import java.util.function.Consumer;

/** What the passes of one run have in common. */
record RunParts(
    String runId,
    ExportConfig config,
    SourceDatabase database,
    Catalogue catalogue,
    SnapshotReader reader,
    BigQueryDestination destination,
    Ledger ledger,
    RunStatistics statistics,
    Progress progress,
    Phases phases,
    Stop stop,
    Clock clock) {

  /**
   * A pipeline for rows that are read from tables.
   *
   * @param last the newest checkpoint
   */
  LoadPipeline pipelineForReads(Checkpoint last, Consumer<Receipt> durable) {
    return new LoadPipeline(
        destination,
        ledger,
        last,
        config.limits().maxInFlightBytes(),
        durable,
        checkpoint -> {
          throw new IllegalStateException("a read commits no batch of the stream");
        },
        () -> {
          if (stop.isOverdue()) {
            throw new CopiedRows.Stopped();
          }
        });
  }

  /** The batch of rows that are read from tables, under a checkpoint's number. */
  SnapshotBatch batchOfReads(LoadPipeline pipeline, Checkpoint last) {
    return new SnapshotBatch(pipeline, last, runId, last.orLater(clock.instant()), config.limits());
  }
}
