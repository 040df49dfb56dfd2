package io.gkp.connector.versions;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.gkp.connector.checks.Finding;
import io.gkp.connector.cli.Cli;
import io.gkp.connector.export.Deployment;
import io.gkp.connector.export.RunReport;
import io.gkp.connector.source.Preflight;
import io.gkp.testing.TestPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.postgresql.PGProperty;

/** What {@code doctor --fix-sql} prints, applied as its header says, mends what it says. */
class FixSqlTest {
  private static final List<String> TABLES =
      List.of(
          "app.items",
          "parts",
          "half",
          "guarded",
          "volatile",
          "mixed",
          "keyless",
          "filtered",
          "personal",
          "operational");

  private static List<String> script(Deployment deployment) {
    return Cli.run(deployment, "doctor", "--fix-sql")
        .out()
        .lines()
        .filter(line -> !line.startsWith("--") && !line.isBlank())
        .toList();
  }

  /** The names of the checks that are not well; that tests are superusers is known. */
  private static List<String> findings(Deployment deployment) {
    JsonNode report = Cli.run(deployment, "doctor", "--output", "json").json();
    return StreamSupport.stream(report.get("findings").spliterator(), false)
        .filter(finding -> !finding.get("level").asText().equals("ok"))
        .map(finding -> finding.get("check").asText())
        .filter(check -> !check.equals("role-least-privilege"))
        .distinct()
        .toList();
  }

  private static List<String> warnings(RunReport report) {
    return report.warnings().stream().map(Finding::check).distinct().toList();
  }

  /** The newest rows of a table that was read once, by their keys. */
  private static void requireSameRows(Deployment deployment, String schema, String table) {
    String name = schema.equals("public") ? table : schema + "__" + table;
    Map<String, List<String>> newest = new HashMap<>();
    for (Map<String, Object> row : deployment.raw("raw_" + name)) {
      String id = (String) row.get("id");
      newest.put(id, row.get("_cdc_op").equals("d") ? null : List.of(id, (String) row.get("v")));
    }
    newest.values().removeIf(Objects::isNull);
    assertThat(newest.values())
        .as(name)
        .containsExactlyInAnyOrderElementsOf(
            deployment.database.query("SELECT id::text, v FROM " + schema + "." + table));
  }

  @ParameterizedTest
  @MethodSource("io.gkp.connector.versions.Versions#thatDiffer")
  void oneScriptMendsAServerOnWhichNothingIsRight(int version) {
    TestPostgres server = TestPostgres.version(version);
    boolean hasFilters = version >= 15;
    try (Deployment deployment =
        Deployment.on(server, TABLES.toArray(String[]::new)).withoutViews()) {
      TestPostgres.Database database = deployment.database;
      String role = "exporter_" + database.name();
      database.execute(
          "CREATE ROLE " + role + " LOGIN PASSWORD 'secret'",
          "CREATE SCHEMA app",
          "CREATE TABLE app.items (id int PRIMARY KEY, v text)",
          "CREATE TABLE parts (id int PRIMARY KEY, v text) PARTITION BY RANGE (id)",
          "CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM (0) TO (10)",
          "CREATE TABLE half (id int PRIMARY KEY, v text) PARTITION BY RANGE (id)",
          "CREATE TABLE half_1 PARTITION OF half FOR VALUES FROM (0) TO (10)",
          "CREATE TABLE guarded (id int PRIMARY KEY, v text)",
          "ALTER TABLE guarded ENABLE ROW LEVEL SECURITY",
          "CREATE UNLOGGED TABLE volatile (id int PRIMARY KEY, v text)",
          "CREATE TABLE mixed (id int PRIMARY KEY, v text) PARTITION BY RANGE (id)",
          "CREATE UNLOGGED TABLE mixed_1 PARTITION OF mixed FOR VALUES FROM (0) TO (10)",
          "CREATE TABLE keyless (id int NOT NULL UNIQUE, v text)",
          "CREATE TABLE filtered (id int PRIMARY KEY, v text)",
          "CREATE TABLE personal (id int PRIMARY KEY, v text, name text)",
          "CREATE TABLE operational (id int PRIMARY KEY, v text)",
          "CREATE PUBLICATION gkp_export FOR TABLE parts, half_1, filtered"
              + (hasFilters ? " WHERE (id > 2)" : "")
              + ", personal WITH (publish = 'insert')");
      deployment.through(database.urlAs(role, "secret"));
      deployment.protect(List.of("personal.name"), List.of(), null);

      List<String> wrong =
          new ArrayList<>(
              List.of(
                  "role-replication",
                  "tables-exist",
                  "tables-readable",
                  "publication-operations",
                  "replica-identity",
                  "publication",
                  "row-security",
                  "excluded-columns-sent",
                  "wal-limit",
                  "primary-keys"));
      if (hasFilters) {
        wrong.add("publication-filters");
      }
      assertThat(findings(deployment)).containsExactlyInAnyOrderElementsOf(wrong);
      // Before 15 the server cannot keep a column to itself, and no statement mends that.
      List<String> left = hasFilters ? List.of() : List.of("excluded-columns-sent");
      List<String> script = script(deployment);
      try {
        script.forEach(database::execute);
        assertThat(findings(deployment)).isEqualTo(left);
      } finally {
        database.execute("ALTER SYSTEM RESET max_slot_wal_keep_size", "SELECT pg_reload_conf()");
      }

      for (String table : TABLES) {
        database.execute("INSERT INTO " + table + " (id, v) VALUES (1, 'a'), (2, 'b'), (3, 'c')");
      }
      assertThat(deployment.drain().warnings()).isEmpty();
      for (String table :
          List.of("app.items", "parts", "half", "guarded", "volatile", "mixed", "filtered")) {
        database.execute(
            "UPDATE " + table + " SET v = 'd' WHERE id = 1",
            "DELETE FROM " + table + " WHERE id = 2");
      }
      deployment.drain();
      requireSameRows(deployment, "app", "items");
      for (String table : List.of("parts", "half", "guarded", "volatile", "mixed", "filtered")) {
        requireSameRows(deployment, "public", table);
      }
      database.execute("DROP OWNED BY " + role, "DROP ROLE " + role);
    }
  }

