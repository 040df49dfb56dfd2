package io.gkp.connector.source;

import io.gkp.connector.config.SourceConfig;
import io.gkp.connector.silence.SilentServerException;
import io.gkp.failure.ExportException;
import io.gkp.failure.Failure;
import java.sql.SQLException;
import java.util.Optional;

/**
 * What a Postgres error means for a run, by SQLSTATE.
 *
 * @see <a href="https://www.postgresql.org/docs/current/errcodes-appendix.html">error codes</a>
 */
public final class SourceErrors {
  private SourceErrors() {}

  /**
   * The failure of a run for an error of the source. The server's message is kept out where it may
   * hold row values.
   */
  public static ExportException toFailure(SourceConfig source, SQLException error) {
    String state = error.getSQLState() == null ? "" : error.getSQLState();
    String where = source.describe();
    Optional<ExportException> tls = TlsErrors.of(source, error);
    if (tls.isPresent()) {
      return tls.get();
    }
    if (state.equals("08004") && source.password() == null) {
      return new ExportException(
          Failure.SOURCE_AUTHENTICATION,
          "Postgres at " + where + " asks for a password of user " + source.user() + ".",
          "Set PGPASSWORD, or put it into DATABASE_URL or a password file (PGPASSFILE, ~/.pgpass).",
          error);
    }
    if (state.startsWith("28")) {
      return new ExportException(
          Failure.SOURCE_AUTHENTICATION,
          "Postgres at " + where + " refused the login of user " + source.user() + ".",
          "Check user and password in --source-url (or DATABASE_URL) and the server's pg_hba.conf,"
              + " which may ask for TLS (?sslmode=verify-full).",
          error);
    }
    if (state.equals("3D000")) {
      return new ExportException(
          Failure.CONFIGURATION,
          "Database " + source.database() + " does not exist at " + source.host() + ".",
          "Correct the database name at the end of --source-url.",
          error);
    }
    if (state.equals("42501")) {
      return new ExportException(
          Failure.SOURCE_PERMISSION,
          "User "
              + source.user()
              + " lacks a privilege at "
              + where
              + ": "
              + firstLine(error)
              + ".",
          "Grant it, or run doctor for the exact statements.",
          error);
    }
    if (state.equals("25006")) {
      return new ExportException(
          Failure.SOURCE_SETTINGS,
          "Postgres at " + where + " is a standby, or is in recovery.",
          "Point --source-url (or DATABASE_URL) at the primary.",
          error);
    }
    if (state.equals("53400") || state.equals("53300")) {
      return new ExportException(
          Failure.SOURCE_SETTINGS,
          "Postgres at " + where + " is out of slots or connections: " + firstLine(error) + ".",
          "Raise max_replication_slots, max_wal_senders or max_connections, or drop unused slots.",
          error);
    }
    if (state.equals("58P01")) {
      return new ExportException(
          Failure.SLOT_INVALIDATED,
          "Postgres at "
              + where
              + " does not have a file any more that slot "
              + source.slot()
              + " needs: "
              + firstLine(error)
              + ".",
          "If it was write-ahead log: run offsets reset --all --yes to take new snapshots from a new"
              + " slot. Never delete files of pg_wal.",
          error);
    }
    if (state.startsWith("08") || state.startsWith("57P")) {
      return new ExportException(
          Failure.SOURCE_UNREACHABLE,
          "Postgres at "
              + where
              + " cannot be reached: "
              + SilentServerException.in(error)
                  .map(Exception::getMessage)
                  .orElseGet(() -> firstLine(error))
              + ".",
          "Check host, port, network and that the server is up.",
          error);
    }
    return new ExportException(
        Failure.INTERNAL,
        "Postgres at " + where + " answered with error " + state + ".",
        "Run again with --verbose for the server's message.",
        error);
  }

  static String firstLine(SQLException error) {
    String message = String.valueOf(error.getMessage());
    int end = message.indexOf('\n');
    String line = end < 0 ? message : message.substring(0, end);
    return line.endsWith(".") ? line.substring(0, line.length() - 1) : line;
  }
}
