package io.gkp.serve.backend;

import io.gkp.failure.ExportException;
import io.gkp.failure.Failure;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An answer that costs queries: asked for by one thread at a time, kept for a while, and waited for
 * no longer than a browser waits. So many readers cost no more than one.
 */
public final class Cached<T> {
  private final Supplier<T> source;
  private final Executor executor;
  private final long keepNanos;
  private final long waitMillis;
  private @Nullable CompletableFuture<T> answer;
  private long askedAt;

  /**
   * @param executor asks; not the threads that serve
   */
  public Cached(Supplier<T> source, Executor executor, Duration keep, Duration wait) {
    this.source = source;
    this.executor = executor;
    this.keepNanos = keep.toNanos();
    this.waitMillis = wait.toMillis();
  }

  /**
   * The answer.
   *
   * @throws ExportException what asking threw, or that it takes too long
   */
  public T get() {
    try {
      return current().get(waitMillis, TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw cause(e.getCause());
    } catch (TimeoutException e) {
      throw new ExportException(
          Failure.DESTINATION_UNREACHABLE,
          "Postgres or BigQuery has not answered for " + waitMillis / 1000 + " s.",
          "Ask again; GET /readyz says which of them does not answer.");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private synchronized CompletableFuture<T> current() {
    boolean isOld = answer != null && System.nanoTime() - askedAt > keepNanos;
    if (answer == null || (answer.isDone() && (isOld || answer.isCompletedExceptionally()))) {
      askedAt = System.nanoTime();
      answer = CompletableFuture.supplyAsync(source, executor);
    }
    return answer;
  }

  /** Something has changed: the next one who asks gets a new answer. */
  public synchronized void forget() {
    answer = null;
  }

  private static RuntimeException cause(@Nullable Throwable thrown) {
    Throwable cause = thrown instanceof CompletionException ? thrown.getCause() : thrown;
    return cause instanceof RuntimeException known ? known : new IllegalStateException(cause);
  }
}
