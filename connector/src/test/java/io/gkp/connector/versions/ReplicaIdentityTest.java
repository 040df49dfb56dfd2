package io.gkp.connector.versions;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.gkp.connector.cli.Cli;
import io.gkp.connector.export.Deployment;
import io.gkp.connector.export.RunReport;
import io.gkp.testing.TestPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The application's own UPDATE and DELETE are the oracle. */
class ReplicaIdentityTest {
  private static final List<String> TABLES =
      List.of(
          "keyed",
          "whole",
          "indexed",
          "nothing",
          "keyless",
          "unique_only",
          "deferred",
          "deferred_unique",
          "dropped",
          "invalid",
          "tree",
          "deep");

  private static final List<String> RELATIONS =
      List.of(
          "keyed",
          "whole",
          "indexed",
          "nothing",
          "keyless",
          "unique_only",
          "deferred",
          "deferred_unique",
          "dropped",
          "invalid",
          "tree_good",
          "tree_bad",
          "deep_good",
          "deep_bad");

  private static final List<String> WITHOUT_ONE =
      List.of(
          "nothing",
          "keyless",
          "unique_only",
          "deferred",
          "deferred_unique",
          "dropped",
          "invalid",
          "tree_bad",
          "deep_bad");

  private static final String[] SCHEMA = {
    "CREATE TABLE keyed (id int PRIMARY KEY, n int)",
    "CREATE TABLE whole (id int, n int)",
    "ALTER TABLE whole REPLICA IDENTITY FULL",
    "CREATE TABLE indexed (id int NOT NULL UNIQUE, n int)",
    "ALTER TABLE indexed REPLICA IDENTITY USING INDEX indexed_id_key",
    "CREATE TABLE nothing (id int PRIMARY KEY, n int)",
    "ALTER TABLE nothing REPLICA IDENTITY NOTHING",
    "CREATE TABLE keyless (id int, n int)",
    "CREATE TABLE unique_only (id int NOT NULL UNIQUE, n int)",
    "CREATE TABLE deferred (id int PRIMARY KEY DEFERRABLE, n int)",
    "CREATE TABLE deferred_unique (id int NOT NULL UNIQUE DEFERRABLE, n int)",
    "CREATE TABLE dropped (id int NOT NULL, n int)",
    "CREATE UNIQUE INDEX dropped_index ON dropped (id)",
    "ALTER TABLE dropped REPLICA IDENTITY USING INDEX dropped_index",
    "DROP INDEX dropped_index",
    "CREATE TABLE invalid (id int NOT NULL, n int)",
    "CREATE UNIQUE INDEX invalid_index ON invalid (id)",
    "ALTER TABLE invalid REPLICA IDENTITY USING INDEX invalid_index",
    "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'invalid_index'::regclass",
    "CREATE TABLE tree (id int PRIMARY KEY, n int) PARTITION BY RANGE (id)",
    "CREATE TABLE tree_good PARTITION OF tree FOR VALUES FROM (0) TO (10)",
    "CREATE TABLE tree_bad PARTITION OF tree FOR VALUES FROM (10) TO (20)",
    "ALTER TABLE tree_bad REPLICA IDENTITY NOTHING",
    "CREATE TABLE deep (id int, n int) PARTITION BY RANGE (id)",
    "ALTER TABLE deep REPLICA IDENTITY FULL",
    "CREATE TABLE deep_1 PARTITION OF deep FOR VALUES FROM (0) TO (20) PARTITION BY RANGE (id)",
    "CREATE TABLE deep_good PARTITION OF deep_1 FOR VALUES FROM (0) TO (10)",
    "ALTER TABLE deep_good REPLICA IDENTITY FULL",
    "CREATE TABLE deep_bad PARTITION OF deep_1 FOR VALUES FROM (10) TO (20)",
  };

  private static void create(Deployment deployment) {
    deployment.database.execute(SCHEMA);
    for (String relation : RELATIONS) {
      deployment.database.execute(
          "INSERT INTO " + relation + " SELECT " + (relation.endsWith("_bad") ? 11 : 1) + ", 1");
    }
  }

  /** Relations of which the application can change nothing. */
  private static List<String> refused(Deployment deployment, List<String> relations)
      throws SQLException {
    List<String> refused = new ArrayList<>();
    try (Connection application = deployment.database.connect();
        Statement statement = application.createStatement()) {
      application.setAutoCommit(false);
      for (String relation : relations) {
        List<String> errors = new ArrayList<>();
        for (String sql : List.of("UPDATE %s SET n = n + 1", "DELETE FROM %s")) {
          try {
            statement.execute(sql.formatted(relation));
          } catch (SQLException e) {
            errors.add(e.getMessage());
          }
          application.rollback();
        }
        if (!errors.isEmpty()) {
          refused.add(relation);
        }
      }
    }
    return refused;
  }

