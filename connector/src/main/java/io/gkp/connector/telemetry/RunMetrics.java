package io.gkp.connector.telemetry;

import io.gkp.connector.export.RunReport;
import io.gkp.connector.operations.OffsetsReport;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.Meter;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A run's numbers. Counters count the run alone: they are sums to whoever adds up what is pushed.
 *
 * @see <a href="https://opentelemetry.io/docs/specs/semconv/general/metrics/">OpenTelemetry: names
 *     and units</a>
 */
final class RunMetrics {
  private static final AttributeKey<String> TABLE = AttributeKey.stringKey("gkp.table");
  private static final AttributeKey<String> PHASE = AttributeKey.stringKey("gkp.phase");

  /** The end of a load job's id. */
  private static final Pattern ATTEMPT = Pattern.compile("_a(\\d+)$");

  private final Meter meter;
  private final LongCounter rows;
  private final LongCounter bytes;
  private final LongCounter lossy;
  private final LongCounter unavailable;
  private final LongCounter jobs;
  private final LongCounter retries;

  RunMetrics(Meter meter) {
    this.meter = meter;
    this.rows = counter("gkp.export.rows", "{row}", "Changelog rows loaded.");
    this.bytes = counter("gkp.export.bytes", "By", "JSON loaded, before compression.");
    this.lossy = counter("gkp.export.lossy_values", "{value}", "Values that went to _cdc_lossy.");
    this.unavailable =
        counter(
            "gkp.export.unavailable_values",
            "{value}",
            "Long values that stayed the same, which Postgres does not send again.");
    this.jobs = counter("gkp.export.load_jobs", "{job}", "Load jobs.");
    this.retries =
        counter("gkp.export.load_retries", "{attempt}", "Attempts behind the first one.");
  }

  private LongCounter counter(String name, String unit, String description) {
    return meter.counterBuilder(name).setUnit(unit).setDescription(description).build();
  }

  void record(RunReport report) {
    meter
        .gaugeBuilder("gkp.export.run.exit_code")
        .ofLongs()
        .setDescription("Exit code of the run: 0 well, 3 stopped early.")
        .build()
        .set(report.exitCode());
    meter
        .gaugeBuilder("gkp.export.run.duration")
        .setUnit("s")
        .setDescription("How long the run took.")
        .build()
        .set(report.durationMs() / 1000.0);
    counter("gkp.export.batches", "{batch}", "Checkpoints of the stream.").add(report.batches());
    var phases =
        meter
            .gaugeBuilder("gkp.export.run.phase.duration")
            .setUnit("s")
            .setDescription("How long a part of the run took.")
            .build();
    report
        .phasesMs()
        .forEach((phase, millis) -> phases.set(millis / 1000.0, Attributes.of(PHASE, phase)));
    report.tables().forEach((name, table) -> record(table, Attributes.of(TABLE, name)));
  }

  /** Where the export stands behind the run; what is unknown is left out. */
  void record(OffsetsReport standing) {
    gauge(
        "gkp.export.complete.age",
        "s",
        "Since the moment up to which everything is in.",
        standing.lag().seconds());
    gauge("gkp.export.lag", "By", "WAL behind the checkpoint.", standing.lag().bytes());
    gauge(
        "gkp.export.wal.kept",
        "By",
        "WAL that the slot makes the server keep.",
        standing.wal().retainedBytes());
    gauge(
        "gkp.export.wal.safe",
        "By",
        "WAL that may still be written before the slot is in danger.",
        standing.wal().bytesUntilLost());
    gauge(
        "gkp.export.slot.active",
        "1",
        "1 while a session reads from the slot.",
        standing.slot().activeBy() == null ? 0L : 1L);
    gauge(
        "gkp.export.epochs.converging",
        "{table}",
        "Tables whose newest epoch is not complete.",
        standing.tables().values().stream()
            .filter(table -> !"completed".equals(table.state()))
            .count());
  }

  private void gauge(String name, String unit, String description, @Nullable Long value) {
    if (value != null) {
      meter
          .gaugeBuilder(name)
          .ofLongs()
          .setUnit(unit)
          .setDescription(description)
          .build()
          .set(value);
    }
  }

  private void record(RunReport.Table table, Attributes of) {
    rows.add(table.rowsLoaded(), of);
    bytes.add(table.bytesLoaded(), of);
    lossy.add(table.lossyValues(), of);
    unavailable.add(table.unavailableValues(), of);
    jobs.add(table.loadJobs().size(), of);
    retries.add(table.loadJobs().stream().mapToLong(RunMetrics::attemptsBefore).sum(), of);
  }

  private static long attemptsBefore(String jobId) {
    Matcher attempt = ATTEMPT.matcher(jobId);
    return attempt.find() ? Long.parseLong(attempt.group(1)) : 0;
  }
}
