package io.gkp.connector.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.cloud.bigquery.TableId;
import io.gkp.connector.export.Deployment;
import io.gkp.localbigquery.LocalBigQuery;
import io.gkp.testing.TestPostgres;
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
  private static final String HOSTILE = "\"x\"\"; drop table items; --\"";

  @TempDir Path directory;

  /** With the settings of its data directory only, as a server that nobody has prepared. */
  private EmbeddedPostgres server(Path data) throws IOException {
    return TestPostgres.builder()
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
            "tables = items," + HOSTILE));
  }

  private static void execute(EmbeddedPostgres server, String... statements) throws SQLException {
    try (Connection superuser = server.getPostgresDatabase().getConnection();
        Statement statement = superuser.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private static String[] statements(String script) {
    return script
        .lines()
        .filter(line -> !line.startsWith("--") && !line.isBlank())
        .toArray(String[]::new);
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
      try (EmbeddedPostgres bare = server(data)) {
        execute(
            bare,
            "CREATE TABLE items (id int PRIMARY KEY, name text)",
            "CREATE TABLE " + HOSTILE + " (id int PRIMARY KEY)");
        Path config = config(bare, warehouse);
        Cli first = doctor(config, "--output", "json");
        assertThat(first.code()).isEqualTo(77);
        assertThat(checks(first.json(), "error")).containsExactly("source-connection");
        Cli script = doctor(config, "--fix-sql");
        assertThat(script.code()).isEqualTo(77);
        assertThat(script.out()).contains("Restart the server").doesNotContain("secret");
        execute(bare, statements(script.out()));
      }
      try (EmbeddedPostgres restarted = server(data)) {
        Path config = config(restarted, warehouse);
        Cli second = doctor(config, "--output", "json");
        assertThat(checks(second.json(), "error")).isEmpty();
        assertThat(checks(second.json(), "warning")).isEmpty();
        assertThat(second.json().get("status").asText()).isEqualTo("ok");
        assertThat(second.code()).isZero();

        Cli export = Cli.run("export-bigquery", "--config", config.toString());
        assertThat(export.code()).as(export.err()).isZero();
        JsonNode third = doctor(config, "--output", "json").json();
        assertThat(third.get("status").asText()).isEqualTo("ok");
        assertThat(checks(third, "ok"))
            .containsExactly(
                "source-connection",
                "server-version",
                "primary",
                "wal-level",
                "role-replication",
                "tables-exist",
                "inheritance",
                "tables-readable",
                "protected-columns",
                "publication-operations",
                "replica-identity",
                "publication",
                "child-tables",
                "foreign-partitions",
                "partition-identity",
                "publication-filters",
                "published-columns",
                "generated-columns",
                "primary-keys",
                "printed-names",
                "row-security",
                "encryption",
                "excluded-columns-sent",
                "wide-values",
                "slot-state",
                "slot-consumer",
                "slot-wal",
                "slots-left",
                "senders-left",
                "connections-left",
                "wal-limit",
                "source-disk",
                "idle-slot-timeout",
                "long-transactions",
                "clock",
                "role-least-privilege",
                "project",
                "jobs-create",
                "clock-bigquery",
                "dataset",
                "dataset-location",
                "tables-create",
                "table-permissions",
                "control-tables",
                "inherited-settings",
                "ledger",
                "ledger-and-slot",
                "freshness",
                "verification",
                "snapshots",
                "rows-without-events",
                "quota-load-jobs",
                "quota-tables",
                "new-columns",
                "raw-schemas");

        execute(restarted, "SELECT pg_drop_replication_slot('gkp_export')");
        Cli fourth = doctor(config);
        assertThat(fourth.code()).isEqualTo(78);
        assertThat(fourth.out()).contains("[GKP-202]", "run: ./gkp_cli offsets reset --all --yes");
      }
    }
  }

  @Test
  void eachThingThatIsMissingIsNamedWithTheStatementThatMendsIt() {
    try (Deployment deployment = new Deployment("items", "numbers", HOSTILE)) {
      String role = "exporter_" + deployment.database.name();
      deployment.database.execute(
          "CREATE TABLE items (id int PRIMARY KEY, name text)",
          "ALTER TABLE items REPLICA IDENTITY NOTHING",
          "CREATE TABLE numbers (n int)",
          "CREATE TABLE " + HOSTILE + " (id int PRIMARY KEY)",
          "CREATE ROLE " + role + " LOGIN PASSWORD 'secret'");
      deployment.through(deployment.database.urlAs(role, "secret"));

      Cli first = Cli.run(deployment, "doctor", "--output", "json");
      assertThat(first.code()).isEqualTo(78);
      assertThat(checks(first.json(), "error"))
          .containsExactly(
              "role-replication",
              "tables-readable",
              "replica-identity",
              "replica-identity",
              "publication");
      assertThat(checks(first.json(), "warning")).containsExactly("primary-keys", "wal-limit");
      assertThat(first.out()).doesNotContain("secret");
      String script = Cli.run(deployment, "doctor", "--fix-sql").out();
      assertThat(script)
          .contains(
              "ALTER TABLE \"public\".\"items\" REPLICA IDENTITY DEFAULT;",
              "ALTER TABLE \"public\".\"numbers\" REPLICA IDENTITY FULL;");
      for (String sql : statements(script)) {
        if (!sql.startsWith("ALTER SYSTEM")) { // the server is shared
          deployment.database.execute(sql);
        }
      }

      Cli second = Cli.run(deployment, "doctor", "--output", "json");
      assertThat(second.code()).isZero();
      assertThat(checks(second.json(), "warning")).containsExactly("primary-keys", "wal-limit");
      deployment.database.execute("DROP OWNED BY " + role, "DROP ROLE " + role);
    }
  }

  @Test
  void wideValuesAndTheWalAreMeasured() {
    try (Deployment deployment = new Deployment("items")) {
      deployment.database.execute(
          "CREATE TABLE items (id int PRIMARY KEY, body text)",
          "ALTER TABLE items ALTER body SET STORAGE EXTERNAL",
          "INSERT INTO items SELECT i, repeat('x', 10000) FROM generate_series(1, 100) i");
      String text = Cli.run(deployment, "doctor", "--all").out();
      assertThat(text)
          .containsPattern(
              "ok +wide-values +9\\d% of items \\(1\\.\\d MiB\\) are wide values; updates leave"
                  + " the unchanged ones out\\.")
          .as("no statement where nothing is wrong")
          .doesNotContain("IDENTITY FULL")
          .containsPattern("ok +source-disk +WAL takes \\d+\\.\\d [MG]iB, as usual\\.");
      assertThat(Cli.run(deployment, "doctor", "--fix-sql").out()).doesNotContain("IDENTITY FULL");
    }
  }

  @Test
  void aControlTableOfAnOlderVersionGetsItsColumnsAndAnAlteredOneIsNamed() {
    try (Deployment deployment = new Deployment("items")) {
      deployment.database.execute("CREATE TABLE items (id int PRIMARY KEY)");
      deployment.drain();
      replace(deployment, "checkpoints", "SELECT * EXCEPT (timeline)");
      assertThat(Cli.run(deployment, "doctor", "--all").out())
          .contains("Runs will add checkpoints.timeline");
      deployment.drain();
      assertThat(deployment.rows("checkpoints"))
          .filteredOn(row -> row.containsKey("timeline"))
          .isNotEmpty();

      replace(
          deployment,
          "runs",
          "SELECT * EXCEPT (bytes_loaded), CAST(bytes_loaded AS STRING) AS bytes_loaded");
      Cli altered = Cli.run(deployment, "doctor");
      assertThat(altered.code()).isEqualTo(70);
      assertThat(altered.out())
          .contains("Somebody altered a control table: runs.bytes_loaded is STRING. [GKP-307]");
    }
  }

  private static void replace(Deployment deployment, String table, String select) {
    deployment.sql("CREATE TABLE history.copy AS " + select + " FROM history." + table);
    deployment.sql("DROP TABLE history." + table);
    deployment.sql("CREATE TABLE history." + table + " AS SELECT * FROM history.copy");
    deployment.sql("DROP TABLE history.copy");
  }

  @Test
  void itLeavesNothingBehind() {
    try (Deployment deployment = new Deployment("items")) {
      deployment.database.execute("CREATE TABLE items (id int PRIMARY KEY)");
      deployment.drain();
      assertThat(Cli.run(deployment, "doctor").code()).isZero();
      assertThat(deployment.bigquery().getTable(TableId.of("history", "gkp_doctor"))).isNull();
    }
  }

  @Test
  void nothingIsConnectedToUnlessEnabled() {
    Cli cli =
        Cli.run(
            "doctor", "--project=p", "--dataset=d", "--source-url=postgresql://u@127.0.0.1:1/db");
    assertThat(cli.code()).isEqualTo(78);
    assertThat(cli.out()).isEmpty();
    assertThat(cli.err()).contains("GKP_EXPORT_ENABLED=true", "[GKP-002]");
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
