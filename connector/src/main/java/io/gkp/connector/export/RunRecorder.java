package io.gkp.connector.export;

import static java.util.Objects.requireNonNull;

import io.gkp.connector.source.WalPosition;
import io.gkp.failure.ExportException;
import io.gkp.name.Lsn;
import io.gkp.name.TableName;
import io.gkp.offsets.Checkpoint;
import io.gkp.offsets.ControlStore;
import io.gkp.offsets.ControlTable;
import io.gkp.offsets.RunRecord;
import io.gkp.offsets.Runs;
import io.gkp.offsets.Shard;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leaves a record of the run in the {@code runs} table, by one load job at its end.
 *
 * <p>The record is for people and alerts: no position is read from it, and a run that is otherwise
 * good does not fail for it. A run that never got to its dataset leaves none.
 */
final class RunRecorder {
  private static final Logger log = LoggerFactory.getLogger(RunRecorder.class);
  private static final RunReport.Table NOTHING =
      new RunReport.Table(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, List.of());

  private final Clock clock;
  private final Instant startedAt;

  @SuppressWarnings("NullAway.Init") // open does; a run that ends before has no place to write to
  private ControlStore store;

  private @Nullable Shard shard;
  private @Nullable Long lagBefore;
  private @Nullable Long lagAfter;

  RunRecorder(Clock clock) {
    this.clock = clock;
    this.startedAt = clock.instant();
  }

  /**
   * From now on there is a place to write to.
   *
   * @param ofRun null where there are no shards
   */
  void open(ControlStore controlStore, @Nullable Shard ofRun) {
    this.store = controlStore;
    this.shard = ofRun;
  }

  /** Takes the lag at the start of the run; views may be created over the table of runs. */
  void begin(Connection connection, Checkpoint position) {
    store.ensureExists(ControlTable.RUNS);
    this.lagBefore = lag(connection, position);
  }

  /** Takes the lag at the end of the run, while the source is still connected. */
  void end(Connection connection, Checkpoint position) {
    this.lagAfter = lag(connection, position);
  }

  private static @Nullable Long lag(Connection connection, Checkpoint position) {
    try {
      return WalPosition.bytesSince(connection, position.lsn());
    } catch (SQLException e) {
      return null;
    }
  }

  void write(RunReport report, List<TableName> captured, RunStatistics statistics) {
    if (store == null) {
      return;
    }
    RunRecord.Run run = run(report);
    try {
      new Runs(store, shard)
          .record(
              run.id(),
              captured.stream().map(table -> of(table, run, report, statistics)).toList());
    } catch (ExportException e) {
      log.warn("The run is not in the runs table: {}", e.sentence());
    }
  }

  private RunRecord.Run run(RunReport report) {
    return new RunRecord.Run(
        requireNonNull(report.runId()),
        startedAt,
        clock.instant(),
        report.status().name().toLowerCase(Locale.ROOT),
        report.error() == null ? null : report.error().code(),
        report.fenceLsn() == null ? null : Lsn.parse(report.fenceLsn()),
        report.checkpointLsn() == null ? null : Lsn.parse(report.checkpointLsn()),
        lagBefore,
        lagAfter,
        report.phasesMs());
  }

  private static RunRecord of(
      TableName table, RunRecord.Run run, RunReport report, RunStatistics statistics) {
    RunReport.Table counts = report.tables().getOrDefault(table.display(), NOTHING);
    return new RunRecord(
        run,
        table.display(),
        new RunRecord.Counts(
            counts.snapshotRows(),
            counts.inserts(),
            counts.updates(),
            counts.deletes(),
            counts.truncates(),
            counts.rowsLoaded(),
            counts.bytesLoaded(),
            counts.lossyValues(),
            counts.unavailableValues()),
        statistics.lastChangeAt(table.display()),
        counts.loadJobs(),
        report.verification().stream()
            .filter(verified -> verified.table().equals(table.display()))
            .map(verified -> verified.outcome().name().toLowerCase(Locale.ROOT))
            .findFirst()
            .orElse(null),
        statistics.schemaChanges(table));
  }
}
