package io.gkp.connector.export;

import io.gkp.bigquery.BigQueryClients;
import io.gkp.connector.bigquery.BigQueryDestination;
import io.gkp.connector.changelog.StreamBatcher.EpochTable;
import io.gkp.connector.checks.Finding;
import io.gkp.connector.checks.source.ProtectionChecks;
import io.gkp.connector.checks.source.TypeChecks;
import io.gkp.connector.composition.Drift;
import io.gkp.connector.composition.TableDrifts;
import io.gkp.connector.config.ExportConfig;
import io.gkp.connector.source.CapturedTable;
import io.gkp.connector.source.Catalogue;
import io.gkp.connector.source.DefaultTables;
import io.gkp.connector.source.Preflight;
import io.gkp.connector.source.SourceDatabase;
import io.gkp.connector.source.SourceErrors;
import io.gkp.connector.source.WalHistory;
import io.gkp.connector.source.snapshot.SnapshotReader;
import io.gkp.connector.source.stream.ChangeStream;
import io.gkp.connector.source.table.SourceTable;
import io.gkp.connector.verify.TableVerification;
import io.gkp.connector.verify.VerifyOptions;
import io.gkp.failure.ExportException;
import io.gkp.failure.Failure;
import io.gkp.name.Lsn;
import io.gkp.name.TableName;
import io.gkp.offsets.Checkpoint;
import io.gkp.offsets.ControlStore;
import io.gkp.offsets.Epoch;
import io.gkp.offsets.Epochs;
import io.gkp.offsets.Ledger;
import io.gkp.offsets.ReplicationSlot;
import io.gkp.offsets.Request;
import io.gkp.offsets.Requests;
import io.gkp.raw.RawNames;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One catch-up run, from the preflight to the fence.
 *
 * <ol>
 *   <li>Check the source, take the right to run.
 *   <li>Check the destination, read the ledger, bring the slot to the checkpoint.
 *   <li>Look for tables whose rows have changed without an event: they get another epoch.
 *   <li>Where tables have no epoch to stream into yet: stream to a fence of its own for those that
 *       have one, so that they go on whatever becomes of the snapshots. Changes of the others go
 *       into their former epochs, or are passed over; their snapshots hold them.
 *   <li>Snapshot those others, as far as time allows.
 *   <li>Stream to a fence that is set now, finishing first what an earlier run had begun.
 *   <li>Complete the epochs that have converged, and move the slot to the last checkpoint.
 *   <li>Bring the views in step with the raw tables.
 * </ol>
 */
public final class Export {
  private static final Logger log = LoggerFactory.getLogger(Export.class);

  /** A table that does not fit its epoch at every fence does not get to the end of a run. */
  private static final int MOST_READINGS = 3;

  /** For so many snapshots of a table that were killed the others wait. */
  private static final int MOST_FIRST_READINGS = 3;

  private ExportConfig config;
  private SourceDatabase database;
  private final Clock clock;
  private final Progress progress;
  private final Stop stop;
  private final String runId;
  private final RunStatistics statistics;
  private final Phases phases;
  private final RunRecorder recorder;
  private final VerifyOptions verify;

  /** Follows when the stream has reached its fence and the views are in step; null for nothing. */
  private Settling verifying;

  private List<TableVerification> verified = List.of();
  private Checkpoint checkpoint;
  private Lsn fence = Lsn.NONE;
  private Throwable cause;

  public Export(ExportConfig config, Clock clock, Progress progress) {
    this(config, clock, progress, null);
  }

  /**
   * @param verify what to compare with the source once everything is in; null for nothing
   */
  public Export(ExportConfig config, Clock clock, Progress progress, VerifyOptions verify) {
    this(config, clock, progress, verify, RunIds.create(clock));
  }

