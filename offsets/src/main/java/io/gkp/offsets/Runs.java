package io.gkp.offsets;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The log of runs in the destination dataset, for people and alerts. Nothing reads a position from
 * it.
 */
public final class Runs {
  private final ControlStore store;
  private final @Nullable Shard shard;

  /** Of all shards. */
  public Runs(ControlStore store) {
    this(store, null);
  }

  /**
   * @param shard whose runs are recorded, and whose newest ones are meant; null for all of them
   */
  public Runs(ControlStore store, @Nullable Shard shard) {
    this.store = store;
    this.shard = shard;
  }

  private List<Map<String, Object>> rows(String suffix) {
    return new ControlRows(store, ControlTable.RUNS).ours(suffix);
  }

  /** Records one run by one load job; returns when that is durable. */
  public void record(String runId, List<RunRecord> tables) {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (RunRecord table : tables) {
      Map<String, Object> row = toRow(table);
      row.put("shard", shard == null ? null : (long) shard.number());
      rows.add(row);
    }
    store.append(ControlTable.RUNS, "gkp_run_" + runId, "rows-" + rows.size(), rows);
  }

  /** The newest records, newest first. */
  public List<RunRecord> newest(int limit) {
    return rows("ORDER BY started_at DESC, run_id, table_name LIMIT " + limit).stream()
        .map(Runs::fromRow)
        .toList();
  }

  /**
   * The records of the newest runs, newest first.
   *
   * @param limit how many runs
   * @param before only runs that began earlier; null for no limit
   */
  public List<RunRecord> newestRuns(int limit, @Nullable Instant before) {
    return store
        .read(
            ControlTable.RUNS,
            """
            WHERE %s AND %s QUALIFY DENSE_RANK() OVER (ORDER BY started_at DESC, run_id DESC) <= %s \
            ORDER BY started_at DESC, run_id DESC, table_name"""
                .formatted(
                    whose(),
                    before == null
                        ? "TRUE"
                        : "started_at < TIMESTAMP '" + Timestamps.text(before) + "'",
                    limit))
        .stream()
        .map(Runs::fromRow)
        .toList();
  }

  /**
   * The records of one run.
   *
   * @param runId letters, digits and dashes
   */
  public List<RunRecord> of(String runId) {
    return store
        .read(ControlTable.RUNS, "WHERE run_id = '" + runId + "' ORDER BY table_name")
        .stream()
        .map(Runs::fromRow)
        .toList();
  }

  /** Records of runs that began then or later. */
  public List<RunRecord> since(Instant time) {
    return rows("WHERE started_at >= TIMESTAMP '" + Timestamps.text(time) + "'").stream()
        .map(Runs::fromRow)
        .toList();
  }

  /** The newest run that reached its fence. */
  public Optional<RunRecord.Run> newestDrained() {
    return rows("WHERE status = 'drained' AND " + whose() + " ORDER BY started_at DESC LIMIT 1")
        .stream()
        .findFirst()
        .map(row -> run(new ControlRow(row)));
  }

  private String whose() {
    return shard == null ? "TRUE" : "COALESCE(shard, 1) = " + shard.number();
  }

  /** The newest record of every table. */
  public Map<String, RunRecord> newestByTable() {
    return newestByTable("TRUE");
  }

  /** The newest record of every table whose run brought changes of it. */
  public Map<String, RunRecord> newestWithChangesByTable() {
    return newestByTable("last_change_at IS NOT NULL");
  }

  /** The newest record of every table of which the run was to compare it with the source. */
  public Map<String, RunRecord> newestVerifiedByTable() {
    return newestByTable("verified IS NOT NULL");
  }

  private Map<String, RunRecord> newestByTable(String condition) {
    return rows(
            "WHERE "
                + condition
                + " QUALIFY ROW_NUMBER() OVER (PARTITION BY table_name ORDER BY started_at DESC) = 1")
        .stream()
        .map(Runs::fromRow)
        .collect(Collectors.toMap(RunRecord::table, Function.identity()));
  }

  private static Map<String, Object> toRow(RunRecord record) {
    RunRecord.Run run = record.run();
    RunRecord.Counts counts = record.counts();
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("run_id", run.id());
    row.put("table_name", record.table());
    row.put("started_at", Timestamps.text(run.startedAt()));
    row.put("finished_at", Timestamps.text(run.finishedAt()));
    row.put("status", run.status());
    row.put("error_code", run.errorCode());
    row.put("fence_lsn", run.fenceLsn() == null ? null : run.fenceLsn().value());
    row.put("checkpoint_lsn", run.checkpointLsn() == null ? null : run.checkpointLsn().value());
    row.put("lag_bytes_before", run.lagBefore());
    row.put("lag_bytes_after", run.lagAfter());
    row.put("snapshot_rows", counts.snapshotRows());
    row.put("changes", counts.changes());
    row.put("inserts", counts.inserts());
    row.put("updates", counts.updates());
    row.put("deletes", counts.deletes());
    row.put("truncates", counts.truncates());
    row.put("rows_loaded", counts.rowsLoaded());
    row.put("bytes_loaded", counts.bytesLoaded());
    row.put("lossy_values", counts.lossyValues());
    row.put("unavailable_values", counts.unavailableValues());
    row.put("last_change_at", Timestamps.text(record.lastChangeAt()));
    row.put("load_jobs", Joined.text(record.loadJobs()));
    row.put("verified", record.verified());
    row.put("phases_ms", Joined.text(run.phasesMs()));
    row.put("schema_changes", Joined.lines(record.schemaChanges()));
    return row;
  }

  private static RunRecord fromRow(Map<String, Object> values) {
    ControlRow row = new ControlRow(values);
    return new RunRecord(
        run(row),
        row.text("table_name"),
        new RunRecord.Counts(
            row.count("snapshot_rows"),
            row.count("inserts"),
            row.count("updates"),
            row.count("deletes"),
            row.count("truncates"),
            row.count("rows_loaded"),
            row.count("bytes_loaded"),
            row.count("lossy_values"),
            row.count("unavailable_values")),
        row.timeOrNull("last_change_at"),
        Joined.list(row.textOrNull("load_jobs")),
        row.textOrNull("verified"),
        Joined.lines(row.textOrNull("schema_changes")));
  }

  private static RunRecord.Run run(ControlRow row) {
    return new RunRecord.Run(
        row.text("run_id"),
        row.time("started_at"),
        row.time("finished_at"),
        row.text("status"),
        row.textOrNull("error_code"),
        row.lsnOrNull("fence_lsn"),
        row.lsnOrNull("checkpoint_lsn"),
        row.numberOrNull("lag_bytes_before"),
        row.numberOrNull("lag_bytes_after"),
        Joined.numbers(row.textOrNull("phases_ms")));
  }
}
