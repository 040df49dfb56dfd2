package io.gkp.connector.source;

import io.gkp.connector.config.SourceAddress;
import io.gkp.connector.config.SourceConfig;
import io.gkp.connector.session.SessionSettings;
import io.gkp.connector.silence.WatchedSocketFactory;
import io.gkp.failure.ExportException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGProperty;
import org.postgresql.core.BaseConnection;
import org.postgresql.util.HostSpec;

/**
 * Opens SQL connections to the source. Where it has several hosts, the first connection finds the
 * one that serves now, and every later one goes there.
 */
public final class SourceDatabase implements AutoCloseable {
  /** Shown in {@code pg_stat_activity}, so that an operator sees whose session it is. */
  public static final String APPLICATION_NAME = "gkp_cli";

  /** A server that starts, or that is full for a moment, is asked again for this long. */
  private static final Duration MOMENT = Duration.ofSeconds(10);

  private static final Duration PAUSE = Duration.ofMillis(500);

  private volatile SourceConfig config;
  private final Set<Connection> connections;
  private final @Nullable RestingConnection resting;

  /** Opens a connection for each question. */
  public SourceDatabase(SourceConfig config) {
    this(config, ConcurrentHashMap.newKeySet(), null);
  }

  private SourceDatabase(
      SourceConfig config, Set<Connection> connections, @Nullable RestingConnection resting) {
    this.config = config;
    this.connections = connections;
    this.resting = resting;
  }

  /** Keeps a connection from one question to the next, until it is closed. */
  public static SourceDatabase forManyQuestions(SourceConfig config) {
    return new SourceDatabase(config, ConcurrentHashMap.newKeySet(), new RestingConnection());
  }

  /** The same database, for other tables of it; both know the connections of either. */
  public SourceDatabase of(SourceConfig other) {
    return new SourceDatabase(other, connections, resting);
  }

  /**
   * A question to the server.
   *
   * @param <X> what asking may end with besides; none of its own is {@link RuntimeException}
   */
  @FunctionalInterface
  public interface Question<T, X extends Exception> {
    /**
     * @param connection in autocommit mode, under the {@link SessionSettings}; the question leaves
     *     it so, and does not close it
     */
    T ask(Connection connection) throws SQLException, X;
  }

  /**
   * Asks on a connection that nobody else uses meanwhile; from any thread.
   *
   * @throws ExportException when the server cannot be reached, or refuses
   */
  public <T, X extends Exception> T ask(Question<T, X> question) throws X {
    try {
      return answer(question);
    } catch (SQLException e) {
      throw SourceErrors.toFailure(config, e);
    }
  }

  /**
   * The same for whoever knows what the server's errors mean.
   *
   * @throws ExportException when the server cannot be reached
   */
  public <T, X extends Exception> T answer(Question<T, X> question) throws SQLException, X {
    Connection rested = resting == null ? null : resting.take();
    Connection connection = rested == null ? connect() : rested;
    boolean answered = false;
    try {
      T answer = question.ask(connection);
      answered = true;
      return answer;
    } finally {
      if (answered && resting != null) {
        resting.rest(connection);
      } else {
        RestingConnection.close(connection);
      }
    }
  }

  /** What has no answer. */
  @FunctionalInterface
  public interface Work<X extends Exception> {
    /**
     * @param connection as that of a {@link Question}
     */
    void on(Connection connection) throws SQLException, X;
  }

  /** {@link #answer} for work. */
  public <X extends Exception> void work(Work<X> work) throws SQLException, X {
    answer(
        connection -> {
          work.on(connection);
          return true;
        });
  }

  /** Ends the connection that waits for the next question. */
  @Override
  public void close() {
    if (resting != null) {
      resting.close();
    }
  }

  /** The source; once there was a connection, by the host that serves. */
  public SourceConfig config() {
    return config;
  }

  /**
   * A new autocommit connection, under the {@link SessionSettings}. One that the server has no room
   * for at this moment is asked for again for some seconds.
   *
   * @throws ExportException when the server cannot be reached or refuses the login
   */
  public Connection connect() {
    long giveUp = System.nanoTime() + MOMENT.toNanos();
    while (true) {
      try {
        return remembered(open(properties()));
      } catch (SQLException e) {
        if (!SourceErrors.isMomentary(e)
            || System.nanoTime() > giveUp
            || Thread.currentThread().isInterrupted()) {
          throw SourceErrors.ofLogin(config, e);
        }
        LockSupport.parkNanos(PAUSE.toNanos());
      }
    }
  }

  private void settle(Connection connection) throws SQLException {
    if (config.address().hosts().size() > 1) {
      HostSpec host = connection.unwrap(BaseConnection.class).getQueryExecutor().getHostSpec();
      config = config.at(new SourceAddress.Host(host.getHost(), host.getPort()));
    }
  }

  private Connection remembered(Connection connection) throws SQLException {
    for (Connection known : connections) {
      if (known.isClosed()) {
        connections.remove(known);
      }
    }
    connections.add(connection);
    settle(connection);
    return connection;
  }

  /**
   * What the server lets the connections of this object, and the reader of the slot, wait for now,
   * and who is in the way; empty where they do not wait for others.
   */
  public Optional<String> waits() throws SQLException {
    List<Integer> backends = new ArrayList<>();
    for (Connection connection : connections) {
      if (!connection.isClosed()) {
        backends.add(connection.unwrap(PGConnection.class).getBackendPID());
      }
    }
    try (Connection connection = open(properties())) {
      return new Blockers(connection).waits(backends, config.slot());
    }
  }

  /** Makes the server give up what the connections of this object wait for; from any thread. */
  public void cancel() {
    for (Connection connection : connections) {
      try {
        connection.unwrap(PGConnection.class).cancelQuery();
      } catch (SQLException e) {
        // It is closed, or the server is away; then it is broken off.
      }
    }
  }

  /** Breaks the connections of this object off, whatever they wait for; from any thread. */
  public void abort() {
    for (Connection connection : connections) {
      try {
        connection.abort(Runnable::run);
      } catch (SQLException e) {
        // As good as broken.
      }
    }
  }

  /** A connection for commands of the replication protocol; it takes one of the WAL senders. */
  Connection connectForReplication() throws SQLException {
    Properties properties = properties();
    PGProperty.REPLICATION.set(properties, "database");
    PGProperty.PREFER_QUERY_MODE.set(properties, "simple");
    PGProperty.ASSUME_MIN_SERVER_VERSION.set(properties, "14");
    return open(properties);
  }

  private Properties properties() {
    Properties properties = new Properties();
    properties.putAll(DriverProperties.of(config));
    return properties;
  }

  private static Connection open(Properties properties) throws SQLException {
    Connection connection = WatchedSocketFactory.connect(properties);
    try {
      SessionSettings.prepare(connection);
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }
}
