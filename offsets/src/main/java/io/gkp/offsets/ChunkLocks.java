package io.gkp.offsets;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * Who reads which chunk now, as the server knows it: an advisory lock of a session goes with its
 * process. It spares tasks from reading the same chunk twice. What they load is right whoever holds
 * it, since each read has a batch number of its own.
 *
 * @see <a
 *     href="https://www.postgresql.org/docs/current/explicit-locking.html#ADVISORY-LOCKS">advisory
 *     locks</a>
 */
public final class ChunkLocks implements AutoCloseable {
  private final Connection connection;
  private final String deployment;

  /**
   * @param connection to the source's database; closed with this
   * @param deployment what no other deployment on that database is called
   */
  public ChunkLocks(Connection connection, String deployment) {
    this.connection = connection;
    this.deployment = deployment;
  }

  /** Takes the right to read a chunk; false where somebody else has it. */
  public boolean take(SnapshotChunk chunk) throws SQLException {
    return ask("pg_try_advisory_lock", chunk);
  }

  /** Gives it back; without effect where it was not taken. */
  public void release(SnapshotChunk chunk) throws SQLException {
    ask("pg_advisory_unlock", chunk);
  }

  private boolean ask(String function, SnapshotChunk chunk) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT " + function + "(hashtextextended(?, 0))")) {
      statement.setString(
          1,
          "gkp-chunk:%s:%s:%d:%d"
              .formatted(deployment, chunk.table(), chunk.epoch(), chunk.number()));
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getBoolean(1);
      }
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