  private static String named(JsonNode report) {
    return StreamSupport.stream(report.get("findings").spliterator(), false)
        .filter(finding -> finding.get("check").asText().equals("replica-identity"))
        .filter(finding -> finding.get("level").asText().equals("error"))
        .map(finding -> finding.get("what").asText())
        .collect(Collectors.joining("\n"));
  }

  private static List<String> namedAmong(List<String> relations, String text) {
    return relations.stream()
        .filter(relation -> text.matches("(?s).*[ ,]" + relation + "[ :,].*"))
        .toList();
  }

  private static void applyScript(Deployment deployment) {
    Cli.run(deployment, "doctor", "--fix-sql")
        .out()
        .lines()
        .filter(line -> !line.startsWith("--") && !line.isBlank())
        .filter(line -> !line.startsWith("ALTER SYSTEM")) // the server is shared
        .forEach(deployment.database::execute);
  }

  @Test
  void noRunPublishesWhatTheApplicationCouldNotChangeAnyMore() throws Exception {
    try (Deployment deployment =
        Deployment.on(TestPostgres.version(14), TABLES.toArray(String[]::new)).withoutViews()) {
      create(deployment);

      RunReport refusal = deployment.run();
      assertThat(refusal.error().code()).isEqualTo("GKP-113");
      assertThat(deployment.database.query("SELECT 1 FROM pg_publication")).isEmpty();
      assertThat(refused(deployment, RELATIONS)).isEmpty();
      assertThat(
              namedAmong(RELATIONS, named(Cli.run(deployment, "doctor", "--output=json").json())))
          .containsExactlyElementsOf(WITHOUT_ONE);

      applyScript(deployment);
      assertThat(deployment.database.query("SELECT 1 FROM pg_publication")).hasSize(1);
      assertThat(refused(deployment, RELATIONS)).isEmpty();
      assertThat(named(Cli.run(deployment, "doctor", "--output=json").json())).isEmpty();
      assertThat(deployment.drain().warnings())
          .noneMatch(warning -> warning.check().equals("replica-identity"));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {14, 15, 18})
  void whatAnOperatorPublishedAllTheSameIsToldAndMended(int version) throws Exception {
    List<String> tables = new ArrayList<>(TABLES);
    List<String> relations = new ArrayList<>(RELATIONS);
    List<String> bad = new ArrayList<>(WITHOUT_ONE);
    List<String> entries = new ArrayList<>(TABLES);
    List<String> more = new ArrayList<>();
    if (version >= 15) {
      more.addAll(List.of("list_short", "list_whole", "filter_other", "filter_key"));
      entries.addAll(
          List.of(
              "list_short (n)",
              "list_whole (id, n)",
              "filter_other WHERE (n > 0)",
              "filter_key WHERE (id > 0)"));
      bad.addAll(List.of("list_short", "list_whole", "filter_other"));
    }
    if (version >= 18) {
      more.addAll(List.of("stored_key", "stored_whole"));
      entries.addAll(List.of("stored_key", "stored_whole"));
      bad.addAll(List.of("stored_key", "stored_whole"));
    }
    tables.addAll(more);
    relations.addAll(more);
    try (Deployment deployment =
        Deployment.on(TestPostgres.version(version), tables.toArray(String[]::new))
            .withoutViews()) {
      create(deployment);
      for (String table : more) {
        deployment.database.execute(
            "CREATE TABLE "
                + table
                + " (id int PRIMARY KEY, n int"
                + (table.startsWith("stored")
                    ? ", s int NOT NULL GENERATED ALWAYS AS (id * 2) STORED UNIQUE)"
                    : ")"),
            "INSERT INTO " + table + " VALUES (1, 1)",
            "ALTER TABLE "
                + table
                + " REPLICA IDENTITY "
                + (table.endsWith("whole")
                    ? "FULL"
                    : table.equals("stored_key") ? "USING INDEX stored_key_s_key" : "DEFAULT"));
      }
      deployment.database.execute(
          "CREATE PUBLICATION gkp_export FOR TABLE "
              + String.join(", ", entries)
              + " WITH (publish_via_partition_root = true)");

      assertThat(refused(deployment, relations)).containsExactlyElementsOf(bad);
      assertThat(
              namedAmong(relations, named(Cli.run(deployment, "doctor", "--output=json").json())))
          .containsExactlyElementsOf(bad);
      assertThat(deployment.drain().warnings())
          .filteredOn(warning -> warning.check().equals("replica-identity"))
          .isNotEmpty();

      applyScript(deployment);
      assertThat(refused(deployment, relations)).isEmpty();
      assertThat(named(Cli.run(deployment, "doctor", "--output=json").json())).isEmpty();
    }
  }
}
