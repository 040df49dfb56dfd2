package io.gkp.sql.testing;

import static io.gkp.sql.testing.Changelog.change;
import static io.gkp.sql.testing.Changelog.checkpoint;
import static io.gkp.sql.testing.Changelog.epoch;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gkp.sql.model.ModelCatalog;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The platform's three tables with a little history, as the export writes it: a batch a day. */
public final class GkpHistory {
  public static final Instant START = Instant.parse("2026-01-05T12:00:00Z");
  private static final Map<String, String> KEYS =
      Map.of("query_logs", "query_id", "ingestion_runs", "run_id", "eval_runs", "run_id");

  private final TestWarehouse warehouse;
  private final Map<String, List<ObjectNode>> pending = new HashMap<>();
  private long batch = 1;
  private int row;

  private GkpHistory(TestWarehouse warehouse) {
    this.warehouse = warehouse;
  }

  /** Empty tables with a completed epoch each. */
  public static GkpHistory create(TestWarehouse warehouse) {
    KEYS.forEach(
        (table, key) -> {
          warehouse.createRaw(
              table, ModelCatalog.bundled().get("raw_" + table).columns(), List.of(key));
          warehouse.append("epochs", List.of(epoch(table, 1, "completed", 1)));
        });
    return new GkpHistory(warehouse);
  }

  /** Three days on which each table has something, and a correction on the last. */
  public GkpHistory threeDays() {
    for (int day = 0; day < 3; day++) {
      for (int i = 0; i < 4; i++) {
        queryLog("c", day * 4 + i, day, 100 * (i + 1) + day);
      }
      ingestionRun(day, day);
      evalRun(day, 0.9 - 0.1 * day);
      publish();
    }
    queryLog("u", 0, 0, 5000);
    return publish();
  }

  public GkpHistory queryLog(String op, int number, int day, long latency) {
    return add(
        "query_logs",
        op,
        Map.of(
            "query_id",
            "q" + number,
            "tenant_id",
            number % 2 == 0 ? "acme" : "other",
            "principal",
            number % 4 == 3 ? "" : "p" + number % 3,
            "created_at",
            START.plus(Duration.ofDays(day)).getEpochSecond(),
            "refused",
            number % 5 == 0 ? 1 : 0,
            "latency_ms",
            latency,
            "prompt_tokens",
            10 + number,
            "model",
            "m1",
            "citations_json",
            "[]"));
  }

  public GkpHistory ingestionRun(int number, int day) {
    long started = START.plus(Duration.ofDays(day)).getEpochSecond();
    return add(
        "ingestion_runs",
        "c",
        Map.of(
            "run_id",
            "i" + number,
            "tenant_id",
            "acme",
            "started_at",
            started,
            "finished_at",
            started + 60,
            "status",
            "succeeded",
            "objects_scanned",
            3,
            "docs_changed",
            1,
            "docs_unchanged",
            2,
            "bytes_processed",
            100));
  }

  /** A run that has just begun, so that freshness is not in doubt. */
  public GkpHistory ingestionRunNow() {
    return add(
        "ingestion_runs",
        "c",
        Map.of(
            "run_id",
            "now",
            "tenant_id",
            "acme",
            "started_at",
            Instant.now().getEpochSecond(),
            "status",
            "running",
            "objects_scanned",
            0,
            "docs_changed",
            0,
            "docs_unchanged",
            0));
  }

  public GkpHistory evalRun(int number, double passRate) {
    return add(
        "eval_runs",
        "c",
        Map.of(
            "run_id",
            "e" + number,
            "started_at",
            START.plus(Duration.ofDays(number)).getEpochSecond(),
            "status",
            "succeeded",
            "dataset_name",
            "golden",
            "dataset_sha256",
            "abc",
            "summary_json",
            "{\"examples\":10,\"passed\":%d,\"failed\":%d,\"pass_rate\":%.1f}"
                .formatted(Math.round(10 * passRate), 10 - Math.round(10 * passRate), passRate)));
  }

  /** Loads what was added, as one batch. */
  public GkpHistory publish() {
    pending.forEach((table, rows) -> warehouse.append("raw_" + table, rows));
    pending.clear();
    warehouse.append("checkpoints", List.of(checkpoint(batch, "stream")));
    batch++;
    return this;
  }

  private GkpHistory add(String table, String op, Map<String, ?> values) {
    pending
        .computeIfAbsent(table, t -> new ArrayList<>())
        .add(change(op, 1, batch, row++, START.plus(Duration.ofDays(batch)), values));
    return this;
  }
}
