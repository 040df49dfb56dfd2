package io.gkp.connector.changelog;

/**
 * Bounds what is held in memory. A single part larger than the whole budget passes when nothing
 * else is held.
 */
final class ByteBudget {
  private static final long POLL_MILLIS = 100;

  private final long limit;
  private long used;

  ByteBudget(long limit) {
    this.limit = limit;
  }

  /**
   * @param whileWaiting called now and then; throws to give up
   */
  synchronized void acquire(long bytes, Runnable whileWaiting) throws InterruptedException {
    while (used > 0 && used + bytes > limit) {
      wait(POLL_MILLIS);
      whileWaiting.run();
    }
    used += bytes;
  }

  synchronized void release(long bytes) {
    used -= bytes;
    notifyAll();
  }
}
