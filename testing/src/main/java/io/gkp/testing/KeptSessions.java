package io.gkp.testing;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;

/**
 * One session of the superuser in each of the databases that were used last: to begin one costs a
 * server more than most statements of tests do. Whoever takes a session finds it as it began.
 */
final class KeptSessions {
  private static final int VALID_SECONDS = 10;

  /** What only sessions know that begin afterwards. */
  private static final Pattern FOR_LATER_SESSIONS =
      Pattern.compile("\\bALTER\\s+(DATABASE|ROLE|USER)\\b", Pattern.CASE_INSENSITIVE);

  private final TestPostgres server;
  private final int most;

  /** By the database's name, the one used last at the end. */
  private final Map<String, Connection> idle = new LinkedHashMap<>();

  /**
   * @param most databases in which a session waits
   */
  KeptSessions(TestPostgres server, int most) {
    this.server = server;
    this.most = most;
  }

  @FunctionalInterface
  interface Work<T> {
    T in(Statement statement) throws SQLException;
  }

  /**
   * @param statements what the work says to the server
   * @throws IllegalStateException of what the server says against it
   */
  <T> T run(String database, Work<T> work, String... statements) {
    try {
      Connection session = take(database);
      T result;
      try (Statement statement = session.createStatement()) {
        result = work.in(statement);
      } catch (SQLException e) {
        session.close();
        throw e;
      }
      if (Stream.of(statements).anyMatch(sql -> FOR_LATER_SESSIONS.matcher(sql).find())) {
        session.close();
      } else {
        keep(database, session);
      }
      return result;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private Connection take(String database) throws SQLException {
    Connection kept;
    synchronized (idle) {
      kept = idle.remove(database);
    }
    if (kept != null && kept.isValid(VALID_SECONDS)) {
      return kept;
    }
    return server.connect(database); // the server has ended the other, or was ended
  }

  private void keep(String database, Connection session) throws SQLException {
    if (session.unwrap(BaseConnection.class).getTransactionState() != TransactionState.IDLE) {
      session.close();
      return;
    }
    try (Statement statement = session.createStatement()) {
      statement.execute("DISCARD ALL"); // settings, temporary tables, locks
    }
    Connection surplus;
    synchronized (idle) {
      surplus = idle.put(database, session);
      if (surplus == null && idle.size() > most) {
        surplus = idle.remove(idle.keySet().iterator().next());
      }
    }
    if (surplus != null) {
      surplus.close();
    }
  }
}
