package io.gkp.bigquery;

import com.google.api.client.http.HttpResponseException;
import com.google.cloud.bigquery.BigQueryError;
import com.google.cloud.bigquery.BigQueryException;
import java.io.IOException;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an error of BigQuery's means, whoever asked: the one table of its codes and reasons.
 *
 * @see <a href="https://cloud.google.com/bigquery/docs/error-messages">error messages</a>
 */
public enum Trouble {
  /** The credentials are not valid. */
  AUTHENTICATION,
  /** A quota is used up. */
  QUOTA,
  /** The project has no billing. */
  BILLING,
  /** The credentials do not reach far enough. */
  PERMISSION,
  /** A dataset, table or job is not there. */
  MISSING,
  /** More than the service evaluates in one query; trying again does not help. */
  LIMIT,
  /** No answer, or one that asks to try the same thing again. */
  PASSING,
  /** A statement or rows that are wrong, or something that nobody thought of. */
  REFUSED;

  /** Reasons for which the service asks to try the same thing again. */
  private static final Set<String> PASSING_REASONS =
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

  private static final Pattern REASON = Pattern.compile("\"reason\"\\s*:\\s*\"(\\w+)\"");

  private static final Pattern WORD = Pattern.compile("\\w{1,60}");

  /** Why a job ended. */
  public static Trouble of(BigQueryError error) {
    return of(400, String.valueOf(error.getReason()), isPassing(error));
  }

  /** Why a call failed. */
  public static Trouble of(Exception error) {
    return of(
        error instanceof BigQueryException e ? e.getCode() : 0, reasonOf(error), isPassing(error));
  }

  private static Trouble of(int code, String reason, boolean passing) {
    Trouble named =
        switch (reason) {
          case "authError" -> AUTHENTICATION;
          case "quotaExceeded" -> QUOTA;
          case "billingNotEnabled" -> BILLING;
          case "accessDenied" -> PERMISSION;
          case "notFound" -> MISSING;
          case "resourcesExceeded", "responseTooLarge", "billingTierLimitExceeded" -> LIMIT;
          default -> PASSING_REASONS.contains(reason) ? PASSING : REFUSED;
        };
    if (named != REFUSED) {
      return code == 401 ? AUTHENTICATION : named;
    }
    return switch (code) {
      case 401 -> AUTHENTICATION;
      case 403 -> PERMISSION;
      case 404 -> MISSING;
      default -> passing ? PASSING : REFUSED;
    };
  }

  /** Whether a failed job is worth a new attempt. */
  static boolean isPassing(BigQueryError error) {
    return PASSING_REASONS.contains(String.valueOf(error.getReason()));
  }

  /**
   * Whether the outcome of a call is unknown or its failure passes by itself: connection trouble,
   * 5xx, 408, 429 and rate limits.
   */
  static boolean isPassing(Exception error) {
    if (error instanceof BigQueryException e) {
      int code = e.getCode();
      return code <= 0
          || code == 408
          || code == 429
          || code >= 500
          || PASSING_REASONS.contains(reasonOf(e))
          || (code != 400 && e.getCause() instanceof IOException && !isHttp(e.getCause()));
    }
    return error instanceof IOException || error.getCause() instanceof IOException;
  }

  /** Uploads bring the error's body unread: there, only the text says why. */
  static String reasonOf(Exception error) {
    if (!(error instanceof BigQueryException)) {
      return "";
    }
    if (((BigQueryException) error).getReason() != null) {
      return word(((BigQueryException) error).getReason());
    }
    for (Throwable cause = error.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof HttpResponseException response && response.getContent() != null) {
        Matcher reason = REASON.matcher(response.getContent());
        return reason.find() ? reason.group(1) : "";
      }
    }
    return "";
  }

  /** Why a job failed. */
  static String reasonOf(BigQueryError error) {
    return error.getReason() == null ? "" : word(error.getReason());
  }

  /** A reason is one word; what answers in BigQuery's place may say anything. */
  private static String word(String reason) {
    return WORD.matcher(reason).matches() ? reason : "unknown";
  }

  private static boolean isHttp(Throwable cause) {
    return cause instanceof HttpResponseException;
  }
}