  @Test
  void aPartitionArrivesUnderItsOwnName() {
    try (Deployment deployment = Deployment.on(TestPostgres.version(14), "parts_1")) {
      deployment.database.execute(
          "CREATE TABLE parts (id int PRIMARY KEY, v text) PARTITION BY RANGE (id)",
          "CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM (0) TO (10)");
      for (String publication :
          List.of(
              "FOR TABLE parts WITH (publish_via_partition_root = true)",
              "FOR TABLE parts, parts_1 WITH (publish_via_partition_root = true)",
              "FOR ALL TABLES WITH (publish_via_partition_root = true)")) {
        deployment.database.execute(
            "DROP PUBLICATION IF EXISTS gkp_export",
            "CREATE PUBLICATION gkp_export " + publication);
        assertThat(deployment.run().error().code()).as(publication).isEqualTo("GKP-003");
        assertThat(findings(deployment))
            .as(publication)
            .containsExactly("publication", "wal-limit");
        script(deployment).stream()
            .filter(sql -> sql.contains("PUBLICATION"))
            .forEach(deployment.database::execute);
        assertThat(findings(deployment)).as(publication).containsExactly("wal-limit");
      }
    }
  }

  @Test
  void aPartitionBesideAnotherPartitionedTableGetsAnEntryOfItsOwn() {
    try (Deployment deployment = Deployment.on(TestPostgres.version(15), "parts_1", "other")) {
      deployment.database.execute(
          "CREATE TABLE parts (id int PRIMARY KEY, v text) PARTITION BY RANGE (id)",
          "CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM (0) TO (10)",
          "CREATE TABLE other (id int PRIMARY KEY, v text) PARTITION BY RANGE (id)",
          "CREATE TABLE other_1 PARTITION OF other FOR VALUES FROM (0) TO (10)",
          "CREATE PUBLICATION gkp_export FOR TABLE parts, other"
              + " WITH (publish_via_partition_root = true)");
      assertThat(findings(deployment)).containsExactly("publication", "wal-limit");
      script(deployment).stream()
          .filter(sql -> sql.contains("PUBLICATION"))
          .forEach(deployment.database::execute);
      assertThat(findings(deployment)).containsExactly("wal-limit");

      deployment.capture("parts", "parts_1");
      Cli both = Cli.run(deployment, "doctor");
      assertThat(both.out())
          .contains("--tables names parts_1 and parts, of which it is a partition. [GKP-003]");
    }
  }

