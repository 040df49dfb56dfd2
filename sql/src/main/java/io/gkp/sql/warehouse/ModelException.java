package io.gkp.sql.warehouse;

import com.fasterxml.jackson.annotation.JsonValue;
import com.google.cloud.bigquery.BigQueryError;
import com.google.cloud.bigquery.BigQueryException;
import io.gkp.failure.Alert;
import java.util.Set;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/** A model could not be rendered, checked or run; the message holds no row values. */
public final class ModelException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Whose side it is, with a stable code for alerts and the command's exit code. */
  public enum Fault {
    /** The command line is wrong; the same code as for every other command. */
    USAGE("GKP-001", 64),
    /** A check of severity {@code fail} found rows. */
    DATA("GKP-401", 65),
    /** BigQuery does not answer or answers that it cannot; trying again later may help. */
    UNAVAILABLE("GKP-402", 69),
    /** The credentials do not reach far enough. */
    PERMISSION("GKP-403", 77),
    /** A project, dataset or setting is not as it must be. */
    CONFIGURATION("GKP-404", 78),
    /**
     * More than this BigQuery evaluates in one query. Trying again does not help: somebody has to
     * choose another one, or more slots, or less data.
     */
    LIMIT("GKP-405", 78),
    /** A statement is wrong, or something that should not happen did. */
    INTERNAL("GKP-406", 70);

    private final String code;
    private final int exitCode;

    Fault(String code, int exitCode) {
      this.code = code;
      this.exitCode = exitCode;
    }

    /** Stable identifier. */
    @JsonValue
    public String code() {
      return code;
    }

    public int exitCode() {
      return exitCode;
    }

    /** Who should hear of it. The export goes on without the models, so nobody is woken. */
    public Alert alert() {
      return switch (this) {
        case USAGE -> Alert.NONE;
        case UNAVAILABLE -> Alert.ABSENCE;
        case DATA, PERMISSION, CONFIGURATION, LIMIT, INTERNAL -> Alert.TICKET;
      };
    }

    /** A line of the log that alerts go by. */
    public LoggingEventBuilder logged(Logger log) {
      return log.atLevel(alert().isError() ? Level.ERROR : Level.WARN)
          .addKeyValue("error_code", code)
          .addKeyValue("alert", alert().label());
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

  /** Where in a statement's text. */
  private static final Pattern PLACE = Pattern.compile(" at \\[\\d+:\\d+]");

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

  /** What an answer of BigQuery's means; {@code what} begins the message. */
  public static ModelException of(String what, BigQueryException e) {
    Fault known = fault(e.getReason());
    Fault fault =
        known != Fault.INTERNAL
            ? known
            : switch (e.getCode()) {
              case 401, 403 -> Fault.PERMISSION;
              case 404 -> Fault.CONFIGURATION;
              default -> isTransient(e) ? Fault.UNAVAILABLE : Fault.INTERNAL;
            };
    return new ModelException(fault, what + ": " + said(fault, e.getReason(), e.getMessage()), e);
  }

  static ModelException of(String what, BigQueryError error) {
    Fault fault = fault(error.getReason());
    return new ModelException(
        fault, what + ": " + said(fault, error.getReason(), error.getMessage()));
  }

  /**
   * The message, where it cannot hold a value: it is of the service and not of a statement, or of
   * the statement's text, whose place it names. Errors of execution quote values, such as {@code
   * Bad int64 value: ...}.
   */
  private static String said(Fault fault, String reason, String message) {
    return fault != Fault.INTERNAL || PLACE.matcher(String.valueOf(message)).find()
        ? message
        : "reason "
            + reason
            + "; the job in BigQuery has its message, which may hold values of rows";
  }

  /**
   * @see <a href="https://cloud.google.com/bigquery/docs/error-messages">BigQuery: error
   *     messages</a>
   */
  private static Fault fault(String reason) {
    return switch (String.valueOf(reason)) {
      case "accessDenied" -> Fault.PERMISSION;
      case "quotaExceeded" -> Fault.UNAVAILABLE;
      case "notFound", "billingNotEnabled" -> Fault.CONFIGURATION;
      case "resourcesExceeded", "responseTooLarge", "billingTierLimitExceeded" -> Fault.LIMIT;
      default -> TRANSIENT.contains(String.valueOf(reason)) ? Fault.UNAVAILABLE : Fault.INTERNAL;
    };
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
