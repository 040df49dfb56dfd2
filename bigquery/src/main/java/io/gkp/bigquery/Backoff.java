package io.gkp.bigquery;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Growing pauses with jitter: quick at first, since most load jobs take a second or two. Trouble
 * that passes by itself is waited out for a while.
 */
final class Backoff {
  private static final long FIRST_MILLIS = 50;
  private static final long LONGEST_MILLIS = 5_000;

  /** Of the network's timeout: so many requests may stay without an answer. */
  private static final int PATIENCE = 3;

  private final Duration patience;
  private @Nullable Long firstFailure;
  private long millis = FIRST_MILLIS;

  /**
   * @param networkTimeout how long one request may stay without an answer
   */
  Backoff(Duration networkTimeout) {
    this.patience = networkTimeout.multipliedBy(PATIENCE);
  }

  /** Notes a failure, and says whether it has been failing for too long to try again. */
  boolean isExhausted() {
    long now = System.nanoTime();
    if (firstFailure == null) {
      firstFailure = now;
    }
    return now - firstFailure > patience.toNanos();
  }

  void pause() throws InterruptedException {
    Thread.sleep(millis / 2 + ThreadLocalRandom.current().nextLong(millis / 2 + 1));
    millis = Math.min(LONGEST_MILLIS, millis * 3 / 2);
  }
}
