package io.gkp.connector.debezium;

import io.debezium.connector.postgresql.connection.PostgresConnection;
import io.debezium.jdbc.JdbcConfiguration;
import io.debezium.jdbc.JdbcConnection;
import io.gkp.connector.silence.WatchedSocketFactory;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * Opens the connections of {@link TextPostgresConnector}; public because Debezium instantiates it.
 * Set {@code database.connection.factory.class} to this class's name.
 */
public final class TextPostgresConnections implements JdbcConnection.ConnectionFactory {
  private static final String REPLICATION = "replication";

  @Override
  public Connection connect(JdbcConfiguration config) throws SQLException {
    Connection connection = Debezium.connect(config);
    WatchedSocketFactory.opened(connection);
    return config.hasKey(REPLICATION)
        ? AliasedStream.of(connection, RelationNames.parse(config.getString(RelationNames.KEY, "")))
        : TablelessMetadata.of(LabelledEnums.of(connection));
  }

  /** Gives access to Debezium's own factory. */
  private static final class Debezium extends PostgresConnection {
    private Debezium(JdbcConfiguration config) {
      super(config, CONNECTION_GENERAL);
    }

    static Connection connect(JdbcConfiguration config) throws SQLException {
      return FACTORY.connect(config);
    }
  }
}
