package io.gkp.sql.warehouse;

import com.google.cloud.bigquery.BigQueryError;
import com.google.cloud.bigquery.BigQueryException;
import java.util.Set;

/** A model could not be rendered, checked or run; the message holds no row values. */
public final class ModelException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Whose side it is, with the command's exit code. */
  public enum Fault {
    /** A check of severity {@code fail} found rows. */
    DATA(65),
    /** BigQuery does not answer or answers that it cannot; trying again later may help. */
    UNAVAILABLE(69),
    /** A statement is wrong, or something that should not happen did. */
    INTERNAL(70),
    /** The credentials do not reach far enough. */
    PERMISSION(77),
    /** A project, dataset or option is not as it must be. */
    CONFIGURATION(78);

    private final int exitCode;

    Fault(int exitCode) {
      this.exitCode = exitCode;
    }

    public int exitCode() {
      return exitCode;
    }
  }

  private static final Set<String> TRANSIENT =
      Set.of(
          "backendError",
          "internalError",
          "jobBackendError",
          "jobInternalError",
          "jobRateLimitExceeded",
          "rateLimitExceeded");

  private final Fault fault;

  public ModelException(Fault fault, String message) {
    super(message);
    this.fault = fault;
  }

  public ModelException(Fault fault, String message, Throwable cause) {
    super(message, cause);
    this.fault = fault;
  }

  public Fault fault() {
    return fault;
  }

  static ModelException of(String what, BigQueryException e) {
    Fault fault =
        switch (e.getCode()) {
          case 401, 403 -> Fault.PERMISSION;
          case 404 -> Fault.CONFIGURATION;
          default -> isTransient(e) ? Fault.UNAVAILABLE : Fault.INTERNAL;
        };
    return new ModelException(fault, what + ": " + e.getMessage(), e);
  }

  static ModelException of(String what, BigQueryError error) {
    Fault fault =
        switch (String.valueOf(error.getReason())) {
          case "accessDenied" -> Fault.PERMISSION;
          case "quotaExceeded" -> Fault.UNAVAILABLE;
          case "notFound" -> Fault.CONFIGURATION;
          default -> isTransient(error) ? Fault.UNAVAILABLE : Fault.INTERNAL;
        };
    return new ModelException(fault, what + ": " + error.getMessage());
  }

  /** No answer, or one that says that another try may do better. */
  static boolean isTransient(BigQueryException e) {
    boolean rate = e.getReason() != null && TRANSIENT.contains(e.getReason());
    return e.getCode() <= 0 || e.getCode() >= 500 || e.getCode() == 429 || rate;
  }

  /** A job that ended this way may be tried again under another id. */
  static boolean isTransient(BigQueryError error) {
    return TRANSIENT.contains(String.valueOf(error.getReason()));
  }
}
