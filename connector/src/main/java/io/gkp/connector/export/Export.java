package io.gkp.connector.export;

import com.google.cloud.bigquery.BigQuery;
import io.gkp.connector.bigquery.BigQueryClients;
import io.gkp.connector.bigquery.BigQueryDestination;
import io.gkp.connector.changelog.ChangelogTable;
import io.gkp.connector.changelog.LoadPipeline;
import io.gkp.connector.changelog.SnapshotBatch;
import io.gkp.connector.changelog.StreamBatcher.EpochTable;
import io.gkp.connector.config.ExportConfig;
import io.gkp.connector.config.TableName;
import io.gkp.connector.source.CapturedTable;
import io.gkp.connector.source.Catalogue;
import io.gkp.connector.source.Preflight;
import io.gkp.connector.source.SnapshotReader;
import io.gkp.connector.source.SourceDatabase;
import io.gkp.connector.source.SourceErrors;
import io.gkp.failure.ExportException;
import io.gkp.offsets.Checkpoint;
import io.gkp.offsets.ControlStore;
import io.gkp.offsets.Epoch;
import io.gkp.offsets.Epoch.State;
import io.gkp.offsets.Epochs;
import io.gkp.offsets.Ledger;
import io.gkp.offsets.Lsn;
import io.gkp.offsets.ReplicationSlot;
import io.gkp.offsets.Request;
import io.gkp.offsets.Requests;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One catch-up run, from the preflight to the fence.
 *
 * <ol>
 *   <li>Check the source, take the right to run.
 *   <li>Check the destination, read the ledger, bring the slot to the checkpoint.
 *   <li>Snapshot the tables that have no epoch to stream into.
 *   <li>Stream to a fence that is set now, finishing first what an earlier run had begun.
 *   <li>Complete the epochs that have converged, and move the slot to the last checkpoint.
 * </ol>
 */
public final class Export {
  private static final Logger log = LoggerFactory.getLogger(Export.class);

  private final ExportConfig config;
  private final Clock clock;
  private final Progress progress;
  private final Stop stop;
  private final String runId;
  private final RunStatistics statistics;
  private final Phases phases = new Phases();
  private final RunRecorder recorder;

  private Checkpoint checkpoint;
  private Lsn fence = Lsn.NONE;

  public Export(ExportConfig config, Clock clock, Progress progress) {
    this.config = config;
    this.clock = clock;
    this.progress = progress;
    this.stop = new Stop(clock, config.maxDuration());
    this.runId = RunIds.create(clock);
    this.recorder = new RunRecorder(clock);
    this.statistics = new RunStatistics(runId, progress);
  }

  public String runId() {
    return runId;
  }

  /** Ends the run at the next transaction end, or in a few seconds; from any thread. */
  public void requestStop() {
    stop.signal();
  }

  /** Runs to the end; never throws for what an operator can act on. */
  public RunReport run() {
    long started = System.nanoTime();
    RunReport.Status status;
    RunReport.Error error = null;
    try {
      status = catchUp() ? RunReport.Status.DRAINED : RunReport.Status.STOPPED_EARLY;
    } catch (ExportException e) {
      log.debug("Run {} failed", runId, e);
      status = RunReport.Status.FAILED;
      error =
          new RunReport.Error(
              e.failure().code(), e.getMessage(), e.remedy(), e.failure().exitCode());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      status = RunReport.Status.STOPPED_EARLY;
    }
    phases.end();
    RunReport report =
        new RunReport(
            runId,
            status,
            status == RunReport.Status.DRAINED,
            fence.equals(Lsn.NONE) ? null : fence.toString(),
            checkpoint == null || checkpoint.lsn().equals(Lsn.NONE)
                ? null
                : checkpoint.lsn().toString(),
            (System.nanoTime() - started) / 1_000_000,
            statistics.batches(),
            statistics.tables(),
            statistics.schemaChanges(),
            statistics.backfills(),
            phases.millis(),
            error);
    recorder.write(report, config.source().tables(), statistics);
    return report;
  }

