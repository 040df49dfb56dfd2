package io.gkp.connector.bigquery;

import java.util.concurrent.ThreadLocalRandom;

/** Growing pauses with jitter: quick at first, since most load jobs take a second or two. */
final class Backoff {
  private static final long FIRST_MILLIS = 50;
  private static final long LONGEST_MILLIS = 5_000;

  private long millis = FIRST_MILLIS;

  void pause() throws InterruptedException {
    Thread.sleep(millis / 2 + ThreadLocalRandom.current().nextLong(millis / 2 + 1));
    millis = Math.min(LONGEST_MILLIS, millis * 3 / 2);
  }
}
