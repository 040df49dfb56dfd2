package io.gkp.connector.source.stream;

import io.gkp.name.Lsn;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/**
 * The place in the write-ahead log that ends a run: everything that was committed before it was set
 * lies before it. It needs no table and no privilege.
 *
 * @see <a
 *     href="https://www.postgresql.org/docs/current/functions-admin.html#FUNCTIONS-ADMIN-BACKUP">pg_current_wal_insert_lsn</a>
 */
public final class Fence {
  private static final String INSERTED = "SELECT pg_catalog.pg_current_wal_insert_lsn()";

  private static final String FLUSHED =
      "SELECT pg_catalog.pg_current_wal_flush_lsn() >= CAST(? AS pg_catalog.pg_lsn)";

  /**
   * The transaction number makes the statement end in a commit record, behind what was inserted.
   * The server does not flush a commit of nothing itself, it leaves that to its WAL writer, whom
   * nobody may have told of the rest.
   */
  private static final String EMPTY_COMMIT = "SELECT pg_catalog.pg_current_xact_id()";

  /**
   * Three times wal_writer_delay's default, and a rest.
   *
   * @see <a href="https://www.postgresql.org/docs/current/wal-async-commit.html">Asynchronous
   *     Commit</a>
   */
  private static final Duration WAL_WRITER = Duration.ofSeconds(1);

  private static final Duration PAUSE = Duration.ofMillis(5);

  private Fence() {}

  /**
   * Sets a fence now. The walsender reads what is flushed. So where something is not, this waits
   * for the server's WAL writer, for a second at most, and then makes an empty commit for it to
   * flush. Otherwise it writes nothing to the source.
   *
   * @param connection in autocommit mode
   */
  public static Lsn set(Connection connection) throws SQLException, InterruptedException {
    Lsn fence = Lsn.parse(ask(connection, INSERTED));
    long end = System.nanoTime() + WAL_WRITER.toNanos();
    while (!isFlushed(connection, fence)) {
      if (System.nanoTime() > end) {
        ask(connection, EMPTY_COMMIT);
        break;
      }
      Thread.sleep(PAUSE.toMillis());
    }
    return fence;
  }

  /**
   * Not yet, either, where the log ends with a page: the insert position is behind the next page's
   * head then, and the next record brings that to the disk.
   */
  private static boolean isFlushed(Connection connection, Lsn fence) throws SQLException {
    try (var statement = connection.prepareStatement(FLUSHED)) {
      statement.setString(1, fence.toString());
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getBoolean(1);
      }
    }
  }

  private static String ask(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      row.next();
      return row.getString(1);
    }
  }
}
