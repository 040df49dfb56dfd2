package io.gkp.bigquery;

import com.google.cloud.bigquery.BigQueryError;
import com.google.cloud.bigquery.BigQueryException;
import io.gkp.failure.ExportException;

/** Says what trouble means to whoever asked: the end of a run, of a model, of a command. */
@FunctionalInterface
public interface Failures {
  /**
   * @param doing what was asked for, such as {@code reading the dataset}
   * @param reason the service's, empty where it gives none
   * @param error its message may hold values of rows, unless it is of the service itself
   */
  ExportException of(String doing, Trouble trouble, String reason, Exception error);

  /** The failure for an error of a call. */
  default ExportException of(String doing, Exception error) {
    return error instanceof ExportException known
        ? known
        : of(doing, Trouble.of(error), Trouble.reasonOf(error), error);
  }

  /** The failure for a job that ended in an error which another attempt does not mend. */
  default ExportException of(String doing, BigQueryError error) {
    return of(
        doing,
        Trouble.of(error),
        Trouble.reasonOf(error),
        new BigQueryException(400, error.getMessage(), error));
  }
}
