package io.gkp.connector.source;

import io.gkp.connector.config.SourceAddress;
import io.gkp.connector.config.SourceConfig;
import io.gkp.connector.session.SessionSettings;
import io.gkp.connector.silence.WatchedSocketFactory;
import io.gkp.failure.ExportException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.locks.LockSupport;
import org.postgresql.PGProperty;
import org.postgresql.core.BaseConnection;
import org.postgresql.util.HostSpec;

/** Opens SQL connections to the source. */
public final class SourceDatabase {
  /** Shown in {@code pg_stat_activity}, so that an operator sees whose session it is. */
  public static final String APPLICATION_NAME = "gkp_cli";

  /** Connections that one run has at once, at most; one of them takes a WAL sender. */
  public static final int CONNECTIONS = 5;

  /** A server that starts, or that is full for a moment, is asked again for this long. */
  private static final Duration MOMENT = Duration.ofSeconds(10);

  private static final Duration PAUSE = Duration.ofMillis(500);

  private final SourceConfig config;

  public SourceDatabase(SourceConfig config) {
    this.config = config;
  }

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
        return open(properties());
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

  /** A connection for commands of the replication protocol; it takes one of the WAL senders. */
  Connection connectForReplication() throws SQLException {
    Properties properties = properties();
    PGProperty.REPLICATION.set(properties, "database");
    PGProperty.PREFER_QUERY_MODE.set(properties, "simple");
    PGProperty.ASSUME_MIN_SERVER_VERSION.set(properties, "14");
    return open(properties);
  }

  /**
   * The source by that of its hosts which serves now, so that every connection of a run reaches one
   * server.
   *
   * @throws ExportException as {@link #connect}
   */
  public static SourceConfig settle(SourceConfig config) {
    if (config.address().hosts().size() == 1) {
      return config;
    }
    try (Connection connection = new SourceDatabase(config).connect()) {
      HostSpec host = connection.unwrap(BaseConnection.class).getQueryExecutor().getHostSpec();
      return config.at(new SourceAddress.Host(host.getHost(), host.getPort()));
    } catch (SQLException e) {
      throw SourceErrors.toFailure(config, e);
    }
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
