package io.gkp.connector.debezium;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.debezium.jdbc.JdbcConfiguration;
import io.gkp.connector.config.SourceConfig;
import io.gkp.connector.source.DriverProperties;
import io.gkp.name.TableName;
import io.gkp.testing.TestPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.core.BaseConnection;
import org.postgresql.replication.PGReplicationStream;

class EngineConnectionsTest {
  private static final TableName TABLE = new TableName("public", "t");

  /** The driver forgets it in the middle of a stream. */
  @ParameterizedTest
  @ValueSource(ints = {14, 18})
  void theServersLastWordsAreTold(int version) throws SQLException {
    TestPostgres.Database database = TestPostgres.version(version).createDatabase();
    database.execute("CREATE TABLE t ()", "CREATE PUBLICATION p FOR TABLE t");
    JdbcConfiguration.Builder driver =
        JdbcConfiguration.create()
            .with("replication", "database")
            .with("preferQueryMode", "simple")
            .with("assumeMinServerVersion", "14");
    DriverProperties.of(SourceConfig.parse(database.url(), null, "s", "p", List.of(TABLE)))
        .forEach(driver::with);
    Connection connection = new EngineConnections().connect(driver.build());
    connection
        .createStatement()
        .execute("CREATE_REPLICATION_SLOT words TEMPORARY LOGICAL pgoutput");
    PGReplicationStream stream =
        connection
            .unwrap(BaseConnection.class)
            .getReplicationAPI()
            .replicationStream()
            .logical()
            .withSlotName("words")
            .withSlotOption("proto_version", 1)
            .withSlotOption("publication_names", "p")
            .start();
    database.execute(
        "SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE slot_name ="
            + " 'words'");
    SQLException error =
        await()
            .until(
                () -> catchThrowableOfType(SQLException.class, stream::readPending),
                thrown -> thrown != null);
    assertThat(error.getSQLState()).isEqualTo("57P01");
  }
}