  private boolean catchUp() throws InterruptedException {
    SourceDatabase database = new SourceDatabase(config.source());
    begin("check source");
    try (Connection connection = database.connect()) {
      Preflight preflight = new Preflight(connection, config.source());
      List<CapturedTable> tables = preflight.check();
      ReplicationSlot slot = new ReplicationSlot(connection, config.source().slot());
      slot.lock();

      begin("check destination");
      BigQuery bigquery = BigQueryClients.create(config.destination());
      BigQueryDestination destination = new BigQueryDestination(bigquery, config.destination());
      destination.check();
      ControlStore store = destination.controlStore();
      recorder.open(store);
      Ledger ledger = new Ledger(store);
      publish(preflight, slot, ledger, store);
      Position position = new Position(ledger, slot, clock);
      checkpoint = position.agree(runId);
      recorder.begin(connection, checkpoint);
      Epochs epochs = new Epochs(store, checkpoint.lineage(), runId);

      Catalogue catalogue = new Catalogue(database);
      catalogue.checkColumns(connection, tables);
      Map<TableName, EpochTable> targets = targets(tables, catalogue, destination, ledger, epochs);
      if (targets.size() < tables.size()) {
        return false;
      }

      begin("stream");
      StreamPass stream =
          new StreamPass(
              config,
              catalogue,
              connection,
              destination,
              ledger,
              statistics,
              progress,
              stop,
              clock,
              runId);
      boolean drained = drain(stream, targets, runId);
      if (drained) {
        complete(epochs, targets);
        RunParts parts =
            new RunParts(
                runId,
                config,
                destination,
                ledger,
                new SnapshotReader(database, catalogue),
                statistics,
                progress,
                stop,
                clock);
        drained =
            backfill(
                new BackfillPass(parts, new Requests(store), targets), position, stream, targets);
      }
      begin("finish");
      freeWal();
      recorder.end(connection, checkpoint);
      return drained;
    } catch (SQLException e) {
      throw SourceErrors.toFailure(config.source(), e);
    }
  }

  private boolean drain(StreamPass stream, Map<TableName, EpochTable> targets, String fenceName)
      throws SQLException, InterruptedException {
    try {
      fence = stream.run(checkpoint, targets, fenceName);
    } finally {
      checkpoint = stream.durable();
    }
    return !fence.equals(Lsn.NONE);
  }

  /** What operators have asked for, now that the stream has reached a fence, and a second fence. */
  private boolean backfill(
      BackfillPass backfills,
      Position position,
      StreamPass stream,
      Map<TableName, EpochTable> targets)
      throws SQLException, InterruptedException {
    List<Request> pending = backfills.pending();
    if (pending.isEmpty()) {
      return true;
    }
    begin("backfill");
    checkpoint = position.agree(runId);
    try {
      checkpoint = backfills.read(pending, checkpoint);
    } catch (CopiedRows.Stopped e) {
      log.info("Stopped in the middle of a backfill; it begins anew with the next run");
      return false;
    }
    begin("stream");
    if (!drain(stream, targets, runId + "-backfill")) {
      return false;
    }
    backfills.finish();
    return true;
  }

  /**
   * Completes the publication. What was committed while a table was not in it will never come: such
   * a table needs a new snapshot, and that is written down before anybody can take it for complete.
   */
  private void publish(Preflight preflight, ReplicationSlot slot, Ledger ledger, ControlStore store)
      throws SQLException, InterruptedException {
    Optional<Checkpoint> last =
        preflight.unpublished().isEmpty() ? Optional.empty() : ledger.last();
    if (last.isPresent()) {
      if (!last.get().lsn().equals(Lsn.NONE)) {
        new SlotPlace(slot).moveTo(last.get()); // a run that is refused asks for nothing
      }
      Epochs epochs = new Epochs(store, last.get().lineage(), runId);
      Map<String, Epoch> newest = epochs.newest();
      for (TableName table : preflight.unpublished()) {
        Epoch epoch = newest.get(table.display());
        if (epoch != null && epoch.isStreaming()) {
          log.warn("{} was not in the publication; it is read anew", table);
          requestNext(epochs, epoch, last.get(), "was not in the publication");
        }
      }
    }
    preflight.publish();
  }

