package io.gkp.connector.source;

import io.gkp.connector.config.SourceConfig;
import io.gkp.connector.config.TableName;
import io.gkp.failure.ExportException;
import io.gkp.failure.Failure;
import java.sql.SQLException;

/** What an error means while rows are read by an operator's condition. */
final class BackfillErrors {
  static final String CANCELLED = "57014";

  private BackfillErrors() {}

  /**
   * The condition is to blame for errors of syntax and names (42), of values (22), of what a
   * read-only transaction may do (25), and for taking too long. The server's message of a value
   * error may hold row values and is left out.
   */
  static ExportException toFailure(SourceConfig source, TableName table, SQLException error) {
    String state = error.getSQLState() == null ? "" : error.getSQLState();
    if (state.equals(CANCELLED)) {
      return rejected(
          table,
          "took longer than the statement timeout",
          "Narrow it, or index the column that it filters by.",
          error);
    }
    if (state.equals("42501")) {
      return SourceErrors.toFailure(source, error);
    }
    if (state.startsWith("42")) {
      return rejected(
          table,
          "is not valid: " + SourceErrors.firstLine(error),
          "Correct it; names outside pg_catalog need their schema.",
          error);
    }
    if (state.startsWith("22") || (state.startsWith("25") && !state.startsWith("25P"))) {
      return rejected(
          table, "failed with SQLSTATE " + state, "Correct it; it may only read.", error);
    }
    return SourceErrors.toFailure(source, error);
  }

  private static ExportException rejected(
      TableName table, String what, String remedy, SQLException cause) {
    return new ExportException(
        Failure.BACKFILL_REJECTED,
        "The backfill's condition on " + table + " " + what + ".",
        remedy,
        cause);
  }
}
