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
import org.postgresql.PGConnection;
import org.postgresql.PGProperty;
import org.postgresql.core.BaseConnection;
import org.postgresql.util.HostSpec;

/**
 * Opens SQL connections to the source. Where it has several hosts, the first connection finds the
 * one that serves now, and every later one goes there.
 */
public final class SourceDatabase {
  /** Shown in {@code pg_stat_activity}, so that an operator sees whose session it is. */
  public static final String APPLICATION_NAME = "gkp_cli";

  /** A server that starts, or that is full for a moment, is asked again for this long. */
  private static final Duration MOMENT = Duration.ofSeconds(10);

  private static final Duration PAUSE = Duration.ofMillis(500);

  private volatile SourceConfig config;
  private final Set<Connection> connections;

  public SourceDatabase(SourceConfig config) {
    this(config, ConcurrentHashMap.newKeySet());
  }

  private SourceDatabase(SourceConfig config, Set<Connection> connections) {
    this.config = config;
    this.connections = connections;
  }

  /** The same database, for other tables of it; both know the connections of either. */
  public SourceDatabase of(SourceConfig other) {
    return new SourceDatabase(other, connections);
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
