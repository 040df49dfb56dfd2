package io.gkp.connector.export;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.gkp.connector.checks.Finding;
import io.gkp.connector.verify.TableVerification;
import io.gkp.connector.verify.Verification;
import io.gkp.failure.ExitCode;
import io.gkp.failure.ExportException;
import io.gkp.failure.Failure;
import io.gkp.sql.run.ModelResult;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one run did; the JSON of {@code export-bigquery --output json}.
 *
 * @param runId the run, as in {@code _cdc_run_id}; null when it was refused before it began
 * @param caughtUp whether everything committed before the run began is in the destination
 * @param fenceLsn where the run's fence was found, such as {@code 0/1A2B3C}; null when it was not
 *     reached
 * @param checkpointLsn position in the ledger at the end of the run; null where there is none
 * @param durationMs wall time of the run, without the JVM's start
 * @param batches checkpoints written for the stream
 * @param schemaChanges what changed about the raw tables' columns, one sentence each
 * @param warnings what this run saw at the source or in the dataset that makes, or will make, the
 *     destination differ from the source, each with its remedy; what a run mends by itself is here
 *     too
 * @param backfills what operators had asked for and this run has settled
 * @param views the views that this run created or replaced, could not, or a raw table cannot have
 * @param phasesMs wall time of the run's parts, in order
 * @param tables by configured name
 * @param verification what comparing the warehouse with the source has found; empty where that was
 *     not asked for
 * @param error null unless the run failed
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record RunReport(
    @Nullable String runId,
    Status status,
    boolean caughtUp,
    @Nullable String fenceLsn,
    @Nullable String checkpointLsn,
    long durationMs,
    long batches,
    Map<String, Table> tables,
    List<String> schemaChanges,
    List<Finding> warnings,
    List<Backfill> backfills,
    List<ModelResult> views,
    Map<String, Long> phasesMs,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<TableVerification> verification,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Error error) {

  /** How a run ended. */
  public enum Status {
    /** Reached the fence; everything committed before the run began is in the destination. */
    @JsonProperty("drained")
    DRAINED,
    /** Stopped by time or signal; what was loaded is committed. */
    @JsonProperty("stopped_early")
    STOPPED_EARLY,
    /** See the error; what was committed before stays. */
    @JsonProperty("failed")
    FAILED
  }

  /**
   * One table's share.
   *
   * @param changes inserts, updates, deletes and truncates of the stream
   * @param rowsLoaded changelog rows that load jobs report, snapshot included
   * @param bytesLoaded newline-delimited JSON before compression
   * @param lossyValues values that went to {@code _cdc_lossy}
   * @param unavailableValues values named in {@code _cdc_unavailable}: long ones that stayed the
   *     same, which Postgres does not send again
   */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  public record Table(
      long snapshotRows,
      long changes,
      long inserts,
      long updates,
      long deletes,
      long truncates,
      long rowsLoaded,
      long bytesLoaded,
      long lossyValues,
      long unavailableValues,
      List<String> loadJobs) {}

  /**
   * One filtered backfill.
   *
   * @param done false when its condition made it impossible
   * @param errorCode null when it is done
   */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  public record Backfill(
      String requestId,
      @Nullable String table,
      boolean done,
      long rows,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String errorCode) {}

  /**
   * Why a run failed.
   *
   * @param code stable, such as {@code GKP-101}
   */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  public record Error(String code, String message, String remedy, int exitCode) {
    public static Error of(ExportException e) {
      return new Error(e.failure().code(), e.getMessage(), e.remedy(), e.failure().exitCode());
    }
  }

  /** Of a run that was refused before it had an id. */
  public static RunReport notStarted(ExportException refusal) {
    return new RunReport(
        null,
        Status.FAILED,
        false,
        null,
        null,
        0,
        0,
        Map.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        Map.of(),
        List.of(),
        Error.of(refusal));
  }

  /** Of the command; a run that has drained, but left a view wrong, says why by its code. */
  @JsonIgnore
  public int exitCode() {
    return switch (status) {
      case DRAINED ->
          views.stream()
              .filter(view -> view.outcome() == ModelResult.Outcome.FAILED)
              .map(ModelResult::failure)
              .map(Failure::exitCode)
              .findFirst()
              .or(
                  () ->
                      Verification.failure(verification).map(differ -> differ.failure().exitCode()))
              .orElse(ExitCode.OK);
      case STOPPED_EARLY -> ExitCode.STOPPED_EARLY;
      case FAILED -> requireNonNull(error).exitCode();
    };
  }
}
