package io.gkp.connector.source.snapshot;

import io.gkp.connector.config.SourceConfig;
import io.gkp.connector.source.SourceErrors;
import io.gkp.failure.ExportException;
import io.gkp.failure.Failure;
import io.gkp.name.TableName;
import java.sql.SQLException;
import java.util.List;

/** What an error means while rows are looked for by an operator's condition. */
final class BackfillErrors {
  static final String CANCELLED = "57014";

  /**
   * Classes of errors that are the session's or the server's: the connection, locks, deadlocks, a
   * shutdown, a file that cannot be read. The condition is to blame for every other.
   */
  private static final List<String> OF_THE_SESSION =
      List.of("08", "25P", "28", "40", "55P03", "57P", "58");

  private BackfillErrors() {}

  /** The server has looked at the condition and not at a row, so its message holds no value. */
  static ExportException ofPlanning(SourceConfig source, TableName table, SQLException error) {
    if (state(error).equals("42501")) {
      return SourceErrors.toFailure(source, error);
    }
    if (state(error).startsWith("42")) {
      return rejected(
          table,
          "is not valid: " + SourceErrors.firstLine(error),
          "Correct it: one boolean expression over the table's exported columns.",
          error);
    }
    return ofExecution(source, table, error);
  }

  /** Any message of the server may hold values of rows, and none is passed on. */
  static ExportException ofExecution(SourceConfig source, TableName table, SQLException error) {
    String state = state(error);
    if (state.equals(CANCELLED)) {
      return rejected(
          table,
          "took longer than the statement timeout",
          "Narrow it, or index the column that it filters by.",
          error);
    }
    if (state.isEmpty() || OF_THE_SESSION.stream().anyMatch(state::startsWith)) {
      return SourceErrors.toFailure(source, error);
    }
    return rejected(
        table,
        "failed with SQLSTATE " + state,
        "Correct it; the server's log has its message, which may hold values of rows.",
        error);
  }

  private static String state(SQLException error) {
    return error.getSQLState() == null ? "" : error.getSQLState();
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
