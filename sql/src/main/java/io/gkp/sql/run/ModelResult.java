package io.gkp.sql.run;

/**
 * What became of a model in a run.
 *
 * @param jobId the job that created it; null unless it ran
 * @param rows of a table; -1 for a view
 * @param bytesProcessed what its jobs read
 * @param message why it failed or was left out; null otherwise
 */
public record ModelResult(
    String model, Outcome outcome, String jobId, long rows, long bytesProcessed, String message) {
  /** How it went. */
  public enum Outcome {
    /** Created or replaced. */
    DONE,
    /** A statement failed; what was there before is still there. */
    FAILED,
    /** Something that it reads is missing or failed. */
    SKIPPED
  }

  static ModelResult skipped(String model, String message) {
    return new ModelResult(model, Outcome.SKIPPED, null, -1, 0, message);
  }

  static ModelResult failed(String model, String message) {
    return new ModelResult(model, Outcome.FAILED, null, -1, 0, message);
  }
}
