package io.gkp.bigquery;

import com.google.cloud.bigquery.BigQueryException;
import io.gkp.failure.ExportException;
import io.gkp.failure.Failure;
import java.io.IOException;
import java.util.concurrent.Callable;

/** Calls whose effect is the same however often they are made: passing trouble is waited out. */
public final class Calls {
  private static final int CONFLICT = 409;

  private final DestinationConfig config;
  private final BigQueryErrors errors;

  public Calls(DestinationConfig config) {
    this.config = config;
    this.errors = new BigQueryErrors(config);
  }

  /**
   * @param doing for the message of a failure
   * @throws ExportException when the service refuses, or trouble lasts
   */
  public <T> T repeat(String doing, Callable<T> call) throws InterruptedException {
    Backoff backoff = new Backoff(config);
    while (true) {
      try {
        return OwnThread.call(call);
      } catch (BigQueryException | IOException e) {
        if (!BigQueryErrors.isTransient(e) || backoff.isExhausted()) {
          throw errors.toFailure(doing, e);
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
        "Run again; it goes on from the last checkpoint.",
        cause);
  }
}
