package io.gkp.connector.debezium;

import io.debezium.jdbc.JdbcConfiguration;
import io.debezium.jdbc.JdbcConnection;
import io.gkp.connector.session.SessionSettings;
import io.gkp.connector.silence.WatchedSocketFactory;
import io.gkp.name.Lsn;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/**
 * Opens the connections of {@link EngineConnector}; public because Debezium instantiates it. Set
 * {@code database.connection.factory.class} to this class's name.
 */
public final class EngineConnections implements JdbcConnection.ConnectionFactory {
  /** How long the server has to wait for a sign of us at least, of the {@code database.} kind. */
  public static final String PATIENCE_MILLIS = "gkp.patience.ms";

  private static final String REPLICATION = "replication";

  @Override
  public Connection connect(JdbcConfiguration config) throws SQLException {
    return config.hasKey(REPLICATION)
        ? stream(config)
        : EngineSession.connect(config.getString(EngineSession.KEY), () -> questions(config));
  }

  private static Connection stream(JdbcConfiguration config) throws SQLException {
    Connection connection = WatchedSocketFactory.connect(config.asProperties());
    SessionSettings.prepareReplication(
        connection, Duration.ofMillis(config.getLong(PATIENCE_MILLIS, 0)));
    return ChunkedConnection.of(
        connection, Lsn.parse(config.getString(FencedStream.KEY, Lsn.NONE.toString())));
  }

  private static Connection questions(JdbcConfiguration config) throws SQLException {
    Connection connection = WatchedSocketFactory.connect(config.asProperties());
    SessionSettings.prepareForNames(connection);
    return TablelessMetadata.of(RewrittenQueries.of(connection));
  }
}
