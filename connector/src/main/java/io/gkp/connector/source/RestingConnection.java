package io.gkp.connector.source;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;

/**
 * Keeps one connection from a question to the next, for whoever asks then. To open one takes the
 * server a process, and both sides a login.
 */
final class RestingConnection implements AutoCloseable {
  /** What lies between us and the server may forget a connection that says nothing for longer. */
  private static final Duration LONGEST = Duration.ofSeconds(10);

  private static final int ANSWER_SECONDS = 2;

  private @Nullable Connection connection;
  private long since;
  private boolean over;

  /** The connection, which answers; null where there is none. The caller closes it, or rests it. */
  @Nullable Connection take() {
    Connection taken = taken();
    if (taken == null) {
      return null;
    }
    try {
      if (taken.isValid(ANSWER_SECONDS)) {
        return taken;
      }
    } catch (SQLException e) {
      // As good as none.
    }
    close(taken);
    return null;
  }

  private synchronized @Nullable Connection taken() {
    Connection taken = connection;
    connection = null;
    if (taken != null && System.nanoTime() - since > LONGEST.toNanos()) {
      close(taken);
      return null;
    }
    return taken;
  }

  /** Keeps a connection, or closes it: where there is one, or all is over, or it is not at rest. */
  synchronized void rest(Connection used) {
    if (over || connection != null || !isAtRest(used)) {
      close(used);
    } else {
      connection = used;
      since = System.nanoTime();
    }
  }

  /** Whether no transaction is open. */
  private static boolean isAtRest(Connection used) {
    try {
      return used.getAutoCommit()
          && used.unwrap(BaseConnection.class).getTransactionState() == TransactionState.IDLE;
    } catch (SQLException e) {
      return false;
    }
  }

  /** Keeps nothing any more. */
  @Override
  public synchronized void close() {
    over = true;
    if (connection != null) {
      close(connection);
      connection = null;
    }
  }

  static void close(Connection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      // It is gone either way.
    }
  }
}
