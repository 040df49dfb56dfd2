package io.gkp.sql.run;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.gkp.failure.ExportException;
import io.gkp.failure.Failure;
import org.jspecify.annotations.Nullable;

/**
 * What became of a model in a run.
 *
 * @param jobId the job that created it; null unless it ran
 * @param rows of a table; null for a view
 * @param bytesProcessed what its job read
 * @param message why it failed or was left out; null otherwise
 * @param failure what kind of failure it is; null otherwise
 */
public record ModelResult(
    String model,
    Outcome outcome,
    @Nullable String jobId,
    @Nullable Long rows,
    long bytesProcessed,
    @Nullable String message,
    @JsonIgnore @Nullable Failure failure) {
  /** How it went. */
  public enum Outcome {
    /** Created or replaced. */
    DONE,
    /** A statement failed; what was there before is still there. */
    FAILED,
    /** Something that it reads is missing or failed. */
    SKIPPED
  }

  /** The failure's stable code; null where there is none. */
  @JsonProperty("error_code")
  public @Nullable String errorCode() {
    return failure == null ? null : failure.code();
  }

  static ModelResult done(String model, String jobId, @Nullable Long rows, long bytesProcessed) {
    return new ModelResult(model, Outcome.DONE, jobId, rows, bytesProcessed, null, null);
  }

  static ModelResult skipped(String model, String message) {
    return new ModelResult(model, Outcome.SKIPPED, null, null, 0, message, null);
  }

  /** A model that could not be created; the exception says why. */
  public static ModelResult failed(String model, ExportException e) {
    return new ModelResult(model, Outcome.FAILED, null, null, 0, e.getMessage(), e.failure());
  }
}
