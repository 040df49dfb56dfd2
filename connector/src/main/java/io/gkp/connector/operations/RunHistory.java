package io.gkp.connector.operations;

import io.gkp.name.Lsn;
import io.gkp.offsets.Checkpoint;
import io.gkp.offsets.RunRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Runs that have ended, from the control tables. */
public final class RunHistory {
  private final BothSides sides;

  public RunHistory(BothSides sides) {
    this.sides = sides;
  }

  /**
   * The newest runs, newest first.
   *
   * @param before only runs that began earlier; null for no limit
   */
  public List<RunSummary> newest(int limit, @Nullable Instant before) {
    Map<String, List<RunRecord>> byRun = new LinkedHashMap<>();
    sides
        .runs()
        .newestRuns(limit, before)
        .forEach(one -> byRun.computeIfAbsent(one.run().id(), id -> new ArrayList<>()).add(one));
    return byRun.values().stream().map(RunHistory::summary).toList();
  }

  /** One run; empty where it left no record. */
  public Optional<RunSummary> find(String runId) {
    List<RunRecord> records = sides.runs().of(runId);
    return records.isEmpty() ? Optional.empty() : Optional.of(summary(records));
  }

  /** What a run has committed, also one that was killed. */
  public List<RunSummary.Batch> batches(String runId) {
    List<RunSummary.Batch> batches = new ArrayList<>();
    String from = null;
    for (Checkpoint checkpoint : sides.ledger().ofRun(runId)) {
      String lsn = text(checkpoint.lsn());
      if (!runId.equals(checkpoint.runId())) {
        from = lsn;
        continue;
      }
      batches.add(
          new RunSummary.Batch(
              checkpoint.n(),
              checkpoint.kind().name().toLowerCase(Locale.ROOT),
              from,
              lsn,
              checkpoint.rows(),
              checkpoint.committedAt().toString()));
      from = lsn;
    }
    return batches;
  }

  private static RunSummary summary(List<RunRecord> records) {
    RunRecord.Run run = records.get(0).run();
    Map<String, RunSummary.Table> tables = new LinkedHashMap<>();
    records.forEach(one -> tables.put(one.table(), table(one)));
    return new RunSummary(
        run.id(),
        run.status(),
        run.errorCode(),
        run.startedAt().toString(),
        run.finishedAt().toString(),
        Duration.between(run.startedAt(), run.finishedAt()).toMillis(),
        text(run.fenceLsn()),
        text(run.checkpointLsn()),
        run.lagBefore(),
        run.lagAfter(),
        records.stream().mapToLong(one -> one.counts().rowsLoaded()).sum(),
        records.stream().mapToLong(one -> one.counts().bytesLoaded()).sum(),
        records.stream().mapToLong(one -> one.counts().lossyValues()).sum(),
        run.phasesMs(),
        tables);
  }

  private static RunSummary.Table table(RunRecord record) {
    RunRecord.Counts counts = record.counts();
    return new RunSummary.Table(
        counts.snapshotRows(),
        counts.inserts(),
        counts.updates(),
        counts.deletes(),
        counts.truncates(),
        counts.rowsLoaded(),
        counts.bytesLoaded(),
        counts.lossyValues(),
        counts.unavailableValues(),
        record.lastChangeAt() == null ? null : record.lastChangeAt().toString(),
        record.verified(),
        record.schemaChanges(),
        record.loadJobs());
  }

  private static @Nullable String text(@Nullable Lsn lsn) {
    return lsn == null || lsn.equals(Lsn.NONE) ? null : lsn.toString();
  }
}
