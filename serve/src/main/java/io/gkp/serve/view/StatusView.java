package io.gkp.serve.view;

import static java.util.Objects.requireNonNull;

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
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Makes {@link Status} of what {@code offsets show} and the newest run's record say. */
public final class StatusView {
  private final Duration freshWithin;

  public StatusView(Duration freshWithin) {
    this.freshWithin = freshWithin;
  }

  public Status of(BothSides sides) {
    OffsetsReport report = new OffsetsInspection(sides, Clock.systemUTC()).report();
    RunSummary lastRun = lastRun(sides);
    if (report.shards().isEmpty()) {
      return of(report, Health.of(report, lastRun, freshWithin), lastRun, Map.of());
    }
    Map<Integer, Status> shards = new TreeMap<>();
    for (BothSides shard : sides.shards()) {
      int number = shard.shard().number();
      OffsetsReport ofShard = requireNonNull(report.shards().get(number));
      RunSummary last = lastRun(shard);
      shards.put(number, of(ofShard, Health.of(ofShard, last, freshWithin), last, Map.of()));
    }
    Health whole = Health.worst(shards).orElseGet(() -> Health.of(report, null, freshWithin));
    return of(report, whole, lastRun, shards);
  }

  private static @Nullable RunSummary lastRun(BothSides sides) {
    return new RunHistory(sides).newest(1, null).stream().findFirst().orElse(null);
  }

  private static Status of(
      OffsetsReport report,
      Health health,
      @Nullable RunSummary lastRun,
      Map<Integer, Status> shards) {
    Map<String, Status.Table> tables = new LinkedHashMap<>();
    report.tables().forEach((name, table) -> tables.put(name, table(table, report.lag(), lastRun)));
    shards.values().forEach(shard -> tables.putAll(shard.tables()));
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
        going(report.slot().run(), shards),
        tables,
        report.pending(),
        lastRun,
        shards);
  }

  private static Status.@Nullable Going going(
      @Nullable String session, Map<Integer, Status> shards) {
    if (session != null) {
      return new Status.Going(RunIds.in(session).orElse(null), session);
    }
    return shards.values().stream()
        .map(Status::run)
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
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
