package io.gkp.connector.export;

import io.gkp.bigquery.Ahead;
import io.gkp.bigquery.BigQueryClients;
import io.gkp.connector.bigquery.BigQueryDestination;
import io.gkp.connector.checks.Finding;
import io.gkp.connector.composition.Composition;
import io.gkp.connector.composition.Compositions;
import io.gkp.connector.config.ExportConfig;
import io.gkp.connector.sharding.ShardFindings;
import io.gkp.connector.sharding.Shards;
import io.gkp.connector.source.CapturedTable;
import io.gkp.connector.source.Catalogue;
import io.gkp.connector.source.DefaultTables;
import io.gkp.connector.source.Preflight;
import io.gkp.connector.source.SourceDatabase;
import io.gkp.connector.source.SourceErrors;
import io.gkp.connector.source.WalHistory;
import io.gkp.connector.source.snapshot.SnapshotReader;
import io.gkp.connector.source.stream.ChangeStream;
import io.gkp.connector.verify.TableVerification;
import io.gkp.connector.verify.VerifyOptions;
import io.gkp.failure.ExportException;
import io.gkp.failure.Failure;
import io.gkp.name.Lsn;
import io.gkp.name.TableName;
import io.gkp.offsets.Checkpoint;
import io.gkp.offsets.ControlStore;
import io.gkp.offsets.Ledger;
import io.gkp.offsets.ReplicationSlot;
import io.gkp.raw.RawNames;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One catch-up run, from the preflight to the report.
 *
 * <ol>
 *   <li>Check the source, take the right to run.
 *   <li>Check the destination, read the ledger, bring the slot to the checkpoint.
 *   <li>{@linkplain CatchUp Stream, read and stream} to the last fence.
 *   <li>Bring the views in step with the raw tables, and compare both sides where that is wished.
 * </ol>
 */
public final class Export {
  private static final Logger log = LoggerFactory.getLogger(Export.class);

  private ExportConfig config;
  private SourceDatabase database;
  private final Clock clock;
  private final Progress progress;
  private final Stop stop;
  private final String runId;
  private final RunStatistics statistics;
  private final Phases phases;
  private final RunRecorder recorder;
  private final @Nullable VerifyOptions verify;

  private List<TableVerification> verified = List.of();

  /** The shards beside the one that this run is. */
  private List<ExportConfig> others = List.of();

  /** Where the run stands; unknown until it agrees with the ledger. */
  @SuppressWarnings("NullAway.Init")
  private Checkpoint checkpoint;

  private Lsn fence = Lsn.NONE;
  private @Nullable Throwable cause;

  public Export(ExportConfig config, Clock clock, Progress progress) {
    this(config, clock, progress, null);
  }

  /**
   * @param verify what to compare with the source once everything is in; null for nothing
   */
  public Export(
      ExportConfig config, Clock clock, Progress progress, @Nullable VerifyOptions verify) {
    this(config, clock, progress, verify, RunIds.create(clock));
  }

