package io.gkp.connector.debezium;

import io.debezium.connector.postgresql.PostgresConnectorConfig;
import io.debezium.connector.postgresql.PostgresConnectorTask;
import io.debezium.connector.postgresql.PostgresSchema;
import io.debezium.connector.postgresql.PostgresValueConverter;
import io.debezium.connector.postgresql.connection.PostgresConnection;
import io.debezium.connector.postgresql.connection.ReplicationConnection;
import java.nio.charset.Charset;
import java.sql.SQLException;

/**
 * The task of {@link TextPostgresConnector}; public because the engine instantiates it. It gives
 * the replication connection a metadata connection whose {@link TextTypeRegistry} keeps values from
 * being parsed.
 */
public final class TextPostgresTask extends PostgresConnectorTask {
  @Override
  protected ReplicationConnection buildReplicationConnection(
      PostgresConnection jdbcConnection, PostgresSchema schema, PostgresConnectorConfig config)
      throws SQLException {
    Charset charset = jdbcConnection.getDatabaseCharset();
    PostgresConnection metadata = // closed together with the replication connection
        new PostgresConnection(
            config.getJdbcConfig(),
            new TextTypeRegistry(jdbcConnection),
            registry -> PostgresValueConverter.of(config, charset, registry),
            PostgresConnection.CONNECTION_GENERAL);
    return super.buildReplicationConnection(metadata, schema, config);
  }
}