  /**
   * The raw tables with the epochs to stream into, after the snapshots that are needed; fewer than
   * asked for when the run was stopped meanwhile.
   */
  private Map<TableName, EpochTable> targets(
      List<CapturedTable> tables,
      Catalogue catalogue,
      BigQueryDestination destination,
      Ledger ledger,
      Epochs epochs)
      throws InterruptedException {
    Map<String, Epoch> newest = epochs.newest();
    requestEpochsOfOthers(epochs, newest.values());
    Map<TableName, EpochTable> targets = new LinkedHashMap<>();
    SnapshotBatch batch = null;
    LoadPipeline pipeline = null;
    try {
      for (CapturedTable table : tables) {
        TableName name = table.name();
        Epoch epoch = newest.get(name.display());
        boolean streaming = epoch != null && epoch.isStreaming();
        SchemaSentences sentences = new SchemaSentences(statistics);
        ChangelogTable raw =
            streaming
                ? destination.existingTable(catalogue.table(name), sentences)
                : destination.table(catalogue.table(name), sentences);
        statistics.table(name, raw.name());
        if (streaming) {
          targets.put(name, new EpochTable(raw, epoch));
          continue;
        }
        if (batch == null) {
          begin("snapshot");
          pipeline =
              new LoadPipeline(
                  destination,
                  ledger,
                  checkpoint,
                  config.limits().maxInFlightBytes(),
                  statistics::durable,
                  ignored -> {});
          batch =
              new SnapshotBatch(
                  pipeline,
                  checkpoint,
                  runId,
                  checkpoint.orLater(clock.instant()),
                  config.limits().maxPartBytes());
        }
        Epoch read =
            new SnapshotPass(
                    new SnapshotReader(database(), catalogue), epochs, clock, progress, stop)
                .read(name, table.estimatedRows(), nextEpoch(epoch), raw, batch);
        targets.put(name, new EpochTable(raw, read));
      }
    } catch (CopiedRows.Stopped e) {
      log.info("Stopped in the middle of a snapshot; it begins anew with the next run");
    } finally {
      if (pipeline != null) {
        pipeline.close();
      }
    }
    return targets;
  }

  /**
   * Moves the slot to the last checkpoint. The run's own connection may have been lost meanwhile;
   * and where this fails everything is committed all the same: the next run moves the slot.
   */
  private void freeWal() throws InterruptedException {
    try {
      SlotPlace.move(config.source(), checkpoint);
    } catch (ExportException e) {
      log.warn("The slot stays behind {} until the next run: {}", checkpoint.lsn(), e.getMessage());
    }
  }

  private SourceDatabase database() {
    return new SourceDatabase(config.source());
  }

  /** A requested epoch has its number already; one whose snapshot died is not used again. */
  private static long nextEpoch(Epoch epoch) {
    if (epoch == null) {
      return 1;
    }
    return epoch.state() == State.REQUESTED ? epoch.number() : epoch.number() + 1;
  }

  /**
   * Changes of tables that are not captured now are passed over for ever. Should such a table be
   * captured again, it needs a new snapshot; what analysts see of it stays until then.
   */
  private void requestEpochsOfOthers(Epochs epochs, Collection<Epoch> newest) {
    for (Epoch epoch : newest) {
      if (epoch.isStreaming() && !isCaptured(epoch.table())) {
        log.info("{} is not captured any more; its changes are not kept", epoch.table());
        requestNext(epochs, epoch, checkpoint, "not captured by " + runId);
      }
    }
  }

  private void requestNext(Epochs epochs, Epoch epoch, Checkpoint last, String reason) {
    epochs.request(
        runId,
        epoch.table(),
        epoch.number() + 1,
        last.n(),
        clock.instant(),
        "export-bigquery",
        reason);
  }

  /** By the fence, every change older than a snapshot's rows has come after them. */
  private void complete(Epochs epochs, Map<TableName, EpochTable> targets) {
    for (EpochTable table : targets.values()) {
      Epoch epoch = table.epoch();
      if (epoch.state() == State.CONVERGING) {
        epochs.record(
            new Epoch(epoch.table(), epoch.number(), State.COMPLETED, epoch.rows()),
            checkpoint.n(),
            clock.instant());
      }
    }
  }

  private boolean isCaptured(String table) {
    return config.source().tables().stream().anyMatch(name -> name.display().equals(table));
  }

  private void begin(String phase) {
    phases.begin(phase);
    progress.phase(phase);
  }
}