  /**
   * @param runId one that {@link RunIds} has made, and that no run had before
   */
  public Export(
      ExportConfig config,
      Clock clock,
      Progress progress,
      @Nullable VerifyOptions verify,
      String runId) {
    this.config = config;
    this.database = SourceDatabase.forManyQuestions(config.source());
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
  public @Nullable Throwable cause() {
    return cause;
  }

  /** Runs to the end; whatever happens is in the report. */
  public RunReport run() {
    long started = System.nanoTime();
    RunReport.Status status;
    RunReport.Error error = null;
    Overdue overdue = new Overdue(stop, database, statistics);
    try (overdue;
        SourceDatabase ended = database) {
      status =
          connected() && !statistics.hasPutOff()
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

  private boolean connected() throws InterruptedException {
    phases.begin("check source");
    Ahead<BigQueryDestination> ahead = destination(config);
    ChangeStream.warmUp(config.source());
    try (Connection connection = database.connect()) {
      config = DefaultTables.existing(connection, config.withSource(database.config()));
      Optional<Finding> leftOut = DefaultTables.leftOut(config);
      if (config.sharding().isOneOfSeveral()) {
        Shards shards = shards(checked(ahead));
        config = divided(connection, shards);
        others = shards.all().stream().filter(o -> !o.shard().equals(config.shard())).toList();
      }
      database = database.of(config.source());
      Preflight preflight = new Preflight(connection, config.source());
      List<CapturedTable> tables = preflight.check();
      leftOut.ifPresent(statistics::warn);
      ReplicationSlot slot = new ReplicationSlot(connection, config.source().slot());
      slot.lock();
      slot.lockedBy(runId);

      phases.begin("check destination");
      BigQueryDestination destination = checked(ahead);
      ControlStore store = destination.controlStore();
      if (!config.sharding().isOneOfSeveral()) {
        divided(connection, shards(destination));
      }
      recorder.open(store, config.sharding().isOneOfSeveral() ? config.shard() : null);
      WalHistory history = new WalHistory(connection, config.source());
      SlotPlace place = new SlotPlace(slot, history);
      Position position =
          new Position(store, config.shard(), slot, place, history, clock, statistics::warn);
      Optional<Checkpoint> last = position.read(runId);
      new SkippedBatches(
              destination,
              store,
              new Ledger(store, config.shard()),
              config.source().tables(),
              clock)
          .finishAll();
      publish(preflight, tables, place, last, store);
      preflight.warnings().forEach(statistics::warn);
      Map<TableName, Composition> compositions = Compositions.read(connection, config.source());
      checkpoint = position.agree(runId);
      recorder.begin(connection, checkpoint);

      try {
        return catchUp(connection, preflight.published(tables), compositions, destination);
      } finally {
        recorder.end(connection, checkpoint);
      }
    } catch (SQLException e) {
      throw SourceErrors.toFailure(config.source(), e);
    }
  }

  /** Looks for the destination while the source is checked; nothing is made there yet. */
  private static Ahead<BigQueryDestination> destination(ExportConfig config) {
    return Ahead.of(
        () -> {
          BigQueryDestination destination =
              new BigQueryDestination(
                  BigQueryClients.create(config.destination()),
                  config.destination(),
                  config.policyTags());
          destination.lookAhead();
          return destination;
        });
  }

  private static BigQueryDestination checked(Ahead<BigQueryDestination> ahead) {
    BigQueryDestination destination = ahead.get("reading the dataset");
    destination.check();
    return destination;
  }

  /** The configuration of the shard that this run is. */
  private ExportConfig divided(Connection connection, Shards shards) throws SQLException {
    ExportConfig ofRun = shards.ofRun(database, runId);
    if (shards.isDecided()) {
      new ShardFindings(connection, config, shards.assignment())
          .orphans()
          .forEach(statistics::warn);
    }
    return ofRun;
  }

  private Shards shards(BigQueryDestination destination) {
    return new Shards(destination.controlStore(), config, clock);
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
      new EpochRequests(runId, clock, statistics)
          .publish(preflight, place, last, store, config.shard());
    } catch (ExportException e) {
      if (preflight.published(tables).isEmpty()) {
        throw e;
      }
      statistics.putOff(e);
    }
  }

  private boolean catchUp(
      Connection connection,
      List<CapturedTable> tables,
      Map<TableName, Composition> compositions,
      BigQueryDestination destination)
      throws SQLException, InterruptedException {
    for (CapturedTable table : tables) {
      TableName name = table.name();
      statistics.table(name, RawNames.raw(name.schema(), name.table()));
    }
    CatchUp catchUp =
        new CatchUp(parts(config, destination), connection, tables, compositions, checkpoint);
    try {
      boolean drained = catchUp.drain();
      if (!stop.isSignalled()) {
        phases.begin("views");
        RunViews.bring(destination.client(), config, database, statistics);
      }
      if (!drained || (verify != null && !verified(catchUp.verify(verify)))) {
        return false;
      }
      help(connection, destination);
      return true;
    } finally {
      checkpoint = catchUp.checkpoint();
      fence = catchUp.fence();
    }
  }

  private boolean verified(Optional<List<TableVerification>> found) {
    found.ifPresent(tables -> verified = tables);
    return found.isPresent();
  }

  /** Other tasks' large snapshots, now that this one has done its part. */
  private void help(Connection connection, BigQueryDestination destination)
      throws InterruptedException {
    if (!others.isEmpty()) {
      new SnapshotHelp(
              connection,
              new ReplicationSlot(connection, config.source().slot()),
              others.stream().map(other -> parts(other, destination)).toList())
          .give();
    }
  }

  /**
   * @param shard the configuration of this run's shard, or of another one
   */
  private RunParts parts(ExportConfig shard, BigQueryDestination destination) {
    SourceDatabase source = database.of(shard.source());
    Catalogue catalogue =
        new Catalogue(source, destination.admission(shard.source().protection().newColumns()));
    return new RunParts(
        runId,
        shard,
        source,
        catalogue,
        new SnapshotReader(source, catalogue),
        destination,
        new Ledger(destination.controlStore(), shard.shard()),
        statistics,
        progress,
        phases,
        stop,
        clock);
  }
}