  @Test
  void aRunTellsWhatItCannotCarryUntilItIsMended() {
    try (Deployment deployment =
        Deployment.on(TestPostgres.version(18), "filtered", "narrow", "keyless")) {
      deployment.database.execute(
          "CREATE TABLE filtered (id int PRIMARY KEY, n int)",
          "ALTER TABLE filtered REPLICA IDENTITY FULL",
          "CREATE TABLE narrow (id int PRIMARY KEY, v text, w text)",
          "CREATE TABLE keyless (id int)",
          "ALTER TABLE keyless REPLICA IDENTITY FULL",
          "CREATE PUBLICATION gkp_export"
              + " FOR TABLE filtered WHERE (n > 0), narrow (id, v), keyless",
          "INSERT INTO filtered VALUES (1, 1), (2, 2), (3, -3)");
      for (int run = 0; run < 2; run++) {
        Cli export = Cli.run(deployment, "export-bigquery", "--output", "json");
        assertThat(export.code()).as(export.err()).isZero();
        assertThat(
                StreamSupport.stream(export.json().get("warnings").spliterator(), false)
                    .map(warning -> warning.get("check").asText())
                    .collect(Collectors.joining(" ")))
            .isEqualTo("publication-filters published-columns primary-keys");
      }
      assertThat(findings(deployment))
          .containsExactly("publication-filters", "published-columns", "primary-keys", "wal-limit");
      deployment.database.execute(
          "UPDATE filtered SET n = -1 WHERE id = 1", "UPDATE filtered SET n = -4 WHERE id = 3");
      deployment.drain();
      deployment.models();
      assertThat(deployment.query("SELECT id, n FROM history.latest_filtered"))
          .as("what the warning warns of")
          .containsExactlyInAnyOrder(List.of("2", "2"), List.of("3", "-3"));

      script(deployment).stream()
          .filter(sql -> !sql.contains("max_slot_wal_keep_size"))
          .forEach(deployment.database::execute);
      deployment.protect(List.of("narrow.w"), List.of(), null);
      assertThat(warnings(deployment.drain()))
          .as("rows that were kept back are read now")
          .containsExactly("primary-keys", "rows-without-events");
      deployment.requireEqual("filtered", "id", "n");
      deployment.requireEqual("narrow", "id", "v");
    }
  }

  @Test
  void grantsOnTheColumnsOfAListAreEnough() {
    try (Deployment deployment = Deployment.on(TestPostgres.version(15), "narrow")) {
      String role = "exporter_" + deployment.database.name();
      deployment.database.execute(
          "CREATE TABLE narrow (id int PRIMARY KEY, v text, secret text)",
          "CREATE PUBLICATION gkp_export FOR TABLE narrow (id, v)",
          "CREATE ROLE " + role + " LOGIN REPLICATION PASSWORD 'secret'",
          "GRANT SELECT (id) ON narrow TO " + role);
      deployment.through(deployment.database.urlAs(role, "secret"));
      assertThat(script(deployment))
          .contains("GRANT SELECT (\"id\", \"v\") ON \"public\".\"narrow\" TO \"" + role + "\";");
      script(deployment).stream()
          .filter(sql -> sql.startsWith("GRANT"))
          .forEach(deployment.database::execute);
      assertThat(findings(deployment)).containsExactly("published-columns", "wal-limit");
      deployment.drain();
      deployment.database.execute("DROP OWNED BY " + role, "DROP ROLE " + role);
    }
  }

  @Test
  void whatARunAsksFirstWaitsForNoLockOfATable() throws Exception {
    try (Deployment deployment = Deployment.on(TestPostgres.version(18), "parts", "items")) {
      deployment.database.execute(
          "CREATE TABLE items (id int PRIMARY KEY)",
          "CREATE TABLE parts (id int PRIMARY KEY) PARTITION BY RANGE (id)",
          "CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM (0) TO (10)",
          "CREATE PUBLICATION gkp_export FOR ALL TABLES WITH (publish_via_partition_root = true)");
      try (Connection holder = deployment.database.connect();
          Connection run = deployment.database.connect();
          Statement lock = holder.createStatement();
          Statement limit = run.createStatement()) {
        holder.setAutoCommit(false);
        lock.execute("LOCK TABLE items, parts IN ACCESS EXCLUSIVE MODE");
        limit.execute("SET lock_timeout = '1s'");
        Preflight preflight = new Preflight(run, deployment.config().source());
        assertThat(preflight.warnings()).isEmpty();
        assertThat(preflight.unpublished()).isEmpty();
        preflight.publish();
      }
    }
  }

  @Test
  void whatIsNoTableIsSaidToBeWhatItIs() {
    try (Deployment deployment =
        Deployment.on(
            TestPostgres.version(15),
            "seen",
            "kept",
            "far",
            "counter",
            "pg_catalog.pg_class",
            "Items",
            "root_u")) {
      deployment.database.execute(
          "CREATE TABLE items (id int PRIMARY KEY)",
          "CREATE VIEW seen AS SELECT * FROM items",
          "CREATE MATERIALIZED VIEW kept AS SELECT * FROM items",
          "CREATE FOREIGN DATA WRAPPER wrapper",
          "CREATE SERVER away FOREIGN DATA WRAPPER wrapper",
          "CREATE FOREIGN TABLE far (id int) SERVER away",
          "CREATE SEQUENCE counter",
          "CREATE UNLOGGED TABLE root_u (id int) PARTITION BY RANGE (id)");
      assertThat(Cli.run(deployment, "doctor", "--all").out())
          .contains(
              "seen is a view. [GKP-106]",
              "Capture the tables that it reads (items)",
              "kept is a materialized view. [GKP-106]",
              "far is a foreign table. [GKP-106]",
              "counter is a sequence. [GKP-106]",
              "pg_catalog.pg_class is a table of PostgreSQL itself. [GKP-106]",
              "table Items. [GKP-106]",
              "Did you mean \"public\".\"items\"?",
              "root_u is an unlogged partitioned table. [GKP-106]");
      assertThat(deployment.run().error().code()).isEqualTo("GKP-106");
      assertThat(script(deployment)).noneMatch(sql -> sql.contains("\"seen\""));
    }
  }

