package io.gkp.connector.export;

import io.gkp.connector.changelog.ChangelogTable;
import io.gkp.connector.changelog.LoadPipeline;
import io.gkp.connector.changelog.SnapshotBatch;
import io.gkp.connector.changelog.StreamBatcher.EpochTable;
import io.gkp.connector.config.TableName;
import io.gkp.connector.source.CapturedTable;
import io.gkp.failure.ExportException;
import io.gkp.failure.Failure;
import io.gkp.offsets.Checkpoint;
import io.gkp.offsets.Epoch;
import io.gkp.offsets.Epoch.State;
import io.gkp.offsets.Epochs;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives each captured table the epoch that its changes stream into, and reads those that have none.
 *
 * <p>An epoch is {@code snapshotting} before its first row is loaded and {@code converging} when
 * the last one is durable; a run that dies in between leaves an epoch that is never read, and that
 * the next run declares {@code dead}. By the next fence, every change older than its rows has come
 * after them: then it is {@code completed}.
 */
final class SnapshotPass {
  private static final Logger log = LoggerFactory.getLogger(SnapshotPass.class);

  private final RunParts run;
  private final Epochs epochs;
  private final Checkpoint last;
  private final Map<TableName, String> published;

  /**
   * @param last the newest checkpoint
   * @param published by which entry of the publication each table's changes are sent
   */
  SnapshotPass(RunParts run, Epochs epochs, Checkpoint last, Map<TableName, String> published) {
    this.run = run;
    this.epochs = epochs;
    this.last = last;
    this.published = published;
  }

  /**
   * Returns when every table has an epoch to stream into, or is {@linkplain RunStatistics#putOff
   * put off}: its changes are not kept until then, and need not be, since its snapshot will be
   * newer.
   *
   * @param known the newest epoch of every table
   * @param targets takes them
   * @return false when the run shall end before that
   */
  boolean run(
      List<CapturedTable> tables, Map<String, Epoch> known, Map<TableName, EpochTable> targets)
      throws InterruptedException {
    EpochRequests requests = new EpochRequests(run.runId(), run.clock(), run.statistics());
    Map<String, Epoch> newest = known;
    requests.ofTablesNotCaptured(epochs, newest.values(), run.config().source().tables(), last);
    if (requests.ofTablesPublishedAnew(epochs, newest, published, last)) {
      newest = epochs.newest();
    }
    try (LoadPipeline pipeline = run.pipelineForReads(last, run.statistics()::durable)) {
      SnapshotBatch batch = run.batchOfReads(pipeline, last);
      for (CapturedTable table : tables) {
        try {
          targets.put(table.name(), target(table, newest.get(table.name().display()), batch));
        } catch (ExportException e) {
          run.statistics().putOff(e);
        }
      }
      return true;
    } catch (CopiedRows.Stopped e) {
      return false;
    }
  }

  /** By a fence that was reached. */
  void complete(Collection<EpochTable> tables, Checkpoint fenced) {
    for (EpochTable table : tables) {
      Epoch epoch = table.epoch();
      if (epoch.state() == State.CONVERGING) {
        table.raw().keyedFrom(epoch.number());
        epochs.record(epoch.to(State.COMPLETED), fenced.n(), run.clock().instant());
      }
    }
  }

  private EpochTable target(CapturedTable table, Epoch epoch, SnapshotBatch batch)
      throws InterruptedException {
    TableName name = table.name();
    boolean streaming = epoch != null && epoch.isStreaming();
    SchemaSentences sentences = new SchemaSentences(run.statistics(), name);
    ChangelogTable raw =
        streaming
            ? run.destination().existingTable(run.catalogue().table(name), sentences)
            : run.destination().table(run.catalogue().table(name), sentences);
    run.statistics().table(name, raw.name());
    if (epoch == null) {
      requireEmpty(name, raw.name());
    }
    if (epoch != null && epoch.state() == State.SNAPSHOTTING) {
      epochs.record(epoch.to(State.DEAD), batch.number(), run.clock().instant());
    }
    return new EpochTable(raw, streaming ? epoch : read(table, nextEpoch(epoch), raw, batch));
  }

  /** Rows of which no epoch is known: the first epoch would begin among them. */
  private void requireEmpty(TableName table, String raw) {
    long rows = run.destination().rawRows(table).orElse(0);
    if (rows > 0) {
      throw new ExportException(
          Failure.LEDGER_INCOMPLETE,
          "Table "
              + raw
              + " holds "
              + rows
              + " rows, but the dataset knows of no snapshot of "
              + table
              + ": its control tables were deleted.",
          "Restore them (BigQuery keeps deleted tables for 7 days), or drop or rename "
              + raw
              + "; the next run then begins with a snapshot.");
    }
  }

  /** The epoch, now converging. */
  private Epoch read(CapturedTable table, long epochNumber, ChangelogTable raw, SnapshotBatch batch)
      throws InterruptedException {
    run.phases().begin("snapshot");
    String name = table.name().display();
    String entry = published.get(table.name());
    epochs.record(
        new Epoch(name, epochNumber, State.SNAPSHOTTING, -1, entry, null),
        batch.number(),
        run.clock().instant());
    CopiedRows rows =
        new CopiedRows(
            table.name(),
            table.estimatedRows(),
            batch.table(raw, epochNumber),
            run.progress(),
            run.stop());
    try {
      run.reader().read(table.name(), rows);
    } catch (CopiedRows.Stopped e) {
      log.warn(
          "Stopped after {} rows of the snapshot of {}, about {} in all; the next run begins it"
              + " anew. Give the run more time (--max-duration) if it never gets to the end.",
          rows.count(),
          name,
          table.estimatedRows());
      throw e;
    }
    Epoch converging =
        new Epoch(name, epochNumber, State.CONVERGING, rows.finish(), entry, rows.key().text());
    epochs.record(converging, batch.number(), run.clock().instant());
    return converging;
  }

  /** A requested epoch has its number already; one whose snapshot died is not used again. */
  private static long nextEpoch(Epoch epoch) {
    if (epoch == null) {
      return 1;
    }
    return epoch.state() == State.REQUESTED ? epoch.number() : epoch.number() + 1;
  }
}
