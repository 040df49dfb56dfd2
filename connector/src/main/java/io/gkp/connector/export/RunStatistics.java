package io.gkp.connector.export;

import static java.util.Objects.requireNonNull;

import io.gkp.connector.changelog.PartContents;
import io.gkp.connector.changelog.Receipt;
import io.gkp.connector.checks.Finding;
import io.gkp.connector.mapping.row.ChangeOp;
import io.gkp.failure.ExportException;
import io.gkp.name.TableName;
import io.gkp.offsets.Request;
import io.gkp.sql.run.ModelResult;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts what became durable; told from several threads. */
final class RunStatistics {
  private static final Logger log = LoggerFactory.getLogger(RunStatistics.class);

  private final String runId;
  private final Progress progress;
  private final Map<String, Counters> byRawTable = new LinkedHashMap<>();
  private final Map<String, String> tableOfRaw = new LinkedHashMap<>();
  private final Map<String, TableName> schemaChanges = new LinkedHashMap<>();
  private final List<Finding> warnings = new ArrayList<>();
  private final List<RunReport.Backfill> backfills = new ArrayList<>();
  private List<ModelResult> views = List.of();
  private long batches;
  private boolean hasPutOff;

  private static final class Counters {
    private final long[] byOp = new long[ChangeOp.values().length];
    private long rows;
    private long bytes;
    private long lossy;
    private long unavailable;
    private @Nullable Instant lastChangeAt;
    private final List<String> jobs = new ArrayList<>();
  }

  RunStatistics(String runId, Progress progress) {
    this.runId = runId;
    this.progress = progress;
  }

  /** Makes the table appear in the report, whatever happens to it. */
  synchronized void table(TableName table, String rawTable) {
    tableOfRaw.put(rawTable, table.display());
    byRawTable.putIfAbsent(rawTable, new Counters());
  }

  synchronized void durable(Receipt receipt) {
    Counters counters = requireNonNull(byRawTable.get(receipt.part().id().table()));
    PartContents contents = receipt.part().contents();
    for (ChangeOp op : ChangeOp.values()) {
      counters.byOp[op.ordinal()] += contents.rows(op);
    }
    counters.rows += receipt.rows();
    counters.bytes += contents.jsonBytes();
    counters.lossy += contents.lossyValues();
    counters.unavailable += contents.unavailableValues();
    counters.jobs.add(receipt.jobId());
    String table = requireNonNull(tableOfRaw.get(receipt.part().id().table()));
    log.atInfo()
        .addKeyValue("run_id", runId)
        .addKeyValue("table", table)
        .addKeyValue("job_id", receipt.jobId())
        .addKeyValue("rows", receipt.rows())
        .log(
            "Loaded {} rows of {} by job {} (run {})",
            receipt.rows(),
            table,
            receipt.jobId(),
            runId);
    progress.loaded(table, receipt.rows(), contents.jsonBytes());
    progress.loadedBy(receipt.jobId(), table, receipt.rows());
    Instant changed = contents.lastCommittedAt();
    if (changed != null
        && (counters.lastChangeAt == null || changed.isAfter(counters.lastChangeAt))) {
      counters.lastChangeAt = changed;
    }
  }

  synchronized void schemaChanged(TableName table, String sentence) {
    schemaChanges.putIfAbsent(sentence, table);
  }

  /** Puts into the report what the log has already. */
  synchronized void logged(Finding warning) {
    warnings.add(warning);
  }

  /** Says it once: in the log, and in the report. */
  synchronized void warn(Finding warning) {
    if (!warnings.contains(warning)) {
      warnings.add(warning);
      log.warn("{}", warning.sentence());
    }
  }

  /**
   * Says that something is left for the next run, since somebody has its table locked.
   *
   * @throws ExportException the same, where it is about anything else
   */
  synchronized void putOff(ExportException failure) {
    switch (failure.failure()) {
      case SOURCE_LOCKED -> warn(Finding.locked(failure));
      case PLANNED_FUNCTIONS -> warn(Finding.functions(failure));
      default -> throw failure;
    }
    hasPutOff = true;
  }

  /** Whether the run leaves something for the next one. */
  synchronized boolean hasPutOff() {
    return hasPutOff;
  }

  synchronized List<Finding> warnings() {
    return List.copyOf(warnings);
  }

  /** The views that were created or replaced, or could not be. */
  synchronized void views(List<ModelResult> results) {
    views = List.copyOf(results);
  }

  synchronized List<ModelResult> views() {
    return views;
  }

  synchronized void backfilled(Request request) {
    backfills.add(
        new RunReport.Backfill(
            request.id(),
            request.table(),
            request.state() == Request.State.DONE,
            request.outcome().rows() == null ? 0 : request.outcome().rows(),
            request.outcome().errorCode()));
  }

  synchronized List<RunReport.Backfill> backfills() {
    return List.copyOf(backfills);
  }

  synchronized void batchCommitted() {
    batches++;
  }

  synchronized long batches() {
    return batches;
  }

  synchronized List<String> schemaChanges() {
    return List.copyOf(schemaChanges.keySet());
  }

  synchronized List<String> schemaChanges(TableName table) {
    return schemaChanges.entrySet().stream()
        .filter(entry -> entry.getValue().equals(table))
        .map(Map.Entry::getKey)
        .toList();
  }

  synchronized long rowsLoaded() {
    return byRawTable.values().stream().mapToLong(counters -> counters.rows).sum();
  }

  /** Newest commit time of a table's changes; null where it had none. */
  synchronized @Nullable Instant lastChangeAt(String table) {
    return byRawTable.entrySet().stream()
        .filter(entry -> table.equals(tableOfRaw.get(entry.getKey())))
        .map(entry -> entry.getValue().lastChangeAt)
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  synchronized Map<String, RunReport.Table> tables() {
    Map<String, RunReport.Table> tables = new LinkedHashMap<>();
    byRawTable.forEach((raw, counters) -> tables.put(tableOfRaw.get(raw), report(counters)));
    return tables;
  }

  private static RunReport.Table report(Counters counters) {
    long inserts = counters.byOp[ChangeOp.CREATE.ordinal()];
    long updates = counters.byOp[ChangeOp.UPDATE.ordinal()];
    long deletes = counters.byOp[ChangeOp.DELETE.ordinal()];
    long truncates = counters.byOp[ChangeOp.TRUNCATE.ordinal()];
    return new RunReport.Table(
        counters.byOp[ChangeOp.READ.ordinal()],
        inserts + updates + deletes + truncates,
        inserts,
        updates,
        deletes,
        truncates,
        counters.rows,
        counters.bytes,
        counters.lossy,
        counters.unavailable,
        counters.jobs.stream().sorted(Comparator.naturalOrder()).toList());
  }
}
