package io.gkp.connector.source;

import io.gkp.connector.config.SourceConfig;
import io.gkp.connector.silence.SilentServerException;
import io.gkp.failure.ExportException;
import io.gkp.failure.Failure;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Optional;

/** What the end of a stream means. */
public final class StreamErrors {
  private static final String OBJECT_IN_USE = "55006";

  private StreamErrors() {}

  /** Looks through the wrappings that the engine and its tasks put around the cause. */
  public static ExportException toFailure(SourceConfig source, Throwable error) {
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (cause instanceof ExportException known) {
        return known;
      }
      if (cause instanceof SQLException sql) {
        return of(source, sql);
      }
      if (cause instanceof IOException) {
        return lost(source, error);
      }
    }
    return new ExportException(
        Failure.INTERNAL,
        "Reading the change stream stopped: " + error.getClass().getSimpleName() + ".",
        "Nothing is lost; run again with --verbose and report this.",
        error);
  }

  private static ExportException of(SourceConfig source, SQLException error) {
    String state = error.getSQLState() == null ? "" : error.getSQLState();
    if (state.equals(OBJECT_IN_USE)) {
      return new ExportException(
          Failure.SLOT_BUSY,
          "Another session reads from replication slot " + source.slot() + ".",
          "Wait for it to end; SELECT * FROM pg_replication_slots names its process.",
          error);
    }
    Optional<ExportException> tls = TlsErrors.of(source, error);
    if (tls.isPresent()) {
      return tls.get();
    }
    if (state.isEmpty() || state.startsWith("08") || state.startsWith("57P")) {
      return lost(source, error);
    }
    return SourceErrors.toFailure(source, error);
  }

  private static ExportException lost(SourceConfig source, Throwable error) {
    return new ExportException(
        Failure.SOURCE_LOST,
        "The connection to Postgres at "
            + source.describe()
            + " was lost"
            + SilentServerException.in(error).map(silent -> ": " + silent.getMessage()).orElse("")
            + ".",
        "Nothing is lost; run again when it is reachable.",
        error);
  }
}
