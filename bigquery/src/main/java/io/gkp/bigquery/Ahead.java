package io.gkp.bigquery;

import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * An answer that is asked for before it is needed, so that others can be asked for meanwhile.
 *
 * @param <T> may be null
 */
public final class Ahead<T> {
  /**
   * Far below what BigQuery allows a user in a second.
   *
   * @see <a href="https://cloud.google.com/bigquery/quotas#api_request_quotas">API quotas</a>
   */
  private static final int AT_ONCE = 8;

  private final FutureTask<T> task;

  private Ahead(Supplier<T> question) {
    task = new FutureTask<>(question::get);
    Thread thread = new Thread(task, "ahead");
    thread.setDaemon(true); // nobody may need the answer any more
    thread.start();
  }

  /** Asks on a thread of its own. */
  public static <T> Ahead<T> of(Supplier<T> question) {
    return new Ahead<>(question);
  }

  /**
   * The answers to questions that do not depend on each other, in the order of these.
   *
   * @param doing for the message, where whoever waits is interrupted
   */
  public static <Q, T> List<T> all(String doing, List<Q> questions, Function<Q, T> answer) {
    Semaphore free = new Semaphore(AT_ONCE);
    List<Ahead<T>> asked =
        questions.stream()
            .map(
                question -> {
                  free.acquireUninterruptibly();
                  return of(
                      () -> {
                        try {
                          return answer.apply(question);
                        } finally {
                          free.release();
                        }
                      });
                })
            .toList();
    return asked.stream().map(ahead -> ahead.get(doing)).toList();
  }

  /**
   * The answer, or the exception that asking ended with.
   *
   * @param doing for the message, where whoever waits is interrupted
   */
  public T get(String doing) {
    try {
      return task.get();
    } catch (InterruptedException e) {
      throw Calls.interrupted(doing, e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    }
  }
}
