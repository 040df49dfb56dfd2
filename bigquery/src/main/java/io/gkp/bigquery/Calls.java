package io.gkp.bigquery;

import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.BigQueryException;
import io.gkp.failure.ExportException;
import io.gkp.failure.Failure;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;

/** Calls whose effect is the same however often they are made: passing trouble is waited out. */
public final class Calls {
  static final int CONFLICT = 409;

  private final Duration networkTimeout;
  private final Failures failures;

  /** For the export. */
  public Calls(DestinationConfig config) {
    this(config.networkTimeout(), new DestinationFailures(config));
  }

  /** For whoever has a client and a meaning of its own for failures. */
  public Calls(BigQuery client, Failures failures) {
    this(BigQueryClients.networkTimeout(client), failures);
  }

  private Calls(Duration networkTimeout, Failures failures) {
    this.networkTimeout = networkTimeout;
    this.failures = failures;
  }

  /** What this is to say of trouble. */
  Failures failures() {
    return failures;
  }

  /** A patience like that of calls, for loops of more than one call. */
  Backoff backoff() {
    return new Backoff(networkTimeout);
  }

  /**
   * @param doing for the message of a failure
   * @throws ExportException when the service refuses, or trouble lasts
   */
  public <T> T repeat(String doing, Callable<T> call) throws InterruptedException {
    Backoff backoff = backoff();
    while (true) {
      try {
        return OwnThread.call(call);
      } catch (BigQueryException | IOException e) {
        if (!Trouble.isPassing(e) || backoff.isExhausted()) {
          throw failures.of(doing, e);
        }
      }
      backoff.pause();
    }
  }

  /** {@link #repeat} for callers that nobody interrupts but at their end. */
  public <T> T repeatToTheEnd(String doing, Callable<T> call) {
    try {
      return repeat(doing, call);
    } catch (InterruptedException e) {
      throw interrupted(doing, e);
    }
  }

  /**
   * Creates what nobody else creates otherwise: it may be there already, by an answer that was lost
   * or by another run that began at the same moment.
   */
  public void create(String doing, Callable<?> call) {
    repeatToTheEnd(
        doing,
        () -> {
          try {
            return call.call();
          } catch (BigQueryException e) {
            if (e.getCode() == CONFLICT) {
              return null;
            }
            throw e;
          }
        });
  }

  /** The end of a run in the middle of something. */
  public static ExportException interrupted(String doing, InterruptedException cause) {
    Thread.currentThread().interrupt();
    return new ExportException(
        Failure.INTERNAL,
        "Interrupted while " + doing + ".",
        "Run again; it goes on where it was.",
        cause);
  }
}
