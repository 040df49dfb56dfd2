package io.gkp.failure;

import java.util.Optional;

/** What it means when the heap is used up. */
public final class OutOfMemory {
  private OutOfMemory() {}

  /** The failure, where an {@link OutOfMemoryError} is among the causes. */
  public static Optional<ExportException> in(Throwable error) {
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (cause instanceof OutOfMemoryError) {
        return Optional.of(failure(error));
      }
    }
    return Optional.empty();
  }

  private static ExportException failure(Throwable error) {
    return new ExportException(
        Failure.OUT_OF_MEMORY,
        "The heap of "
            + (Runtime.getRuntime().maxMemory() >> 20)
            + " MiB is used up (OutOfMemoryError).",
        "Nothing is lost. Raise it (GKP_JAVA_OPTS=-Xmx2g), or lower GKP_BATCH_BYTES and"
            + " GKP_IN_FLIGHT_BYTES; docs/reference/limits.md says how much is needed. Of a value of hundreds"
            + " of megabytes: leave its transaction out by offsets skip, or its column by a column"
            + " list of the publication.",
        error);
  }
}
