package io.gkp.connector.changelog;

import io.gkp.connector.config.BatchLimits;
import io.gkp.connector.mapping.row.ChangeOp;
import io.gkp.connector.source.stream.Change.Row;
import io.gkp.connector.source.table.SourceTable;
import io.gkp.connector.wire.Tuple;
import io.gkp.name.Lsn;
import io.gkp.offsets.Checkpoint;
import java.time.Instant;
import java.util.List;

/**
 * The rows of a snapshot pass. They take the number of the last committed batch: in their epoch
 * they come before everything of the stream, and the next number stays free for the batch that an
 * earlier run may have begun. Nothing of a snapshot is ever recovered: what a dead run left is in
 * an epoch that nobody reads.
 */
public final class SnapshotBatch {
  private final LoadPipeline pipeline;
  private final BatchHeader header;
  private final BatchLimits limits;

  /**
   * @param last the newest checkpoint
   */
  public SnapshotBatch(
      LoadPipeline pipeline,
      Checkpoint last,
      String runId,
      Instant ingestedAt,
      BatchLimits limits) {
    this.pipeline = pipeline;
    this.header =
        new BatchHeader(
            last.lineage(),
            last.n(),
            last.timeline(),
            runId,
            ingestedAt,
            true,
            limits.compression());
    this.limits = limits;
  }

  public long number() {
    return header.number();
  }

  /** Begins one table. */
  public Rows table(ChangelogTable table, long epoch) throws InterruptedException {
    return new Rows(
        new TableParts(
            table, epoch, header, EarlierParts.NONE, new OpenParts(limits.maxPartBytes())),
        pipeline.begin());
  }

  /** Snapshot rows of one table. */
  public static final class Rows {
    private final TableParts parts;
    private final LoadPipeline.Loading loading;

    private Rows(TableParts parts, LoadPipeline.Loading loading) {
      this.parts = parts;
      this.loading = loading;
    }

    /**
     * @param lsn a position that the snapshot is not older than
     */
    public void add(SourceTable layout, Tuple values, Lsn lsn) throws InterruptedException {
      parts.add(
          layout,
          List.of(new Row(ChangeOp.READ, values)),
          new TableParts.Origin(lsn.value(), null, null),
          loading);
    }

    /** Returns when all rows are in the raw table. */
    public void awaitDurable() throws InterruptedException {
      parts.finish(Lsn.NONE, loading);
      loading.awaitDurable();
    }
  }
}
