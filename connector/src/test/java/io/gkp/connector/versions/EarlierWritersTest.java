package io.gkp.connector.versions;

import static org.assertj.core.api.Assertions.assertThat;

import io.gkp.connector.checks.Finding;
import io.gkp.connector.cli.Cli;
import io.gkp.connector.export.Deployment;
import io.gkp.connector.export.RunReport;
import io.gkp.testing.TestPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Transactions that were writing a table when it was published. */
class EarlierWritersTest {
  @Test
  void endBeforeTheTableIsRead() throws SQLException {
    try (Deployment deployment = Deployment.on(TestPostgres.version(14), "old").withoutViews()) {
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
      deployment.requireLatest("added", "id", "v");
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
      deployment.requireLatest("added", "id", "v");
      deployment.requireLatest("old", "id", "v", "w");
    }
  }

  /** Nothing tells when the publishing was committed, only when a run saw it. */
  @ParameterizedTest
  @CsvSource({
    "14, ALTER PUBLICATION gkp_export ADD TABLE added",
    "16, 'ALTER PUBLICATION gkp_export SET (publish = ''insert, update, delete, truncate'')'",
    "18, ALTER PUBLICATION gkp_export ADD TABLES IN SCHEMA public"
  })
  void beganWhileItWasBeingPublished(int version, String publish) throws SQLException {
    try (Deployment deployment =
        Deployment.on(TestPostgres.version(version), "old").withoutViews()) {
      deployment.database.execute(
          "CREATE TABLE old (id int PRIMARY KEY, v text)",
          "CREATE TABLE added (id int PRIMARY KEY, v text)",
          "INSERT INTO added VALUES (1, 'a')");
      deployment.drain();
      if (!publish.contains("ADD")) {
        deployment.capture("old", "added");
        deployment.drain();
        deployment.database.execute("ALTER PUBLICATION gkp_export SET (publish = 'insert')");
      }
      try (Connection operator = deployment.database.connect();
          Connection writer = deployment.database.connect();
          Connection other = deployment.database.connect()) {
        run(operator, publish);
        run(writer, "UPDATE added SET v = 'b' WHERE id = 1");
        operator.commit();
        deployment.capture("old", "added");
        assertThat(deployment.run().status()).isEqualTo(RunReport.Status.STOPPED_EARLY);
        // Later ones keep nobody waiting, so that a table with writers at all times is read, too.
        run(other, "INSERT INTO added VALUES (2, 'c')");
        writer.commit();
        deployment.drain();
        other.commit();
      }
      deployment.drain();
      deployment.requireLatest("added", "id", "v");
    }
  }

  /** It has been published for as long as it has an epoch. */
  @Test
  void keepNoResetWaiting() throws SQLException {
    try (Deployment deployment = Deployment.on(TestPostgres.version(18), "old").withoutViews()) {
      deployment.database.execute(
          "CREATE TABLE old (id int PRIMARY KEY, v text)",
          "CREATE PUBLICATION gkp_export FOR TABLE old");
      deployment.drain();
      try (Connection writer = deployment.database.connect()) {
        run(writer, "INSERT INTO old VALUES (1, 'a')");
        Cli.run(deployment, "offsets", "reset", "--table", "old", "--yes");
        deployment.drain();
        writer.commit();
      }
      deployment.drain();
      deployment.requireLatest("old", "id", "v");
    }
  }

  private static void run(Connection connection, String sql) throws SQLException {
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
