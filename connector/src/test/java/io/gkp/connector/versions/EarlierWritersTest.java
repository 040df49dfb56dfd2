package io.gkp.connector.versions;

import static org.assertj.core.api.Assertions.assertThat;

import io.gkp.connector.checks.Finding;
import io.gkp.connector.export.Deployment;
import io.gkp.connector.export.RunReport;
import io.gkp.testing.TestPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Transactions that were writing a table when it was published. */
class EarlierWritersTest {
  @ParameterizedTest
  @ValueSource(ints = {14, 18})
  void endBeforeTheTableIsRead(int version) throws SQLException {
    try (Deployment deployment = Deployment.on(TestPostgres.version(version), "old")) {
      deployment.database.execute(
          "CREATE TABLE old (id int PRIMARY KEY, v text)",
          "CREATE TABLE added (id int PRIMARY KEY, v text) PARTITION BY RANGE (id)",
          "CREATE TABLE added_0 PARTITION OF added FOR VALUES FROM (0) TO (10)",
          "INSERT INTO added VALUES (1, 'a'), (2, 'b')");
      deployment.drain();
      deployment.capture("old", "added");
      try (Connection writer = deployment.database.connect();
          Statement statement = writer.createStatement()) {
        writer.setAutoCommit(false);
        statement.execute("UPDATE added SET v = 'c' WHERE id = 1");
        statement.execute("DELETE FROM added_0 WHERE id = 2");
        RunReport putOff = deployment.run();
        assertThat(putOff.status()).isEqualTo(RunReport.Status.STOPPED_EARLY);
        assertThat(putOff.warnings())
            .extracting(Finding::what)
            .anyMatch(what -> what.matches("Table added could not be read: .*: pid \\d+.*"));
        statement.execute("INSERT INTO added VALUES (3, 'd')");
        writer.commit();
      }
      deployment.drain();
      deployment.requireEqual("added", "id", "v");
      // Of a table that has been published for long, nobody is waited for.
      try (Connection writer = deployment.database.connect();
          Statement statement = writer.createStatement()) {
        writer.setAutoCommit(false);
        statement.execute("INSERT INTO added VALUES (4, 'e')");
        deployment.database.execute(
            "ALTER TABLE old ADD w text DEFAULT 'filled'", "INSERT INTO old VALUES (1, 'a')");
        deployment.drain();
        writer.commit();
      }
      deployment.drain();
      deployment.requireEqual("added", "id", "v");
      deployment.requireEqual("old", "id", "v", "w");
    }
  }
}
