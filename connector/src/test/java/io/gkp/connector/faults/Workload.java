package io.gkp.connector.faults;

import io.gkp.testing.TestPostgres;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.postgresql.PGConnection;

/**
 * Transactions that interleave, each step chosen by a seed: inserts, updates, deletes, changes of
 * keys, COPY, savepoints, rollbacks and truncates.
 *
 * <p>One thread drives all sessions and lets one statement end before the next begins, so the seed
 * decides which session does what next, and in which order they commit. Nothing is left to locks:
 * each session has keys of its own, and a step that another session's open transaction would make
 * wait (only a truncate does) rolls its own transaction back instead. So a seed and a number of
 * steps always make the same history, whatever else the server does meanwhile. Transaction ids and
 * times differ.
 */
final class Workload implements AutoCloseable {
  /** A keyed table, one with a key of two columns and wide rows, and one without a key. */
  static final String[] TABLES = {"items", "notes", "events"};

  private static final int SESSIONS = 4;
  private static final int KEYS = 40;

  /** So that some tens of steps last as long as a run in a process of its own. */
  private static final long PAUSE_NANOS = 30_000_000;

  private final Random random;
  private final List<Session> sessions = new ArrayList<>();
  private long value;

  private static final class Session {
    final int number;
    final Connection connection;
    final List<Savepoint> savepoints = new ArrayList<>();

    /** What its open transaction has a lock on. */
    final Set<String> tables = new HashSet<>();

    final Set<String> truncated = new HashSet<>();

    Session(int number, Connection connection) {
      this.number = number;
      this.connection = connection;
    }
  }

  public Workload(TestPostgres.Database database, long seed) throws SQLException {
    this.random = new Random(seed);
    for (int i = 0; i < SESSIONS; i++) {
      Connection connection = database.connect();
      connection.setAutoCommit(false);
      try (Statement statement = connection.createStatement()) {
        // Nothing here waits but a truncate for a snapshot, which goes on.
        statement.execute("SET lock_timeout = '60s'");
      }
      connection.commit();
      sessions.add(new Session(i, connection));
    }
  }

  /** Creates the tables and their publication. */
  static void createTables(TestPostgres.Database database) {
    database.execute(
        "CREATE TABLE items (id int PRIMARY KEY, name text, amount int)",
        "CREATE TABLE notes (id int, lang text, body text, PRIMARY KEY (lang, id))",
        "CREATE TABLE events (at int, what text)",
        "ALTER TABLE events REPLICA IDENTITY FULL",
        "CREATE PUBLICATION gkp_export FOR TABLE items, notes, events");
  }

  /** Makes so many steps while something else goes on; a statement that fails shows up then. */
  Background inBackground(int steps) {
    return new Background(this, steps);
  }

  /**
   * Steps under way, after which every transaction ends: a slot that is being created waits for
   * that. All of them are made by its end, as soon as that is waited for.
   */
  static final class Background implements AutoCloseable {
    private final CompletableFuture<Void> done;
    private volatile boolean hurry;

    private Background(Workload workload, int steps) {
      this.done =
          CompletableFuture.runAsync(
              () -> {
                try {
                  for (int i = 0; i < steps; i++) {
                    workload.step();
                    if (!hurry) {
                      LockSupport.parkNanos(PAUSE_NANOS);
                    }
                  }
                  workload.settle();
                } catch (SQLException e) {
                  throw new IllegalStateException(e);
                }
              });
    }

    @Override
    public void close() {
      hurry = true;
      done.join();
    }
  }

  void steps(int count) throws SQLException {
    for (int i = 0; i < count; i++) {
      step();
    }
  }

  /** Ends what is open. */
  void settle() throws SQLException {
    for (Session session : sessions) {
      end(session, true);
    }
  }

  /** One transaction of many rows in all tables. */
  void large(int rows) throws SQLException {
    Session session = sessions.get(0);
    run(
        session,
        "INSERT INTO events SELECT i, 'large ' || i FROM generate_series(1, " + rows + ") i");
    run(
        session,
        "INSERT INTO notes SELECT "
            + key(session)
            + ", 'large' || i || '-"
            + value++
            + "', md5(i::text)"
            + " FROM generate_series(1, "
            + rows
            + ") i");
    end(session, true);
  }