  /**
   * @param runId one that {@link RunIds} has made, and that no run had before
   */
  public Export(
      ExportConfig config, Clock clock, Progress progress, VerifyOptions verify, String runId) {
    this.config = config;
    this.database = new SourceDatabase(config.source());
    this.verify = verify;
    this.clock = clock;
    this.progress = progress;
    this.phases = new Phases(progress);
    this.stop = new Stop(clock, config.maxDuration());
    this.runId = runId;
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

  /** Has the report begin with a warning that the log has already. */
  public void begunWith(Finding warning) {
    statistics.logged(warning);
  }

  /** What made the run fail, for its stack trace; null where it did not. */
  public Throwable cause() {
    return cause;
  }

  /** Runs to the end; whatever happens is in the report. */
  public RunReport run() {
    long started = System.nanoTime();
    RunReport.Status status;
    RunReport.Error error = null;
    Overdue overdue = new Overdue(stop, database, statistics);
    try (overdue) {
      status =
          catchUp() && !statistics.hasPutOff()
              ? RunReport.Status.DRAINED
              : RunReport.Status.STOPPED_EARLY;
    } catch (ExportException e) {
      log.debug("Run {} failed", runId, e);
      cause = e;
      if (overdue.hasEndedIt()) {
        status = RunReport.Status.STOPPED_EARLY;
      } else {
        status = RunReport.Status.FAILED;
        error = RunReport.Error.of(e);
      }
    } catch (RuntimeException e) {
      status = RunReport.Status.FAILED;
      error =
          RunReport.Error.of(
              new ExportException(
                  Failure.INTERNAL,
                  "Something unexpected happened (" + e.getClass().getSimpleName() + ").",
                  "Nothing is lost; run again with --verbose and report it."));
      cause = e;
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
            statistics.warnings(),
            statistics.backfills(),
            statistics.views(),
            phases.millis(),
            verified,
            error);
    recorder.write(report, config.source().tables(), statistics);
    return report;
  }

  private boolean catchUp() throws InterruptedException {
    phases.begin("check source");
    try (Connection connection = database.connect()) {
      config = DefaultTables.existing(connection, config.withSource(database.config()));
      database = database.of(config.source());
      Preflight preflight = new Preflight(connection, config.source());
      List<CapturedTable> tables = preflight.check();
      DefaultTables.leftOut(config).ifPresent(statistics::warn);
      ReplicationSlot slot = new ReplicationSlot(connection, config.source().slot());
      slot.lock();
      slot.lockedBy(runId);

      ChangeStream.warmUp(config.source());
      phases.begin("check destination");
      BigQueryDestination destination =
          new BigQueryDestination(
              BigQueryClients.create(config.destination()),
              config.destination(),
              config.policyTags());
      destination.check();
      ControlStore store = destination.controlStore();
      recorder.open(store);
      WalHistory history = new WalHistory(connection, config.source());
      SlotPlace place = new SlotPlace(slot, history);
      Position position = new Position(store, slot, place, history, clock);
      Optional<Checkpoint> last = position.read();
      new SkippedBatches(destination, store, config.source().tables(), clock).finishAll();
      publish(preflight, tables, place, last, store);
      preflight.warnings().forEach(statistics::warn);
      checkpoint = position.agree(runId);
      recorder.begin(connection, checkpoint);

      try {
        boolean drained = passes(connection, preflight.published(tables), destination);
        if (!stop.isSignalled()) {
          phases.begin("views");
          RunViews.bring(config, statistics);
        }
        return drained && (verifying == null || verifying.settle());
      } finally {
        recorder.end(connection, checkpoint);
      }
    } catch (SQLException e) {
      throw SourceErrors.toFailure(config.source(), e);
    }
  }

  /** Captured tables that somebody has locked stay out of the publication for now. */
  private void publish(
      Preflight preflight,
      List<CapturedTable> tables,
      SlotPlace place,
      Optional<Checkpoint> last,
      ControlStore store)
      throws SQLException, InterruptedException {
    try {
      new EpochRequests(runId, clock, statistics).publish(preflight, place, last, store);
    } catch (ExportException e) {
      if (preflight.published(tables).isEmpty()) {
        throw e;
      }
      statistics.putOff(e);
    }
  }

  private boolean passes(
      Connection connection, List<CapturedTable> tables, BigQueryDestination destination)
      throws SQLException, InterruptedException {
    ControlStore store = destination.controlStore();
    Catalogue catalogue =
        new Catalogue(database, destination.admission(config.source().protection().newColumns()));
    RunParts run =
        new RunParts(
            runId,
            config,
            database,
            catalogue,
            new SnapshotReader(database, catalogue),
            destination,
            new Ledger(store),
            statistics,
            progress,
            phases,
            stop,
            clock);
    for (CapturedTable table : tables) {
      TableName name = table.name();
      statistics.table(name, RawNames.raw(name.schema(), name.table()));
    }
    Epochs epochs = new Epochs(store, checkpoint.lineage(), runId);
    EpochRequests requests = new EpochRequests(runId, clock, statistics);
    EpochDoubts doubts = new EpochDoubts(requests, epochs, checkpoint);
    Map<TableName, SourceTable> layouts =
        catalogue.tables(tables.stream().map(CapturedTable::name).toList());
    ProtectionChecks.leftOut(layouts).forEach(statistics::warn);
    TypeChecks.keys(layouts).forEach(statistics::warn);
    EpochKeys keys = new EpochKeys(run, layouts);
    Map<String, Epoch> known = epochs.newest();
    DefaultTables.requireUncaptured(config, known.keySet());
    if (requests.ofTablesKeyedAnew(epochs, known, keys, config.source().tables(), checkpoint)) {
      known = epochs.newest();
    }
    FormerEpochs former = new FormerEpochs(run, epochs, known);
    TableDrifts drifts =
        TableDrifts.read(
            connection,
            config.source(),
            known,
            table -> catalogue.table(table).hasKey(),
            statistics::putOff);
    drifts.findings().forEach(statistics::warn);
    AnnouncedParts parts = new AnnouncedParts(epochs, checkpoint, clock);
    StreamPass stream = new StreamPass(run, connection, doubts, drifts, parts);
    SnapshotPass snapshots = new SnapshotPass(run, epochs, drifts);
    Map<String, Epoch> newest = snapshots.request(known, checkpoint);
    Set<TableName> unread = unread(tables, newest);
    Map<TableName, EpochTable> targets = snapshots.streaming(without(tables, unread), newest);
    if (mayNotWait(unread, newest)) {
      phases.begin("stream");
      Map<TableName, EpochTable> first = new LinkedHashMap<>(targets);
      first.putAll(former.targets(only(tables, unread)));
      doubts.expect(unread);
      if (!drain(stream, first)) {
        return false;
      }
      unread = doubts.tables(); // and those that turned out on the way not to fit their epochs
      targets.keySet().removeAll(unread);
      snapshots.complete(targets.values(), checkpoint);
      doubts.settle(unread);
    }
    Rereading rereading =
        which -> {
          Map<TableName, EpochTable> read =
              snapshots.read(only(tables, which), epochs.newest(), checkpoint);
          targets.putAll(read);
          return read.keySet().containsAll(which) || !stop.isDue();
        };
    Draining draining = () -> drain(stream, targets);
    boolean mayGoOn = unread.isEmpty() || rereading.read(unread);
    boolean drained = mayGoOn && settle(draining, doubts, rereading);
    if (drained) {
      snapshots.complete(targets.values(), checkpoint);
      drained =
          backfill(
              new BackfillPass(run, new Requests(store), targets),
              drifts.attached(targets.keySet()),
              () -> settle(draining, doubts, rereading));
    }
    if (drained && !statistics.hasPutOff()) {
      Map<TableName, Epoch> streamed = new LinkedHashMap<>();
      targets.forEach((name, target) -> streamed.put(name, parts.noted(name, target.epoch())));
      epochs.note(drifts.outdated(streamed), checkpoint.n(), clock.instant());
    }
    if (drained && verify != null) {
      VerifyPass pass = new VerifyPass(run, verify, targets);
      verifying = () -> verify(pass, draining, doubts);
    }
    phases.begin("finish");
    freeWal();
    return drained && targets.size() == tables.size();
  }

  /**
   * Whether tables are streamed before others are read. Until the stream has begun, all wait for
   * each other, so that raw has every change since the slot was created; unless time was too short,
   * or somebody ended the run again and again.
   */
  private boolean mayNotWait(Set<TableName> unread, Map<String, Epoch> newest) {
    return !unread.isEmpty()
        && (checkpoint.kind() != Checkpoint.Kind.CREATED
            || unread.stream()
                .map(table -> newest.get(table.display()))
                .anyMatch(
                    epoch ->
                        epoch != null
                            && epoch.isCut()
                            && (epoch.state() == Epoch.State.DEAD
                                || epoch.number() >= MOST_FIRST_READINGS)));
  }

  /** Tables that have no epoch to stream into. */
  private static Set<TableName> unread(List<CapturedTable> tables, Map<String, Epoch> newest) {
    return tables.stream()
        .map(CapturedTable::name)
        .filter(
            name -> {
              Epoch epoch = newest.get(name.display());
              return epoch == null || !epoch.isStreaming();
            })
        .collect(Collectors.toSet());
  }

  private static List<CapturedTable> only(List<CapturedTable> tables, Set<TableName> names) {
    return tables.stream().filter(table -> names.contains(table.name())).toList();
  }

  private static List<CapturedTable> without(List<CapturedTable> tables, Set<TableName> names) {
    return tables.stream().filter(table -> !names.contains(table.name())).toList();
  }

  /** The rows as the source has them now, a fence behind them, and the comparison. */
  private boolean verify(VerifyPass pass, Draining draining, EpochDoubts doubts)
      throws SQLException, InterruptedException {
    phases.begin("verify");
    try {
      pass.read(checkpoint);
    } catch (CopiedRows.Stopped e) {
      log.info("Stopped in the middle of a verification; nothing is known by it");
      return false;
    }
    phases.begin("stream");
    if (!draining.drain()) {
      return false;
    }
    phases.begin("verify");
    verified = pass.compare(checkpoint, doubts.tables());
    freeWal();
    return true;
  }

  private boolean drain(StreamPass stream, Map<TableName, EpochTable> targets)
      throws SQLException, InterruptedException {
    try {
      fence = stream.run(checkpoint, targets);
    } finally {
      checkpoint = stream.durable();
    }
    return !fence.equals(Lsn.NONE);
  }

  /** Reads tables anew, up to the end or until the run shall end. */
  @FunctionalInterface
  private interface Rereading {
    boolean read(Set<TableName> tables) throws InterruptedException;
  }

  /** Streams to a fence. */
  @FunctionalInterface
  private interface Draining {
    boolean drain() throws SQLException, InterruptedException;
  }

  @FunctionalInterface
  private interface Settling {
    boolean settle() throws SQLException, InterruptedException;
  }

  /**
   * Streams to a fence. Tables that turned out on the way not to fit their epochs are read anew
   * there, and the stream goes on to another fence.
   */
  private boolean settle(Draining draining, EpochDoubts doubts, Rereading rereading)
      throws SQLException, InterruptedException {
    phases.begin("stream");
    boolean drained = draining.drain();
    for (int times = 1; drained && !doubts.tables().isEmpty(); times++) {
      if (times > MOST_READINGS) {
        log.warn("{} have changed too often; the next run reads them anew", doubts.tables());
        return false;
      }
      Set<TableName> doubtful = doubts.tables();
      if (!rereading.read(doubtful)) {
        return false;
      }
      doubts.settle(doubtful);
      phases.begin("stream");
      drained = draining.drain();
    }
    return drained;
  }

  /**
   * What operators have asked for and what has come with partitions, now that the stream has
   * reached a fence, and a second fence.
   */
  private boolean backfill(
      BackfillPass backfills, Map<TableName, List<Drift.Attached>> attached, Settling settling)
      throws SQLException, InterruptedException {
    List<Request> pending = backfills.pending();
    if (pending.isEmpty() && attached.isEmpty()) {
      return true;
    }
    phases.begin("backfill");
    try {
      checkpoint = backfills.read(pending, checkpoint);
      checkpoint = backfills.readAttached(attached, checkpoint);
    } catch (CopiedRows.Stopped e) {
      log.info("Stopped in the middle of a backfill; it begins anew with the next run");
      return false;
    }
    phases.begin("stream");
    if (!settling.settle()) {
      return false;
    }
    backfills.finish();
    return true;
  }

  /**
   * Moves the slot to the last checkpoint. The run's own connection may have been lost meanwhile;
   * and where this fails everything is committed all the same: the next run moves the slot.
   */
  private void freeWal() throws InterruptedException {
    try {
      SlotPlace.move(database, checkpoint);
    } catch (ExportException e) {
      log.warn("The slot stays behind {} until the next run: {}", checkpoint.lsn(), e.getMessage());
    }
  }
}
