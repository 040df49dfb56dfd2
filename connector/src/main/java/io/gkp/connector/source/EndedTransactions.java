package io.gkp.connector.source;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Which transactions had ended at a moment.
 *
 * @param snapshot {@code pg_snapshot}; it names no savepoints of those that had not
 * @param running {@code xid[]}: those that had not, and their savepoints, each of which holds a
 *     lock on its id
 * @see <a
 *     href="https://www.postgresql.org/docs/current/functions-info.html#FUNCTIONS-INFO-SNAPSHOT">Transaction
 *     ID and Snapshot Information Functions</a>
 */
public record EndedTransactions(String snapshot, String running) {
  private static final String NOW =
      """
      SELECT pg_catalog.pg_current_snapshot()::text, ARRAY(
        SELECT l.transactionid
        FROM pg_catalog.pg_locks l
        WHERE l.locktype = 'transactionid' AND l.mode = 'ExclusiveLock' AND l.granted
      )::text
      """;

  /** Those that have ended now. */
  public static EndedTransactions now(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(NOW)) {
      row.next();
      return new EndedTransactions(row.getString(1), row.getString(2));
    }
  }
}
