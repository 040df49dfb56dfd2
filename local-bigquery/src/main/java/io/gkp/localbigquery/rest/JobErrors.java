package io.gkp.localbigquery.rest;

import com.google.api.services.bigquery.model.ErrorProto;
import com.google.api.services.bigquery.model.Job;
import io.gkp.localbigquery.api.ApiException;

/**
 * A failed job as the HTTP error that asking for its results gives.
 *
 * @see <a href="https://cloud.google.com/bigquery/docs/error-messages">Error messages</a>
 */
final class JobErrors {
  private JobErrors() {}

  static void check(Job job) {
    ErrorProto error = job.getStatus().getErrorResult();
    if (error != null) {
      throw new ApiException(
          httpStatus(error.getReason()),
          error.getReason(),
          error.getMessage(),
          error.getLocation());
    }
  }

  private static int httpStatus(String reason) {
    return switch (reason) {
      case "notFound" -> 404;
      case "duplicate" -> 409;
      case "accessDenied", "responseTooLarge", "quotaExceeded" -> 403;
      case "stopped" -> 499;
      case "notImplemented" -> 501;
      case "internalError", "jobInternalError" -> 500;
      case "backendError", "jobBackendError" -> 503;
      default -> 400;
    };
  }
}
