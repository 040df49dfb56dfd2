package io.gkp.connector.export;

import io.gkp.connector.checks.Finding;
import io.gkp.connector.source.SourceDatabase;
import java.sql.SQLException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends what an {@linkplain Stop#isOverdue overdue} run waits for at the source: locks of others, a
 * standby that does not answer. What waits for the destination looks at the {@link Stop} itself.
 *
 * <ol>
 *   <li>From the time on at which the run shall end, ask the server now and then what the run's
 *       sessions wait for, and for whom. A run that ends overdue has the answer in its report.
 *   <li>Once it is overdue, and a moment later still there: cancel its statements.
 *   <li>Where that does not help, break the connections off, and the same for later ones.
 * </ol>
 */
final class Overdue implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Overdue.class);
  private static final long POLL_MILLIS = 200;
  private static final long ASK_EVERY_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** Twice this is left of what a signal leaves. */
  private static final long MOMENT_MILLIS = 700;

  private final Stop stop;
  private final SourceDatabase database;
  private final RunStatistics statistics;
  private final CountDownLatch over = new CountDownLatch(1);
  private volatile @Nullable String waits;
  private volatile boolean ended;

  Overdue(Stop stop, SourceDatabase database, RunStatistics statistics) {
    this.stop = stop;
    this.database = database;
    this.statistics = statistics;
    Thread thread = new Thread(this::watch, "overdue");
    thread.setDaemon(true);
    thread.start();
  }

  /** Whether the run's failure is nothing but its end. */
  boolean hasEndedIt() {
    return ended;
  }

  private void watch() {
    try {
      long askAt = System.nanoTime();
      while (!stop.isOverdue()) {
        if (over.await(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
          return;
        }
        if (stop.isDue() && System.nanoTime() >= askAt) {
          ask();
          askAt = System.nanoTime() + ASK_EVERY_NANOS;
        }
      }
      if (!over.await(MOMENT_MILLIS, TimeUnit.MILLISECONDS)) {
        ended = true;
        database.cancel();
      }
      while (!over.await(MOMENT_MILLIS, TimeUnit.MILLISECONDS)) {
        database.abort();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void ask() {
    try {
      waits = database.waits().orElse(null);
    } catch (SQLException e) {
      log.debug("What the run waits for cannot be asked", e);
    }
  }

  /** The run is over. */
  @Override
  public void close() {
    over.countDown();
    if (waits != null && stop.isOverdue()) {
      statistics.warn(
          Finding.warning(
              "waiting",
              "The run's time was over while Postgres let it wait: " + waits + ".",
              "The next run goes on from here. A session that was forgotten is ended by SELECT"
                  + " pg_terminate_backend(<pid>); a standby that is gone has to leave"
                  + " synchronized_standby_slots."));
    }
  }
}
