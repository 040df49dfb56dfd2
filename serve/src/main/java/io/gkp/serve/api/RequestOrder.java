package io.gkp.serve.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.gkp.serve.http.Problem;
import java.util.List;
import java.util.stream.Stream;

/**
 * What an operator asks for; the body of {@code POST /api/requests}.
 *
 * @param kind {@code reset}, {@code backfill} or {@code cancel}
 * @param table of a reset or backfill
 * @param where one of three ways to say which rows a backfill reads
 * @param since {@code COLUMN=VALUE}
 * @param requestId what to cancel
 * @param reason needed unless {@code dryRun}
 * @param dryRun true where it is not said: look first
 */
record RequestOrder(
    @JsonProperty("kind") String kind,
    @JsonProperty("table") String table,
    @JsonProperty("where") String where,
    @JsonProperty("since") String since,
    @JsonProperty("keys") List<String> keys,
    @JsonProperty("request_id") String requestId,
    @JsonProperty("reason") String reason,
    @JsonProperty("dry_run") Boolean dryRun) {
  private static final int LONGEST_REASON = 500;

  boolean isDryRun() {
    return dryRun == null || dryRun;
  }

  /**
   * @throws Problem 400
   */
  void check() {
    if (kind == null || !List.of("reset", "backfill", "cancel").contains(kind)) {
      throw Problem.badRequest("kind is missing or unknown.", "reset, backfill or cancel.");
    }
    if (kind.equals("cancel") ? requestId == null : table == null || table.isBlank()) {
      throw Problem.badRequest(
          kind.equals("cancel") ? "request_id is missing." : "table is missing.",
          "GET /api/status has the tables, GET /api/requests the requests.");
    }
    if (kind.equals("backfill")
        && Stream.of(where, since, keys == null || keys.isEmpty() ? null : "keys")
                .filter(rows -> rows != null && !rows.isBlank())
                .count()
            != 1) {
      throw Problem.badRequest(
          "Which rows the backfill reads is not said.", "Give one of where, since and keys.");
    }
    if (keys != null && keys.contains(null)) {
      throw Problem.badRequest("keys holds a null.", "Give each key as text.");
    }
    if (!isDryRun() && (reason == null || reason.isBlank())) {
      throw Problem.badRequest("reason is missing.", "Say why; it is kept with the record of it.");
    }
    if (reason != null && reason.length() > LONGEST_REASON) {
      throw Problem.badRequest("reason is too long.", "At most " + LONGEST_REASON + " characters.");
    }
  }
}
