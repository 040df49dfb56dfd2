package io.gkp.demo.terminal;

import java.io.PrintWriter;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Keeps the seconds of a running step up to date on a terminal. */
final class Ticker implements AutoCloseable {
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(Ticker::daemon);

  Ticker(PrintWriter out, String label) {
    long start = System.nanoTime();
    clock.scheduleAtFixedRate(
        () -> {
          out.print("\r" + label + Console.seconds(System.nanoTime() - start));
          out.flush();
        },
        1,
        1,
        TimeUnit.SECONDS);
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "demo-ticker");
    thread.setDaemon(true);
    return thread;
  }

  /** Returns once nothing more will be printed. */
  @Override
  public void close() {
    clock.shutdownNow();
    try {
      clock.awaitTermination(1, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
