package io.gkp.connector.debezium;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The session in which an engine asks. Debezium 3.6 opens a connection for each of five things, and
 * asks a handful of questions altogether, one after the other, which leave nothing behind in a
 * session. What it takes for its connections is one, which is closed with the engine.
 */
public final class EngineSession implements AutoCloseable {
  /** Key in a connection's configuration; its value is the session's {@link #id}. */
  public static final String KEY = "gkp.session";

  private static final Map<String, EngineSession> OPEN = new ConcurrentHashMap<>();

  private final String id = UUID.randomUUID().toString();
  private @Nullable Connection connection;
  private boolean closed;

  private EngineSession() {}

  /** Opens a connection to the server. */
  @FunctionalInterface
  interface Opening {
    Connection connect() throws SQLException;
  }

  /** A session for one engine; it connects when it is first asked for. */
  public static EngineSession begin() {
    EngineSession session = new EngineSession();
    OPEN.put(session.id, session);
    return session;
  }

  public String id() {
    return id;
  }

  /**
   * A connection in the session of this id, which is opened where there is none or the former one
   * was lost.
   *
   * @param id null for a connection of its own, as is one of a session that is over
   */
  static Connection connect(@Nullable String id, Opening opening) throws SQLException {
    EngineSession session = id == null ? null : OPEN.get(id);
    Connection shared = session == null ? null : session.shared(opening);
    return shared == null ? opening.connect() : withoutEnd(shared);
  }

  private synchronized @Nullable Connection shared(Opening opening) throws SQLException {
    if (!closed && (connection == null || connection.isClosed())) {
      connection = opening.connect();
    }
    return closed ? null : connection;
  }

  /** The same connection, except that it stays open when it is closed. */
  private static Connection withoutEnd(Connection shared) {
    boolean[] isClosed = new boolean[1];
    return Interposed.before(
        Connection.class,
        shared,
        (method, arguments, original) ->
            switch (method.getName()) {
              case "close" -> {
                isClosed[0] = true;
                yield null;
              }
              case "isClosed" -> isClosed[0] || shared.isClosed();
              default -> original.call(arguments);
            });
  }

  /** Closes the connection. To be called once the engine has ended. */
  @Override
  public synchronized void close() {
    OPEN.remove(id);
    closed = true;
    if (connection != null) {
      try {
        connection.close();
      } catch (SQLException e) {
        // It is gone either way.
      }
    }
  }
}
