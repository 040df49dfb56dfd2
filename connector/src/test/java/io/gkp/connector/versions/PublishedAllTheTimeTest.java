package io.gkp.connector.versions;

import static org.assertj.core.api.Assertions.assertThat;

import io.gkp.connector.checks.Finding;
import io.gkp.connector.export.Deployment;
import io.gkp.connector.export.RunReport;
import io.gkp.testing.TestPostgres;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Time in which changes were not sent, and alterations of a publication that lose nothing. */
class PublishedAllTheTimeTest {
  private static final String[] TABLE = {
    "CREATE TABLE notes (id int PRIMARY KEY, body text)",
    "INSERT INTO notes VALUES (1, 'a'), (2, 'b')"
  };

  @ParameterizedTest
  @ValueSource(ints = {14, 18})
  void aPublicationOfTables(int version) {
    try (Deployment deployment =
        Deployment.on(TestPostgres.version(version), "notes").withoutViews()) {
      deployment.database.execute(TABLE);
      deployment.drain();
      nothingIsRead(
          deployment,
          "ALTER PUBLICATION gkp_export OWNER TO CURRENT_USER", // who owns it already
          "CREATE ROLE owner_" + version,
          "CREATE TABLE other (id int PRIMARY KEY)",
          "ALTER PUBLICATION gkp_export ADD TABLE other");
      isSaid(deployment, "ALTER PUBLICATION gkp_export OWNER TO owner_" + version);
      nothingIsRead(deployment, "ANALYZE notes");
      isSaid(deployment, "ALTER PUBLICATION gkp_export SET (publish_via_partition_root = false)");
      nothingIsRead(
          deployment,
          "CREATE SCHEMA IF NOT EXISTS elsewhere",
          "ALTER TABLE notes SET SCHEMA elsewhere",
          "UPDATE elsewhere.notes SET body = 'elsewhere' WHERE id = 1",
          "ALTER TABLE elsewhere.notes SET SCHEMA public");
      isReadAnew(
          deployment,
          "ALTER PUBLICATION gkp_export SET (publish = 'insert')",
          "UPDATE notes SET body = 'unseen' WHERE id = 2",
          "ALTER PUBLICATION gkp_export SET (publish = 'insert, update, delete, truncate')");
      isReadAnew(
          deployment,
          "ALTER PUBLICATION gkp_export DROP TABLE notes",
          "DELETE FROM notes WHERE id = 2",
          "ALTER PUBLICATION gkp_export ADD TABLE notes");
      isReadAnew(
          deployment,
          "DROP PUBLICATION gkp_export",
          "CREATE PUBLICATION gkp_export FOR ALL TABLES");
      nothingIsRead(deployment, "VACUUM FULL notes");
      isReadAnew(
          deployment,
          "ALTER TABLE notes SET UNLOGGED",
          "UPDATE notes SET body = 'unlogged' WHERE id = 1",
          "ALTER TABLE notes SET LOGGED");
    }
  }

  @Test
  void aPublicationOfSchemas() {
    try (Deployment deployment = Deployment.on(TestPostgres.version(15), "notes").withoutViews()) {
      deployment.database.execute(TABLE);
      deployment.database.execute(
          "CREATE SCHEMA elsewhere",
          "CREATE PUBLICATION gkp_export FOR TABLES IN SCHEMA public"
              + " WITH (publish_via_partition_root = true)");
      deployment.drain();
      nothingIsRead(
          deployment,
          "ALTER TABLE notes RENAME TO x",
          "UPDATE x SET body = 'seen' WHERE id = 1",
          "ALTER TABLE x RENAME TO notes");
      isReadAnew(
          deployment,
          "ALTER TABLE notes SET SCHEMA elsewhere",
          "UPDATE elsewhere.notes SET body = 'unseen' WHERE id = 2",
          "ALTER TABLE elsewhere.notes SET SCHEMA public");
      nothingIsRead(deployment, "ALTER PUBLICATION gkp_export ADD TABLE notes");
      isReadAnew(
          deployment,
          "ALTER PUBLICATION gkp_export DROP TABLE notes, TABLES IN SCHEMA public",
          "UPDATE notes SET body = 'unseen again' WHERE id = 2",
          "ALTER PUBLICATION gkp_export ADD TABLES IN SCHEMA public");
      isReadAnew(
          deployment,
          "CREATE TABLE tree (id int PRIMARY KEY, body text) PARTITION BY LIST (id)",
          "ALTER TABLE tree ATTACH PARTITION notes DEFAULT",
          "UPDATE notes SET body = 'sent as of its root'",
          "ALTER TABLE tree DETACH PARTITION notes");
    }
  }

  @Test
  void aFilterThatComesAndGoes() {
    try (Deployment deployment = Deployment.on(TestPostgres.version(18), "notes").withoutViews()) {
      deployment.database.execute(TABLE);
      deployment.drain();
      isReadAnew(
          deployment,
          "ALTER PUBLICATION gkp_export SET TABLE notes WHERE (id > 1)",
          "UPDATE notes SET body = 'unseen' WHERE id = 1",
          "ALTER PUBLICATION gkp_export SET TABLE notes");
    }
  }

  private static void nothingIsRead(Deployment deployment, String... statements) {
    RunReport report = afterwards(deployment, statements);
    assertThat(report.tables().get("notes").snapshotRows()).as(statements[0]).isZero();
    assertThat(report.warnings()).as(statements[0]).isEmpty();
  }

  /** What was altered may hide that operations were left out for a while. */
  private static void isSaid(Deployment deployment, String... statements) {
    RunReport report = afterwards(deployment, statements);
    assertThat(report.tables().get("notes").snapshotRows()).as(statements[0]).isZero();
    assertThat(report.warnings())
        .as(statements[0])
        .extracting(Finding::check)
        .containsExactly("publication-altered");
  }

  private static void isReadAnew(Deployment deployment, String... statements) {
    RunReport report = afterwards(deployment, statements);
    assertThat(report.tables().get("notes").snapshotRows()).as(statements[0]).isPositive();
    assertThat(report.warnings())
        .as(statements[0])
        .extracting(Finding::check)
        .containsExactly("rows-without-events");
  }

  private static RunReport afterwards(Deployment deployment, String... statements) {
    deployment.database.execute(statements);
    RunReport report = deployment.drain();
    assertThat(deployment.latest("notes", "id", "body"))
        .as(statements[0])
        .containsExactlyElementsOf(
            deployment.database.query("SELECT id, body FROM notes ORDER BY id").stream()
                .map(row -> row.stream().collect(Collectors.joining(" ")))
                .toList());
    return report;
  }
}
