package io.gkp.connector.source;

import io.gkp.offsets.Lsn;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * The mark that ends a run: a transactional logical message. It needs no table and no privilege on
 * one, and it comes through the stream when the captured tables are idle too.
 *
 * @see <a
 *     href="https://www.postgresql.org/docs/current/functions-admin.html#FUNCTIONS-REPLICATION">pg_logical_emit_message</a>
 */
public final class Fence {
  private Fence() {}

  /**
   * Writes the message in a transaction of its own; {@code connection} is in autocommit mode.
   *
   * @return where the message stands; its transaction ends a little behind
   */
  public static Lsn emit(Connection connection, String content) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT pg_catalog.pg_logical_emit_message(true, ?, ?)")) {
      statement.setString(1, EngineProperties.FENCE_PREFIX);
      statement.setString(2, content);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return Lsn.parse(row.getString(1));
      }
    }
  }
}
