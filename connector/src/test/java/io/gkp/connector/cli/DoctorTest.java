package io.gkp.connector.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.gkp.localbigquery.LocalBigQuery;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorTest {
  @TempDir Path directory;

  private EmbeddedPostgres server(String walLevel, Path data) throws IOException {
    return EmbeddedPostgres.builder()
        .setServerConfig("wal_level", walLevel)
        .setDataDirectory(data)
        .setCleanDataDirectory(false)
        .setPGStartupWait(Duration.ofSeconds(60))
        .start();
  }

  private Path config(EmbeddedPostgres server, LocalBigQuery warehouse) throws IOException {
    return Files.writeString(
        directory.resolve("gkp.properties"),
        String.join(
            "\n",
            "enabled = true",
            "project = test-project",
            "dataset = history",
            "bigquery-host = " + warehouse.host(),
            "source-url = postgresql://exporter:secret@127.0.0.1:" + server.getPort() + "/postgres",
            "tables = items,\"x\"\"; drop table items; --\""));
  }

  private static void execute(EmbeddedPostgres server, String... statements) throws SQLException {
    try (Connection superuser = server.getPostgresDatabase().getConnection();
        Statement statement = superuser.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private static Cli doctor(Path config, String... more) {
    String[] arguments = new String[more.length + 3];
    System.arraycopy(more, 0, arguments, 3, more.length);
    arguments[0] = "doctor";
    arguments[1] = "--config";
    arguments[2] = config.toString();
    return Cli.run(arguments);
  }

  private static List<String> checks(JsonNode report, String level) {
    return StreamSupport.stream(report.get("findings").spliterator(), false)
        .filter(finding -> finding.get("level").asText().equals(level))
        .map(finding -> finding.get("check").asText())
        .toList();
  }

  @Test
  void whatItPrintsForTheAdministratorMakesABareServerGreen() throws Exception {
    Path data = directory.resolve("pg");
    try (LocalBigQuery warehouse = LocalBigQuery.start(directory.resolve("bq"), 0)) {
      String script;
      try (EmbeddedPostgres bare = server("replica", data)) {
        execute(
            bare,
            "CREATE TABLE items (id int PRIMARY KEY, name text)",
            "CREATE TABLE \"x\"\"; drop table items; --\" (id int)",
            "CREATE ROLE exporter LOGIN PASSWORD 'secret'");
        Path config = config(bare, warehouse);
        Cli first = doctor(config, "--output", "json");
        assertThat(first.code()).isEqualTo(78);
        assertThat(checks(first.json(), "error"))
            .containsExactly("wal-level", "role-replication", "tables-readable", "publication");
        assertThat(checks(first.json(), "warning"))
            .containsExactly("primary-keys", "replica-identity", "wal-limit");
        assertThat(first.out()).doesNotContain("secret");
        script = doctor(config, "--fix-sql").out();
        execute(
            bare,
            script
                .lines()
                .filter(line -> !line.startsWith("--") && !line.isBlank())
                .toArray(String[]::new));
        execute(bare, "ALTER TABLE \"x\"\"; drop table items; --\" ADD PRIMARY KEY (id)");
      }
      // The script says of wal_level that it takes a restart.
      assertThat(script).contains("Restart the server");
      try (EmbeddedPostgres mended = server("logical", data)) {
        Path config = config(mended, warehouse);
        Cli second = doctor(config, "--output", "json");
        assertThat(checks(second.json(), "error")).isEmpty();
        assertThat(checks(second.json(), "warning")).isEmpty();
        assertThat(second.json().get("status").asText()).isEqualTo("ok");
        assertThat(second.json().get("findings").size()).isGreaterThanOrEqualTo(24);
        assertThat(second.code()).isZero();

        Cli export = Cli.run("export-bigquery", "--config", config.toString());
        assertThat(export.code()).as(export.err()).isZero();
        Cli third = doctor(config);
        assertThat(third.out()).contains("all is well").contains("Ledger and slot agree");

        execute(mended, "SELECT pg_drop_replication_slot('gkp_export')");
        Cli fourth = doctor(config);
        assertThat(fourth.code()).isEqualTo(78);
        assertThat(fourth.out()).contains("[GKP-202]", "run: ./gkp_cli offsets reset --all --yes");
      }
    }
  }

  @Test
  void aRoleThatDoesNotExistGetsTheWholeSetUp() throws Exception {
    try (LocalBigQuery warehouse = LocalBigQuery.start(directory.resolve("bq"), 0);
        EmbeddedPostgres bare = server("logical", directory.resolve("pg"))) {
      Path config = config(bare, warehouse);
      Cli cli = doctor(config, "--fix-sql");
      assertThat(cli.out()).contains("CREATE ROLE \"exporter\" LOGIN REPLICATION;");
      assertThat(cli.code()).isEqualTo(77);
    }
  }

  @Test
  void aServerThatIsNotThereIsOneFinding() throws Exception {
    try (LocalBigQuery warehouse = LocalBigQuery.start(directory.resolve("bq"), 0)) {
      Path config =
          Files.writeString(
              directory.resolve("gkp.properties"),
              "enabled = true\nproject = p\ndataset = d\nbigquery-host = "
                  + warehouse.host()
                  + "\nsource-url = postgresql://u:secret@127.0.0.1:1/db\n");
      Cli cli = doctor(config, "--output=json");
      assertThat(cli.code()).isEqualTo(69);
      assertThat(checks(cli.json(), "error")).containsExactly("source-connection");
      assertThat(cli.out() + cli.err()).doesNotContain("secret");
    }
  }
}
