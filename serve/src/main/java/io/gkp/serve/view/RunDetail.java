package io.gkp.serve.view;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.databind.JsonNode;
import io.gkp.connector.operations.RunSummary;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One run, as far as it is known; {@code GET /api/runs/{id}}.
 *
 * @param state {@code running}; how it ended: {@code drained}, {@code stopped_early}, {@code
 *     failed}; {@code no_record} where it was killed, or never got to its dataset
 * @param startedBy null for the schedule's
 * @param error null unless it failed
 * @param summary its record in the dataset; null while it goes
 * @param batches what it has committed so far
 * @param report what {@code export-bigquery --output json} printed; null unless it was started here
 */
public record RunDetail(
    String runId,
    String state,
    @Nullable String startedBy,
    @Nullable String reason,
    @Nullable Failed error,
    @Nullable RunSummary summary,
    List<RunSummary.Batch> batches,
    @Nullable JsonNode report) {
  /**
   * Why it failed.
   *
   * @param message null where only the code is known
   * @param title of the runbook's entry
   * @param cause from there
   */
  public record Failed(
      String code,
      @Nullable String message,
      @Nullable String remedy,
      @Nullable String title,
      @Nullable String cause) {}

  @JsonIgnore
  public boolean isGoing() {
    return state.equals("running");
  }
}