  private void step() throws SQLException {
    Session session = sessions.get(random.nextInt(SESSIONS));
    try {
      switch (random.nextInt(20)) {
        case 0, 1, 2, 3 -> run(session, upsertItem(session));
        case 4, 5 -> run(session, insertNote(session));
        case 6, 7, 8 ->
            run(session, "UPDATE items SET amount = amount + 1 WHERE id = " + key(session));
        case 9 ->
            run(session, "UPDATE notes SET body = '" + text(200) + "' WHERE id = " + key(session));
        case 10 -> changeKey(session);
        case 11 -> run(session, "DELETE FROM items WHERE id = " + key(session));
        case 12 -> run(session, "DELETE FROM notes WHERE id = " + key(session));
        case 13 -> copy(session);
        case 14 -> savepoint(session);
        case 15 -> rollbackToSavepoint(session);
        case 16 -> run(session, "UPDATE events SET what = what || '+' WHERE at = " + key(session));
        case 17 -> end(session, random.nextInt(4) > 0);
        case 18 -> end(session, true);
        default -> rare(session);
      }
    } catch (WouldWait e) {
      end(session, false);
    }
  }

  /** Another session's transaction is in the way. */
  private static final class WouldWait extends RuntimeException {
    WouldWait() {
      super(null, null, false, false);
    }
  }

  private void rare(Session session) throws SQLException {
    switch (random.nextInt(5)) {
      case 0 -> truncate(session, "items");
      case 1 ->
          run(
              session,
              "DELETE FROM events WHERE at < 40 AND at %% %d = %d"
                  .formatted(SESSIONS, session.number));
      case 2 -> truncate(session, "notes", "events");
      default ->
          run(
              session,
              "INSERT INTO events SELECT %d, 'many ' || i FROM generate_series(1, %d) i"
                  .formatted(key(session), 1 + random.nextInt(50)));
    }
  }

  private void truncate(Session session, String... tables) throws SQLException {
    for (Session other : sessions) {
      if (other != session && !Collections.disjoint(other.tables, List.of(tables))) {
        throw new WouldWait();
      }
    }
    session.truncated.addAll(List.of(tables));
    run(session, "TRUNCATE " + String.join(", ", tables));
  }

  private String upsertItem(Session session) {
    return "INSERT INTO items VALUES (%d, '%s', %d) ON CONFLICT (id) DO UPDATE SET name = EXCLUDED.name"
        .formatted(key(session), text(20), value++);
  }

  private String insertNote(Session session) {
    return "INSERT INTO notes VALUES (%d, '%s', '%s') ON CONFLICT DO NOTHING"
        .formatted(key(session), random.nextBoolean() ? "en" : "de", text(300));
  }

  private void changeKey(Session session) throws SQLException {
    int to = key(session);
    run(session, "DELETE FROM items WHERE id = " + to);
    run(session, "UPDATE items SET id = " + to + " WHERE id = " + key(session));
  }

  private void copy(Session session) throws SQLException {
    StringBuilder rows = new StringBuilder();
    for (int i = 1 + random.nextInt(8); i > 0; i--) {
      rows.append(key(session)).append('\t').append(text(10)).append('\n');
    }
    uses(session, "events");
    try {
      session
          .connection
          .unwrap(PGConnection.class)
          .getCopyAPI()
          .copyIn(
              "COPY events FROM STDIN",
              new ByteArrayInputStream(rows.toString().getBytes(StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw new SQLException(e);
    }
  }

  private void savepoint(Session session) throws SQLException {
    session.savepoints.add(session.connection.setSavepoint());
  }

  private void rollbackToSavepoint(Session session) throws SQLException {
    if (!session.savepoints.isEmpty()) {
      int at = random.nextInt(session.savepoints.size());
      session.connection.rollback(session.savepoints.get(at));
      session.savepoints.subList(at, session.savepoints.size()).clear();
    }
  }

  private void end(Session session, boolean commit) throws SQLException {
    if (commit) {
      session.connection.commit();
    } else {
      session.connection.rollback();
    }
    session.savepoints.clear();
    session.tables.clear();
    session.truncated.clear();
  }

  private int key(Session session) {
    return random.nextInt(KEYS) * SESSIONS + session.number;
  }

  private String text(int longest) {
    int length = 1 + random.nextInt(longest);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append((char) ('a' + random.nextInt(26)));
    }
    return text.toString();
  }

  /**
   * Notes the locks that a statement takes. A rollback to a savepoint may give them back; that they
   * are kept here changes nothing but that a step is rolled back in vain.
   */
  private void uses(Session session, String sql) {
    for (String table : TABLES) {
      if (sql.contains(table)) {
        for (Session other : sessions) {
          if (other != session && other.truncated.contains(table)) {
            throw new WouldWait();
          }
        }
        session.tables.add(table);
      }
    }
  }

  private void run(Session session, String sql) throws SQLException {
    uses(session, sql);
    try (Statement statement = session.connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Override
  public void close() throws SQLException {
    for (Session session : sessions) {
      session.connection.close();
    }
  }
}
