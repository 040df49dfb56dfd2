package io.gkp.serve.view;

import io.gkp.connector.export.RunIds;
import io.gkp.connector.operations.BothSides;
import io.gkp.connector.operations.OffsetsInspection;
import io.gkp.connector.operations.OffsetsReport;
import io.gkp.connector.operations.RunHistory;
import io.gkp.connector.operations.RunSummary;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes {@link Status} of what {@code offsets show} and the newest run's record say. */
public final class StatusView {
  private final Duration freshWithin;

  public StatusView(Duration freshWithin) {
    this.freshWithin = freshWithin;
  }

  public Status of(BothSides sides) {
    OffsetsReport report = new OffsetsInspection(sides, Clock.systemUTC()).report();
    RunSummary lastRun = new RunHistory(sides).newest(1, null).stream().findFirst().orElse(null);
    Health health = Health.of(report, lastRun, freshWithin);
    Map<String, Status.Table> tables = new LinkedHashMap<>();
    report.tables().forEach((name, table) -> tables.put(name, table(table, report.lag(), lastRun)));
    String session = report.slot().run();
    return new Status(
        report.asOf(),
        health.level(),
        health.sentence(),
        health.remedy(),
        report.lag().completeAsOf(),
        report.lag(),
        report.wal(),
        report.slot(),
        report.checkpoint(),
        session == null ? null : new Status.Going(RunIds.in(session).orElse(null), session),
        tables,
        report.pending(),
        lastRun);
  }

  private static Status.Table table(
      OffsetsReport.Table table, OffsetsReport.Lag lag, @Nullable RunSummary lastRun) {
    String lastError =
        lastRun != null
                && table.lastRun() != null
                && lastRun.runId().equals(table.lastRun().runId())
            ? lastRun.errorCode()
            : null;
    return new Status.Table(
        table.epoch(),
        table.state(),
        table.snapshotRows(),
        table.rawRows(),
        table.lastChangeAt(),
        "completed".equals(table.state()) ? lag.seconds() : null,
        lastError,
        table.lastRun(),
        table.snapshot());
  }
}
