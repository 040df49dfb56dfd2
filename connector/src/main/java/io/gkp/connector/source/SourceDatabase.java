package io.gkp.connector.source;

import io.gkp.connector.config.SourceConfig;
import io.gkp.connector.silence.WatchedSocketFactory;
import io.gkp.failure.ExportException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.postgresql.PGProperty;

/** Opens SQL connections to the source. */
public final class SourceDatabase {
  /** Shown in {@code pg_stat_activity}, so that an operator sees whose session it is. */
  public static final String APPLICATION_NAME = "gkp_cli";

  /** The server, too, shall notice before long when nobody is at our end any more. */
  private static final String KEEP_ALIVE =
      "SET tcp_keepalives_idle = 30; SET tcp_keepalives_interval = 10; SET tcp_keepalives_count = 3";

  private final SourceConfig config;

  public SourceDatabase(SourceConfig config) {
    this.config = config;
  }

  public SourceConfig config() {
    return config;
  }

  /**
   * A new autocommit connection, with nothing but pg_catalog on its search path.
   *
   * @throws ExportException when the server cannot be reached or refuses the login
   */
  public Connection connect() {
    try {
      Connection connection = open(properties());
      try (Statement statement = connection.createStatement()) {
        statement.execute("SET search_path = 'pg_catalog'; " + KEEP_ALIVE);
      }
      return connection;
    } catch (SQLException e) {
      throw SourceErrors.toFailure(config, e);
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
    properties.setProperty("user", config.user());
    if (config.password() != null) {
      properties.setProperty("password", config.password());
    }
    properties.setProperty("ApplicationName", APPLICATION_NAME);
    WatchedSocketFactory.watch(config.options(), config.networkTimeout())
        .forEach(properties::setProperty);
    return properties;
  }

  private Connection open(Properties properties) throws SQLException {
    Connection connection =
        DriverManager.getConnection(
            "jdbc:postgresql://"
                + config.host()
                + ":"
                + config.port()
                + "/"
                + java.net.URLEncoder.encode(
                    config.database(), java.nio.charset.StandardCharsets.UTF_8),
            properties);
    WatchedSocketFactory.opened(connection);
    return connection;
  }
}
