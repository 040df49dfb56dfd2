package io.gkp.bigquery;

import com.google.api.client.http.HttpResponseException;
import com.google.cloud.bigquery.BigQueryError;
import com.google.cloud.bigquery.BigQueryException;
import io.gkp.failure.ExportException;
import io.gkp.failure.Failure;
import java.io.IOException;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a BigQuery error means: worth another attempt, or the end of the run and why.
 *
 * @see <a href="https://cloud.google.com/bigquery/docs/error-messages">error messages</a>
 */
public final class BigQueryErrors {
  /** Reasons for which the service asks to try the same thing again. */
  private static final Set<String> TRANSIENT =
      Set.of(
          "backendError",
          "internalError",
          "jobBackendError",
          "jobInternalError",
          "jobRateLimitExceeded",
          "rateLimitExceeded",
          "tableUnavailable",
          "timeout",
          "stopped");

  public static final String ENABLE_BILLING =
      "Enable billing for the project: without it (the sandbox) BigQuery deletes every table and"
          + " partition after 60 days at most. Then run again; what was created meanwhile is kept.";

  private static final Pattern REASON = Pattern.compile("\"reason\"\\s*:\\s*\"(\\w+)\"");

  private final DestinationConfig config;

  public BigQueryErrors(DestinationConfig config) {
    this.config = config;
  }

  /** Whether a failed job is worth a new attempt. */
  static boolean isTransient(BigQueryError error) {
    return TRANSIENT.contains(error.getReason());
  }

  /**
   * Whether the outcome of a call is unknown or its failure passes by itself: connection trouble,
   * 5xx, 408, 429 and rate limits.
   */
  static boolean isTransient(Exception error) {
    if (error instanceof BigQueryException e) {
      int code = e.getCode();
      return code == 0
          || code == 408
          || code == 429
          || code >= 500
          || TRANSIENT.contains(reasonOf(e))
          || (code != 400 && e.getCause() instanceof IOException && !isHttp(e.getCause()));
    }
    return error instanceof IOException || error.getCause() instanceof IOException;
  }

  /** The failure of a run for an error of a call. */
  public ExportException toFailure(String doing, Exception error) {
    if (error instanceof ExportException known) {
      return known;
    }
    int code = error instanceof BigQueryException e ? e.getCode() : 0;
    String reason = error instanceof BigQueryException e ? reasonOf(e) : "";
    return toFailure(doing, code, reason, error);
  }

  /** The failure of a run for a job that ended in an error which another attempt does not mend. */
  ExportException toFailure(String doing, BigQueryError error) {
    return toFailure(
        doing, 400, error.getReason(), new BigQueryException(400, error.getMessage(), error));
  }

  private ExportException toFailure(String doing, int code, String reason, Exception cause) {
    String dataset = config.describe();
    String what = "BigQuery refused " + doing + " in " + dataset;
    if (code == 401 || "authError".equals(reason)) {
      return new ExportException(
          Failure.DESTINATION_AUTHENTICATION,
          what + ": the credentials are not valid.",
          "Renew them (gcloud auth application-default login, or the job's service account).",
          cause);
    }
    if ("quotaExceeded".equals(reason)) {
      return new ExportException(
          Failure.DESTINATION_QUOTA,
          what + ": a quota is used up.",
          "Nothing is lost; the next run goes on. Look at the quota page of project "
              + config.project()
              + " and run less often.",
          cause);
    }
    if ("billingNotEnabled".equals(reason)) {
      return new ExportException(
          Failure.TABLES_EXPIRE,
          what + ": project " + config.project() + " has no billing, so its tables must expire.",
          ENABLE_BILLING,
          cause);
    }
    if ((code == 403 && !TRANSIENT.contains(reason)) || "accessDenied".equals(reason)) {
      return new ExportException(
          Failure.DESTINATION_PERMISSION,
          what + ": permission is missing.",
          "Grant the service account roles/bigquery.dataEditor on dataset "
              + config.dataset()
              + " and roles/bigquery.jobUser on project "
              + config.project()
              + ".",
          cause);
    }
    if (code == 404 || "notFound".equals(reason)) {
      return new ExportException(
          Failure.DATASET_MISSING,
          what + ": the dataset or a table does not exist.",
          "Check --dataset and --location; to rebuild a deleted table run offsets reset --table.",
          cause);
    }
    if (isTransient(cause)) {
      return new ExportException(
          Failure.DESTINATION_UNREACHABLE,
          "BigQuery did not answer "
              + doing
              + " in "
              + dataset
              + (config.host() == null ? "" : " at " + config.host())
              + ".",
          "Nothing is lost; run again when it is reachable.",
          cause);
    }
    return new ExportException(
        Failure.LOAD_REJECTED,
        what + (reason.isEmpty() ? "" : " (reason " + reason + ")") + ".",
        "Nothing is lost and nothing was committed. Look at the job in BigQuery for its message, which"
            + " may hold values of rows.",
        cause);
  }

  /** Uploads bring the error's body unread: there, only the text says why. */
  private static String reasonOf(BigQueryException error) {
    if (error.getReason() != null) {
      return error.getReason();
    }
    for (Throwable cause = error.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof HttpResponseException response && response.getContent() != null) {
        Matcher reason = REASON.matcher(response.getContent());
        return reason.find() ? reason.group(1) : "";
      }
    }
    return "";
  }

  private static boolean isHttp(Throwable cause) {
    return cause instanceof HttpResponseException;
  }
}
