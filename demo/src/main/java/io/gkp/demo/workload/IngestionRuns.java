package io.gkp.demo.workload;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The runs that read tenants' documents: one each night, more when documents change. */
final class IngestionRuns {
  private static final double FAILURE_RATE = 0.03;
  private static final double SKIPPED_OBJECT_RATE = 0.08;
  private static final List<String> OBJECT_ERRORS =
      List.of("unsupported_encoding", "password_protected", "too_large", "parse_error");

  /** A tenant's storage was down for two nights of the third week. */
  private static final String OUTAGE_TENANT = "meridian-health";

  private final long seed;
  private final LocalDate start;

  IngestionRuns(long seed, LocalDate start) {
    this.seed = seed;
    this.start = start;
  }

  List<Row> on(LocalDate day) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < Tenant.ALL.size(); i++) {
      Tenant tenant = Tenant.ALL.get(i);
      Chance chance = new Chance(seed, "ingestion_runs/" + tenant.id() + "/" + day);
      long nightly = Rhythm.at(day, 2, 7 * i) + chance.between(0, 40);
      rows.add(run(tenant, day, nightly, "scheduler", chance));
      int pushes = chance.count(0.8 * Rhythm.activity(day));
      for (int push = 0; push < pushes; push++) {
        String trigger = chance.happens(0.85) ? "webhook" : "manual";
        rows.add(run(tenant, day, Rhythm.moment(day, chance), trigger, chance));
      }
    }
    rows.sort(Comparator.comparingLong((Row row) -> row.number("started_at")));
    return rows;
  }

  /** A run that began shortly before midnight and has not ended yet. */
  Row unfinished(LocalDate day) {
    Tenant tenant = Tenant.ALL.get(0);
    Chance chance = new Chance(seed, "ingestion_runs/unfinished/" + day);
    return begun(tenant, Rhythm.at(day, 23, 51), "manual", chance)
        .set("finished_at", null)
        .set("status", "running")
        .set("objects_scanned", 0)
        .set("docs_changed", 0)
        .set("docs_unchanged", 0)
        .set("bytes_processed", 0L)
        .set("errors_json", "[]");
  }

  private Row run(Tenant tenant, LocalDate day, long startedAt, String trigger, Chance chance) {
    Row row = begun(tenant, startedAt, trigger, chance);
    if (outage(tenant, day) || chance.happens(FAILURE_RATE)) {
      return failed(row, startedAt, outage(tenant, day), chance);
    }
    boolean full = trigger.equals("scheduler");
    int documents = tenant.documents() + 3 * (int) ChronoUnit.DAYS.between(start, day);
    int scanned = full ? documents : chance.between(1, 40);
    ArrayNode errors = skippedObjects(tenant, chance);
    int changed = Math.min(scanned, chance.count(full ? documents * 0.012 : 5));
    long bytes = changed * (long) chance.logNormal(48_000, 0.4);
    return row.set("finished_at", startedAt + 4 + scanned / 60 + chance.count(changed))
        .set("status", "succeeded")
        .set("objects_scanned", scanned)
        .set("docs_changed", changed)
        .set("docs_unchanged", Math.max(0, scanned - changed - errors.size()))
        .set("bytes_processed", bytes)
        .set("errors_json", errors.toString());
  }

  private Row failed(Row row, long startedAt, boolean outage, Chance chance) {
    ObjectNode error =
        Json.object()
            .put("code", outage ? "storage_unreachable" : "embedding_quota_exceeded")
            .put("message", outage ? "connection timed out after 60 s" : "429 from the provider")
            .put("retryable", true);
    return row.set("finished_at", startedAt + (outage ? 180 : chance.between(20, 90)))
        .set("status", "failed")
        .set("objects_scanned", outage ? 0 : chance.between(10, 400))
        .set("docs_changed", 0)
        .set("docs_unchanged", 0)
        .set("bytes_processed", 0L)
        .set("errors_json", Json.array().add(error).toString());
  }

  private static Row begun(Tenant tenant, long startedAt, String trigger, Chance chance) {
    return new Row()
        .set("run_id", "ing-" + chance.hex(12))
        .set("started_at", startedAt)
        .set("trigger_type", trigger)
        .set("trigger_payload_json", payload(trigger, chance))
        .set("principal", trigger.equals("manual") ? tenant.person(chance) : null)
        .set("tenant_id", tenant.id());
  }

  private static String payload(String trigger, Chance chance) {
    return switch (trigger) {
      case "scheduler" -> Json.object().put("schedule", "0 2 * * *").toString();
      case "webhook" ->
          Json.object()
              .put("event", "object.changed")
              .put("object", Prose.document(chance))
              .toString();
      default -> Json.object().put("reason", "requested in the console").toString();
    };
  }

  private static ArrayNode skippedObjects(Tenant tenant, Chance chance) {
    ArrayNode errors = Json.array();
    int skipped = chance.happens(SKIPPED_OBJECT_RATE) ? chance.between(1, 3) : 0;
    for (int i = 0; i < skipped; i++) {
      errors
          .addObject()
          .put("code", chance.pick(OBJECT_ERRORS))
          .put("object", tenant.id() + "/" + Prose.document(chance))
          .put("retryable", false);
    }
    return errors;
  }

  private boolean outage(Tenant tenant, LocalDate day) {
    long night = ChronoUnit.DAYS.between(start, day);
    return tenant.id().equals(OUTAGE_TENANT) && (night == 16 || night == 17);
  }
}
