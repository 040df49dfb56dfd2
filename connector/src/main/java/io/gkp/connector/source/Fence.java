package io.gkp.connector.source;

import java.sql.Connection;
import java.sql.PreparedStatement;
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

  /** Writes the message in a transaction of its own; {@code connection} is in autocommit mode. */
  public static void emit(Connection connection, String content) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT pg_catalog.pg_logical_emit_message(true, ?, ?)")) {
      statement.setString(1, EngineProperties.FENCE_PREFIX);
      statement.setString(2, content);
      statement.execute();
    }
  }
}
