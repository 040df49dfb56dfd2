package io.gkp.localbigquery.api;

import java.util.Optional;

/**
 * An error as the REST API reports it: an HTTP status and the reason that clients decide by.
 *
 * @see <a href="https://cloud.google.com/bigquery/docs/error-messages">BigQuery error messages</a>
 */
public final class ApiException extends RuntimeException {
  private final int httpStatus;
  private final String reason;
  private final String location;

  public ApiException(int httpStatus, String reason, String message) {
    this(httpStatus, reason, message, null);
  }

  /**
   * @param location where in the request or file the fault lies, {@code null} where unknown
   */
  public ApiException(int httpStatus, String reason, String message, String location) {
    super(message);
    this.httpStatus = httpStatus;
    this.reason = reason;
    this.location = location;
  }

  public int httpStatus() {
    return httpStatus;
  }

  public String reason() {
    return reason;
  }

  public Optional<String> location() {
    return Optional.ofNullable(location);
  }

  /** 400: the request itself is wrong. */
  public static ApiException invalid(String message) {
    return new ApiException(400, "invalid", message);
  }

  /** 400: the statement is wrong. */
  public static ApiException invalidQuery(String message) {
    return new ApiException(400, "invalidQuery", message, "query");
  }

  /** 404: what the request names is not there. */
  public static ApiException notFound(String message) {
    return new ApiException(404, "notFound", message);
  }

  /** 409: what the request would create is there already. */
  public static ApiException duplicate(String message) {
    return new ApiException(409, "duplicate", message);
  }

  /** 501: the real service can do this, the local one cannot; names what. */
  public static ApiException notImplemented(String what) {
    return new ApiException(
        501, "notImplemented", "The local BigQuery does not implement " + what + ".");
  }
}
