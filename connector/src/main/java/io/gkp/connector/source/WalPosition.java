package io.gkp.connector.source;

import io.gkp.name.Lsn;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Where the server's write-ahead log stands. */
public final class WalPosition {
  private WalPosition() {}

  /** The end of the log as this server knows it; on a standby, what it has replayed. */
  public static Lsn current(Connection connection) throws SQLException {
    return read(connection, "pg_current_wal_lsn()");
  }

  private static Lsn read(Connection connection, String onPrimary) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn()"
                    + " ELSE "
                    + onPrimary
                    + " END")) {
      row.next();
      return Lsn.parse(row.getString(1));
    }
  }

  /**
   * Bytes of log between a position and now, those included that are not written out yet; 0 where
   * the position is not behind.
   */
  public static long bytesSince(Connection connection, Lsn position) throws SQLException {
    return Math.max(0, read(connection, "pg_current_wal_insert_lsn()").value() - position.value());
  }
}
