package io.gkp.connector.source.stream;

import io.gkp.connector.config.SourceConfig;
import io.gkp.connector.silence.SilentServerException;
import io.gkp.connector.source.SourceErrors;
import io.gkp.connector.wire.UnknownMessageException;
import io.gkp.failure.ExportException;
import io.gkp.failure.Failure;
import io.gkp.failure.OutOfMemory;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Optional;

/** What the end of a stream means. */
public final class StreamErrors {
  private static final String UNDEFINED_OBJECT = "42704";

  private StreamErrors() {}

  /** Looks through the wrappings that the engine and its tasks put around the cause. */
  public static ExportException toFailure(SourceConfig source, Throwable error) {
    Optional<ExportException> outOfMemory = OutOfMemory.in(error);
    if (outOfMemory.isPresent()) {
      return outOfMemory.get();
    }
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (cause instanceof ExportException known) {
        return known;
      }
      if (cause instanceof UnknownMessageException unknown) {
        return unknownMessage(unknown);
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
    if (UNDEFINED_OBJECT.equals(error.getSQLState())) {
      return publicationTooNew(source, error);
    }
    ExportException failure = SourceErrors.toFailure(source, error);
    String state = String.valueOf(error.getSQLState());
    boolean broken =
        failure.failure() == Failure.SOURCE_UNREACHABLE
            && (state.startsWith("08") || state.startsWith("57P"));
    return broken || error.getSQLState() == null ? lost(source, error) : failure;
  }

  /**
   * A change is decoded by the catalogue of its time. Before PostgreSQL 18 one that was made while
   * there was no such publication ends each stream that comes to it.
   *
   * @see <a
   *     href="https://www.postgresql.org/docs/current/logical-replication-publication.html">publications</a>
   */
  private static ExportException publicationTooNew(SourceConfig source, SQLException error) {
    return new ExportException(
        Failure.PUBLICATION_TOO_NEW,
        "Postgres cannot decode changes that were made while publication "
            + source.publication()
            + " did not exist: it was dropped and created again.",
        "Run offsets reset --all --yes to take new snapshots from a new slot: no slot gets past"
            + " those changes.",
        error);
  }

  private static ExportException unknownMessage(UnknownMessageException unknown) {
    return new ExportException(
        Failure.STREAM_UNKNOWN,
        "Postgres sent what this version of the export does not know: "
            + unknown.getMessage()
            + ".",
        "Nothing is lost; use a version of the export that knows this version of Postgres.",
        unknown);
  }

  private static ExportException lost(SourceConfig source, Throwable error) {
    return new ExportException(
        Failure.SOURCE_LOST,
        "The connection to Postgres at %s was lost%s."
            .formatted(
                source.describe(),
                SilentServerException.in(error)
                    .map(silent -> ": " + silent.getMessage())
                    .orElse("")),
        "Nothing is lost; run again when it is reachable.",
        error);
  }
}
