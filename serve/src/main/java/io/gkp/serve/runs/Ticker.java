package io.gkp.serve.runs;

import io.gkp.failure.ExportException;
import io.gkp.serve.http.Problem;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts a run every so often, for those who have no scheduler. What was missed stays missed. */
public final class Ticker implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Ticker.class);

  private final RunControl runs;
  private final Duration every;
  private final ScheduledExecutorService executor =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "ticker");
            thread.setDaemon(true);
            return thread;
          });

  public Ticker(RunControl runs, Duration every) {
    this.runs = runs;
    this.every = every;
  }

  /** The first run starts at once. */
  public void start() {
    executor.execute(this::tick);
  }

  private void tick() {
    long began = System.nanoTime();
    try {
      String runId = runs.start(StartOrder.scheduled("every " + every), null, null);
      log.info("Run {} is started by the schedule", runId);
    } catch (Problem e) {
      log.info("No run is started: {}", e.getMessage());
    } catch (ExportException e) {
      log.warn("No run could be started: {}", e.sentence());
    } catch (RuntimeException e) {
      log.error("No run could be started", e);
    }
    if (!executor.isShutdown()) {
      long took = System.nanoTime() - began;
      executor.schedule(this::tick, every.toNanos() - took % every.toNanos(), TimeUnit.NANOSECONDS);
    }
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}