  @Test
  void onAmazonMembershipIsWhatCounts() {
    TestPostgres server = TestPostgres.version(15);
    try (Deployment deployment = Deployment.on(server, "items")) {
      String role = "exporter_" + deployment.database.name();
      deployment.database.execute(
          "CREATE TABLE items (id int PRIMARY KEY)",
          "CREATE PUBLICATION gkp_export FOR TABLE items WITH (publish_via_partition_root = true)",
          "CREATE ROLE rds_replication",
          "CREATE ROLE " + role + " LOGIN NOINHERIT PASSWORD 'secret'",
          "GRANT SELECT ON items TO " + role);
      try {
        deployment.through(deployment.database.urlAs(role, "secret"));
        assertThat(findings(deployment)).containsExactly("role-replication", "wal-limit");
        assertThat(script(deployment))
            .containsExactly("GRANT rds_replication TO \"" + role + "\";");
        script(deployment).forEach(deployment.database::execute);
        assertThat(findings(deployment)).containsExactly("wal-limit");
        assertThat(Cli.run(deployment, "doctor", "--all").out())
            .contains("run: aws rds modify-db-parameter-group");
      } finally {
        deployment.database.execute(
            "DROP OWNED BY " + role, "DROP ROLE " + role, "DROP ROLE rds_replication");
      }
    }
  }

  @Test
  void settingsOfTheServerAreRaised() throws SQLException {
    TestPostgres server = TestPostgres.version(18);
    try (Deployment deployment = Deployment.on(server, "items")) {
      TestPostgres.Database database = deployment.database;
      database.execute(
          "CREATE TABLE items (id int PRIMARY KEY)",
          "CREATE PUBLICATION gkp_export FOR TABLE items WITH (publish_via_partition_root = true)",
          "ALTER SYSTEM SET idle_replication_slot_timeout = '1h'",
          "SELECT pg_reload_conf()",
          "SELECT pg_create_physical_replication_slot('full_' || i) FROM generate_series(1,"
              + " current_setting('max_replication_slots')::int"
              + " - (SELECT count(*)::int FROM pg_replication_slots)) i");
      List<Connection> senders = new ArrayList<>();
      try {
        int most = Integer.parseInt(database.query("SHOW max_wal_senders").get(0).get(0));
        while (senders.size() < most) {
          senders.add(sender(database));
        }
        assertThat(findings(deployment))
            .containsExactly("slots-left", "senders-left", "wal-limit", "idle-slot-timeout");
        script(deployment).forEach(database::execute);
        assertThat(findings(deployment))
            .as("until the restart")
            .containsExactly("slots-left", "senders-left");
        assertThat(
                database.query(
                    "SELECT DISTINCT name FROM pg_file_settings"
                        + " WHERE name IN ('max_replication_slots', 'max_wal_senders')"
                        + " AND setting::int > current_setting(name)::int"))
            .hasSize(2);
      } finally {
        for (Connection sender : senders) {
          sender.close();
        }
        Stream.of(
                "idle_replication_slot_timeout",
                "max_slot_wal_keep_size",
                "max_replication_slots",
                "max_wal_senders")
            .forEach(name -> database.execute("ALTER SYSTEM RESET " + name));
        database.execute(
            "SELECT pg_reload_conf()",
            "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots"
                + " WHERE slot_name LIKE 'full_%'");
      }
    }
  }

  private static Connection sender(TestPostgres.Database database) throws SQLException {
    Properties properties = new Properties();
    PGProperty.USER.set(properties, "postgres");
    PGProperty.PASSWORD.set(properties, "postgres");
    PGProperty.REPLICATION.set(properties, "database");
    PGProperty.PREFER_QUERY_MODE.set(properties, "simple");
    PGProperty.ASSUME_MIN_SERVER_VERSION.set(properties, "14");
    return DriverManager.getConnection(
        "jdbc:postgresql://" + database.url().replaceFirst(".*@", ""), properties);
  }
}
