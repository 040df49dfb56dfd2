package io.gkp.bigquery;

import com.google.cloud.bigquery.BigQueryException;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs a call of the client on a thread of its own.
 *
 * <p>Why: where a read has timed out, the client's retries leave the thread marked as interrupted,
 * which then stands for nothing. And a request that nobody takes blocks its thread until the
 * operating system gives up, or for ever.
 *
 * @see <a
 *     href="https://github.com/googleapis/sdk-platform-java/blob/main/gax-java/gax/src/main/java/com/google/api/gax/retrying/DirectRetryingExecutor.java">DirectRetryingExecutor</a>
 */
public final class OwnThread {
  private static final long POLL_MILLIS = 1_000;

  /** A thread that is done takes a later call, unmarked; one that is blocked stays away. */
  private static final ExecutorService THREADS =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "bigquery");
            thread.setDaemon(true);
            return thread;
          });

  private OwnThread() {}

  /** {@link #call(Callable, BooleanSupplier)} for calls that the client bounds itself. */
  public static <T> T call(Callable<T> call) throws IOException, InterruptedException {
    return call(call, () -> false);
  }

  /**
   * @param isHopeless asked now and then; the thread is left alone then
   * @throws IOException also when it is hopeless; what becomes of the call is unknown
   * @throws InterruptedException when the caller was interrupted, and only then
   */
  public static <T> T call(Callable<T> call, BooleanSupplier isHopeless)
      throws IOException, InterruptedException {
    Future<T> task = THREADS.submit(call);
    while (true) {
      try {
        return task.get(POLL_MILLIS, TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        if (isHopeless.getAsBoolean()) {
          throw new IOException("BigQuery takes nothing any more", e);
        }
      } catch (ExecutionException e) {
        throw rethrown(e.getCause());
      }
    }
  }

  private static IOException rethrown(@Nullable Throwable cause) {
    if (cause instanceof BigQueryException refused) {
      throw refused;
    }
    if (cause instanceof RuntimeException other) {
      throw other;
    }
    if (cause instanceof Error error) {
      throw error;
    }
    return cause instanceof IOException lost ? lost : new IOException(cause);
  }
}
