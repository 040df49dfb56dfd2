package io.gkp.connector.property;

import io.gkp.connector.property.SourceAction.AddColumn;
import io.gkp.connector.property.SourceAction.Copy;
import io.gkp.connector.property.SourceAction.Delete;
import io.gkp.connector.property.SourceAction.Insert;
import io.gkp.connector.property.SourceAction.InsertMany;
import io.gkp.connector.property.SourceAction.Move;
import io.gkp.connector.property.SourceAction.Swap;
import io.gkp.connector.property.SourceAction.Transaction;
import io.gkp.connector.property.SourceAction.Truncate;
import io.gkp.connector.property.SourceAction.Update;
import io.gkp.connector.property.SourceAction.UpdateAll;
import io.gkp.testing.TestPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;

/**
 * The connections that change the database, driven one statement at a time. A statement that would
 * wait for another session, or that a key forbids, fails and takes its transaction back to the last
 * savepoint.
 */
final class Sessions implements AutoCloseable {
  static final int COUNT = 3;

  /** A lock is held, or there is a row of that key. */
  private static final Set<String> EXPECTED = Set.of("55P03", "40P01", "23505");

  private final List<Session> sessions = new ArrayList<>();
  private final SourceStatements statements = new SourceStatements();
  private boolean transactionsMayStayOpen;

  private static final class Session {
    final Connection connection;
    final Deque<Savepoint> savepoints = new ArrayDeque<>();
    boolean hasMovedKeys;

    Session(Connection connection) {
      this.connection = connection;
    }

    boolean isInTransaction() throws SQLException {
      return !connection.getAutoCommit();
    }

    void end(boolean commit) throws SQLException {
      if (isInTransaction()) {
        if (commit) {
          connection.commit();
        } else {
          connection.rollback();
        }
        connection.setAutoCommit(true);
        savepoints.clear();
      }
      hasMovedKeys = false;
    }

    void fail() throws SQLException {
      if (!savepoints.isEmpty()) {
        connection.rollback(savepoints.peek());
      } else {
        end(false);
      }
    }
  }

  Sessions(TestPostgres.Database database) throws SQLException {
    for (int i = 0; i < COUNT; i++) {
      Connection connection = database.connect();
      sessions.add(new Session(connection));
      try (Statement statement = connection.createStatement()) {
        statement.execute("SET lock_timeout = '10ms'");
      }
    }
  }

  /** Until a slot is there, creating it would wait for open transactions; so there are none. */
  void letTransactionsStayOpen() {
    transactionsMayStayOpen = true;
  }

  /** Commits what is open. */
  synchronized void settle() throws SQLException {
    for (Session session : sessions) {
      session.end(true);
    }
  }

  /**
   * Commits transactions that have changed keys. A table that is read again while one is open falls
   * under the limit that the modeling guide names: a row that takes another row's key in it may be
   * given that row's unchanged long values.
   */
  synchronized void settleMoves() throws SQLException {
    for (Session session : sessions) {
      if (session.hasMovedKeys) {
        session.end(true);
      }
    }
  }

  synchronized void apply(SourceAction action) throws SQLException {
    Session session = sessions.get(action.session());
    try {
      if (action instanceof Transaction transaction) {
        apply(session, transaction.verb());
      } else if (action instanceof Copy copy) {
        statements.copy(session.connection, copy);
      } else {
        run(session, sql(action), action instanceof Swap || action instanceof AddColumn);
        session.hasMovedKeys |= action instanceof Move || action instanceof Swap;
        if (action instanceof Truncate || action instanceof AddColumn) {
          session.end(true);
        }
        if (action instanceof AddColumn addColumn) {
          statements.columnAdded(addColumn.table());
        }
      }
    } catch (SQLException e) {
      if (!EXPECTED.contains(e.getSQLState())) {
        throw e;
      }
      session.fail();
    }
  }

  private List<String> sql(SourceAction action) {
    if (action instanceof Insert a) {
      return List.of(statements.insert(a.table(), a.key(), 1, a.values()));
    } else if (action instanceof InsertMany a) {
      return List.of(statements.insert(a.table(), a.key(), a.count(), a.values()));
    } else if (action instanceof Update a) {
      return statements.update(a.table(), a.key(), a.values());
    } else if (action instanceof UpdateAll a) {
      return statements.updateAll(a.table(), a.values());
    } else if (action instanceof Move a) {
      return List.of(statements.move(a.table(), a.from(), a.to(), a.values()));
    } else if (action instanceof Swap a) {
      return statements.swap(a.table(), a.left(), a.right());
    } else if (action instanceof Delete a) {
      return List.of(statements.delete(a.table(), a.key()));
    } else if (action instanceof Truncate a) {
      return List.of("TRUNCATE " + a.table().table());
    } else if (action instanceof AddColumn a) {
      return statements.addColumn(a.table());
    }
    throw new IllegalArgumentException(action.toString());
  }

  private void apply(Session session, Transaction.Verb verb) throws SQLException {
    switch (verb) {
      case BEGIN -> {
        if (transactionsMayStayOpen) {
          session.connection.setAutoCommit(false);
        }
      }
      case COMMIT -> session.end(true);
      case ROLLBACK -> session.end(false);
      case SAVEPOINT -> {
        if (session.isInTransaction()) {
          session.savepoints.push(session.connection.setSavepoint());
        }
      }
      case ROLLBACK_TO_SAVEPOINT -> {
        if (!session.savepoints.isEmpty()) {
          session.connection.rollback(session.savepoints.pop());
        }
      }
      default -> throw new IllegalArgumentException(verb.name());
    }
  }

  private static void run(Session session, List<String> sql, boolean asOne) throws SQLException {
    boolean own = asOne && !session.isInTransaction();
    if (own) {
      session.connection.setAutoCommit(false);
    }
    try (Statement statement = session.connection.createStatement()) {
      for (String one : sql) {
        statement.execute(one);
      }
    }
    if (own) {
      session.end(true);
    }
  }

  @Override
  public void close() throws SQLException {
    for (Session session : sessions) {
      session.connection.close();
    }
  }
}
