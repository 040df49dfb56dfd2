package io.gkp.sql.run;

import io.gkp.bigquery.Calls;
import io.gkp.failure.ExportException;
import io.gkp.sql.render.RenderedModel;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/**
 * Queries of checks that run while their caller goes on: a query waits for most of its time.
 * Closing ends those that nobody asks for any more.
 */
final class ChecksUnderway implements AutoCloseable {
  /** Of the 1,000 queries that BigQuery queues for a project: others want theirs, too. */
  private static final int AT_A_TIME = 4;

  private final Function<RenderedModel, Map<String, Long>> query;
  private final Map<RenderedModel, Future<Map<String, Long>>> underway = new LinkedHashMap<>();
  private final ExecutorService threads =
      Executors.newFixedThreadPool(AT_A_TIME, ChecksUnderway::thread);

  /**
   * @param query counts, by the name of each check of a model, what breaks its rule
   */
  ChecksUnderway(Function<RenderedModel, Map<String, Long>> query) {
    this.query = query;
  }

  /** Begins the checks of a model, which must exist, as must those that its checks refer to. */
  void begin(RenderedModel model) {
    underway.put(model, threads.submit(() -> query.apply(model)));
  }

  /**
   * Waits for the counts of all models, in the order in which they were begun.
   *
   * @throws ExportException where a query fails
   */
  Map<RenderedModel, Map<String, Long>> counts() {
    Map<RenderedModel, Map<String, Long>> counts = new LinkedHashMap<>();
    for (Map.Entry<RenderedModel, Future<Map<String, Long>>> entry : underway.entrySet()) {
      counts.put(entry.getKey(), count(entry.getKey(), entry.getValue()));
    }
    return counts;
  }

  private static Map<String, Long> count(RenderedModel model, Future<Map<String, Long>> future) {
    try {
      return future.get();
    } catch (InterruptedException e) {
      throw Calls.interrupted("checking " + model.name(), e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof ExportException failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }

  private static Thread thread(Runnable task) {
    Thread thread = new Thread(task, "checks");
    thread.setDaemon(true);
    return thread;
  }
}
