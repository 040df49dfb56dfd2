package io.gkp.connector.source.stream;

import io.gkp.name.Lsn;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * The place in the write-ahead log that ends a run: everything that was committed before it was set
 * lies before it. It needs no table and no privilege.
 *
 * @see <a
 *     href="https://www.postgresql.org/docs/current/functions-admin.html#FUNCTIONS-ADMIN-BACKUP">pg_current_wal_insert_lsn</a>
 */
public final class Fence {
  /**
   * The transaction number makes the statement end in a commit record, behind the LSN. So the
   * walsender has something to come to: it reads what was flushed to disk, and without a commit
   * nothing says when the rest is.
   */
  private static final String QUERY =
      "SELECT pg_catalog.pg_current_wal_insert_lsn(), pg_catalog.pg_current_xact_id()";

  private Fence() {}

  /**
   * Sets a fence now.
   *
   * @param connection in autocommit mode
   */
  public static Lsn set(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(QUERY)) {
      row.next();
      return Lsn.parse(row.getString(1));
    }
  }
}
