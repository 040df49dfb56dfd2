package io.gkp.serve.metrics;

import io.gkp.connector.operations.OffsetsReport;
import io.gkp.connector.operations.RunSummary;
import io.gkp.failure.ExitCode;
import io.gkp.failure.Failure;
import io.gkp.serve.view.Status;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What {@code /metrics} says: the status as numbers. All of them are gauges, since what they are
 * read from is the ledger and not this process: another server says the same, and a restart sets
 * nothing back. What is unknown is left out.
 *
 * @see <a href="https://prometheus.io/docs/practices/naming/">Prometheus: names and units</a>
 */
public final class ExportMetrics {
  public static final String CONTENT_TYPE = PrometheusTextFormatWriter.CONTENT_TYPE;

  /** The end of a load job's id. */
  private static final Pattern ATTEMPT = Pattern.compile("_a(\\d+)$");

  private final Map<String, GaugeSnapshot.Builder> gauges = new LinkedHashMap<>();

  /** Of what is added: that of a shard, where there are several. */
  private Labels labels = Labels.EMPTY;

  private ExportMetrics() {}

  /** In Prometheus' text format. */
  public static String text(Status status) {
    ExportMetrics metrics = new ExportMetrics();
    if (status.shards().isEmpty()) {
      metrics.add(status);
    }
    status
        .shards()
        .forEach(
            (number, shard) -> {
              metrics.labels = Labels.of("shard", number.toString());
              metrics.add(shard);
            });
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      PrometheusTextFormatWriter.create()
          .write(
              out,
              new MetricSnapshots(
                  metrics.gauges.values().stream()
                      .map(GaugeSnapshot.Builder::build)
                      .toArray(MetricSnapshot[]::new)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  private void add(Status status) {
    position(status);
    tables(status);
    if (status.lastRun() != null) {
      lastRun(status.lastRun());
    }
  }

  private void position(Status status) {
    if (status.completeAsOf() != null) {
      gauge(
          "gkp_export_complete_age_seconds",
          "Seconds since the moment up to which everything is in.",
          Duration.between(Instant.parse(status.completeAsOf()), Instant.now()).toMillis()
              / 1000.0);
    }
    gauge("gkp_export_lag_bytes", "WAL behind the checkpoint.", status.lag().bytes());
    gauge(
        "gkp_export_wal_kept_bytes",
        "WAL that the slot makes the server keep.",
        status.wal().retainedBytes());
    gauge(
        "gkp_export_wal_limit_bytes",
        "max_slot_wal_keep_size; not there where there is no limit.",
        status.wal().limitBytes());
    gauge(
        "gkp_export_wal_safe_bytes",
        "WAL that may still be written before the slot is in danger.",
        status.wal().bytesUntilLost());
    gauge(
        "gkp_export_slot_active",
        "1 while a session reads from the slot.",
        status.slot().activeBy() == null ? 0 : 1);
    gauge(
        "gkp_export_slot_usable",
        "0 where the slot is lost or missing.",
        List.of("lost", "missing").contains(status.slot().state()) ? 0 : 1);
    gauge("gkp_export_run_active", "1 while a run is going.", status.run() == null ? 0 : 1);
    gauge(
        "gkp_export_requests_pending",
        "Resets and backfills that wait for a run.",
        status.pending().size());
  }

  private void tables(Status status) {
    gauge(
        "gkp_export_epochs_converging",
        "Tables whose newest epoch is not complete.",
        status.tables().values().stream()
            .filter(table -> !"completed".equals(table.state()))
            .count());
    ofTables(status, "table_raw_rows", "Rows of the raw table.", Status.Table::rawRows);
    ofTables(
        status,
        "snapshot_chunks",
        "Chunks of a snapshot that is under way.",
        ofSnapshot(OffsetsReport.Snapshot::chunks));
    ofTables(
        status,
        "snapshot_chunks_read",
        "Those of them that are read.",
        ofSnapshot(OffsetsReport.Snapshot::chunksRead));
    ofTables(
        status,
        "snapshot_seconds_left",
        "What reading the others takes at the same rate.",
        ofSnapshot(OffsetsReport.Snapshot::secondsLeft));
  }

  private static Function<Status.Table, @Nullable Number> ofSnapshot(
      Function<OffsetsReport.Snapshot, @Nullable Number> value) {
    return table -> table.snapshot() == null ? null : value.apply(table.snapshot());
  }

  /** A point of each table that has such a value. */
  private void ofTables(
      Status status, String name, String help, Function<Status.Table, @Nullable Number> value) {
    status
        .tables()
        .forEach(
            (table, known) ->
                gauge("gkp_export_" + name, help, value.apply(known), "table", table));
  }

  private void lastRun(RunSummary run) {
    gauge(
        "gkp_export_last_run_exit_code",
        "Exit code of the newest run; 0 is well, 3 is stopped early.",
        exitCode(run));
    gauge(
        "gkp_export_last_run_duration_seconds",
        "How long the newest run took.",
        run.durationMs() / 1000.0);
    gauge(
        "gkp_export_last_run_end_timestamp_seconds",
        "When the newest run ended.",
        Instant.parse(run.finishedAt()).getEpochSecond());
    run.phasesMs()
        .forEach(
            (phase, millis) ->
                gauge(
                    "gkp_export_last_run_phase_duration_seconds",
                    "How long a phase of it took.",
                    millis / 1000.0,
                    "phase",
                    phase));
    byTable(run, "rows_loaded", "Changelog rows that the newest run loaded.", t -> t.rowsLoaded());
    byTable(run, "bytes_loaded", "JSON that the newest run loaded.", t -> t.bytesLoaded());
    byTable(
        run, "lossy_values", "Values that BigQuery cannot hold as they are.", t -> t.lossyValues());
    byTable(
        run,
        "unavailable_values",
        "Long values that stayed the same, which Postgres does not send again.",
        t -> t.unavailableValues());
    byTable(run, "load_jobs", "Load jobs of the newest run.", t -> t.loadJobs().size());
    byTable(
        run,
        "load_retries",
        "Attempts behind the first one of those jobs.",
        t -> t.loadJobs().stream().mapToInt(ExportMetrics::retries).sum());
  }

  static int exitCode(RunSummary run) {
    return switch (run.status()) {
      case "drained" -> ExitCode.OK;
      case "stopped_early" -> ExitCode.STOPPED_EARLY;
      default ->
          Arrays.stream(Failure.values())
              .filter(failure -> failure.code().equals(run.errorCode()))
              .map(Failure::exitCode)
              .findFirst()
              .orElse(ExitCode.INTERNAL);
    };
  }

  private static int retries(String jobId) {
    Matcher attempt = ATTEMPT.matcher(jobId);
    return attempt.find() ? Integer.parseInt(attempt.group(1)) : 0;
  }

  private void byTable(
      RunSummary run, String name, String help, ToDoubleFunction<RunSummary.Table> value) {
    run.tables()
        .forEach(
            (table, share) ->
                gauge(
                    "gkp_export_last_run_" + name,
                    help,
                    value.applyAsDouble(share),
                    "table",
                    table));
  }

  private void gauge(String name, String help, @Nullable Number value, String... more) {
    if (value != null) {
      gauges
          .computeIfAbsent(name, any -> GaugeSnapshot.builder().name(name).help(help))
          .dataPoint(
              GaugeDataPointSnapshot.builder()
                  .value(value.doubleValue())
                  .labels(labels.merge(Labels.of(more)))
                  .build());
    }
  }
}
