package io.gkp.serve.runs;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.gkp.connector.config.Units;
import io.gkp.failure.Failure;
import io.gkp.serve.http.Problem;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a run is wanted; what is null is as the deployment has it.
 *
 * @param tables the captured tables, all of them: they share one position in the log, and a run of
 *     some would pass over the others' changes
 * @param maxDuration such as {@code 10m}
 * @param reason why, in the operator's words
 */
public record StartOrder(
    @JsonProperty("tables") @Nullable List<String> tables,
    @JsonProperty("refresh_models") @Nullable Boolean refreshModels,
    @JsonProperty("max_duration") @Nullable String maxDuration,
    @JsonProperty("reason") String reason) {
  static final int LONGEST_REASON = 500;

  /** As the schedule has it. */
  public static StartOrder scheduled(String reason) {
    return new StartOrder(null, null, null, reason);
  }

  /**
   * @param captured what the deployment exports
   * @throws Problem 400 or 422
   */
  public void check(List<String> captured) {
    if (maxDuration != null) {
      try {
        if (Units.duration(maxDuration).isZero()) {
          throw new IllegalArgumentException("no time at all");
        }
      } catch (IllegalArgumentException | ArithmeticException e) {
        throw Problem.badRequest("max_duration is no duration.", "Example: 10m.");
      }
    }
    if (reason != null && reason.length() > LONGEST_REASON) {
      throw Problem.badRequest("reason is too long.", "At most " + LONGEST_REASON + " characters.");
    }
    if (tables == null) {
      return;
    }
    if (!captured.containsAll(tables)) {
      throw new Problem(
          422,
          Failure.BAD_REQUEST,
          "tables names one that is not captured.",
          "Captured are " + String.join(", ", captured) + ".");
    }
    if (!tables.containsAll(captured)) {
      throw new Problem(
          422,
          Failure.BAD_REQUEST,
          "A run exports all captured tables: they share one replication slot, and a run of some"
              + " would pass over the others' changes.",
          "Leave tables out; POST /api/requests reads one table anew.");
    }
  }

  /** The settings that differ from the deployment's, for the run's environment. */
  Map<String, String> environment(String runId) {
    Map<String, String> settings = new HashMap<>();
    settings.put("GKP_RUN_ID", runId);
    if (maxDuration != null) {
      settings.put("GKP_MAX_DURATION", maxDuration);
    }
    if (refreshModels != null) {
      settings.put("GKP_REFRESH_MODELS", refreshModels.toString());
    }
    return settings;
  }
}
