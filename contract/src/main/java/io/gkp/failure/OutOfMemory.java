package io.gkp.failure;

import java.util.Optional;

/** What it means when the heap is used up. */
public final class OutOfMemory {
  private static final long GIB = 1L << 30;

  private static final String REMEDY =
      "Nothing is lost. Raise it (GKP_JAVA_OPTS=-Xmx%dg), or lower GKP_BATCH_BYTES and"
          + " GKP_IN_FLIGHT_BYTES; docs/reference/limits.md says how much is needed. Of a value of"
          + " hundreds of megabytes: leave its transaction out by offsets skip, or its column by a"
          + " column list of the publication.";

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
    long heap = Runtime.getRuntime().maxMemory();
    return new ExportException(
        Failure.OUT_OF_MEMORY,
        "The heap of %d MiB is used up (OutOfMemoryError).".formatted(heap >> 20),
        REMEDY.formatted(more(heap)),
        error);
  }

  /** A heap that is worth a try, in GiB: at least twice as large, and never less than 2. */
  private static long more(long heap) {
    return Math.max(2, 2 * heap + GIB / 2 >> 30);
  }
}
