package io.gkp.connector.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.gkp.connector.export.Deployment;
import io.gkp.connector.export.RunReport;
import io.gkp.connector.faults.DriftScenarios.Scenario;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Tables that change their shape while changes of all their shapes are waiting, inside one
 * transaction, and between runs. Each scenario has a table of its own; all go through the same
 * runs.
 */
class SchemaDriftTest {
  private final List<Scenario> scenarios = DriftScenarios.all();
  private final Deployment deployment =
      new Deployment(scenarios.stream().map(Scenario::table).toArray(String[]::new));
  private final Set<String> sentences = new LinkedHashSet<>();

  @AfterEach
  void end() {
    deployment.close();
  }

  @Test
  void inOneStream() {
    begin();
    for (Scenario scenario : scenarios) {
      deployment.database.execute(scenario.statements().toArray(String[]::new));
    }
    drain();
    check(Scenario::atOnce);
    assertThat(deployment.drain().schemaChanges()).as("what was said is not said again").isEmpty();
  }

  @Test
  void inOneTransaction() throws SQLException {
    scenarios.removeIf(scenario -> !scenario.fitsOneTransaction());
    begin();
    try (Connection connection = deployment.database.connect();
        Statement statement = connection.createStatement()) {
      for (Scenario scenario : scenarios) {
        connection.setAutoCommit(false);
        for (String sql : scenario.statements()) {
          statement.execute(sql);
        }
        connection.commit();
      }
    }
    drain();
    check(Scenario::atOnce);
  }

  @Test
  void withARunAfterEachStatement() {
    begin();
    int steps = scenarios.stream().mapToInt(s -> s.statements().size()).max().orElseThrow();
    for (int step = 0; step < steps; step++) {
      for (Scenario scenario : scenarios) {
        if (step < scenario.statements().size()) {
          deployment.database.execute(scenario.statements().get(step));
        }
      }
      drain();
    }
    check(Scenario::oneByOne);
  }

  @Test
  void aTableAddedToTheConfigurationIsReported() {
    deployment.capture("items");
    deployment.database.execute("CREATE TABLE items (id int PRIMARY KEY)");
    assertThat(deployment.drain().schemaChanges())
        .containsExactly("raw_items: new table for items");
    deployment.database.execute(
        "CREATE TABLE log (at int, what text)",
        "ALTER TABLE log REPLICA IDENTITY FULL",
        "INSERT INTO log VALUES (1, 'begun')");
    deployment.capture("items", "log");
    RunReport report = deployment.drain();
    assertThat(report.schemaChanges()).containsExactly("raw_log: new table for log");
    assertThat(report.tables().get("log").snapshotRows()).isEqualTo(1);
    deployment.database.execute("UPDATE log SET what = 'done'", "DELETE FROM log");
    assertThat(deployment.drain().schemaChanges()).isEmpty();
    assertThat(deployment.changelog("raw_log", "at", "what"))
        .containsExactly("r 1 begun", "u 1 done", "d 1 done");
  }

  @Test
  void asManyColumnsAsPostgresAllows() {
    int count = 1590;
    String columns =
        IntStream.range(0, count).mapToObj(i -> "c" + i + " int").collect(Collectors.joining(","));
    String values =
        IntStream.range(0, count).mapToObj(Integer::toString).collect(Collectors.joining(","));
    deployment.capture("wide");
    deployment.database.execute(
        "CREATE TABLE wide (id int PRIMARY KEY, " + columns + ")",
        "INSERT INTO wide VALUES (1, " + values + ")");
    deployment.drain();
    deployment.database.execute(
        "INSERT INTO wide VALUES (2, " + values + ")",
        "ALTER TABLE wide ADD COLUMN one_more int",
        "UPDATE wide SET one_more = 7");
    deployment.drain();
    List<Map<String, Object>> rows = deployment.raw("raw_wide");
    assertThat(rows).extracting(row -> row.get("_cdc_op")).containsExactly("r", "c", "u", "u");
    assertThat(rows).allMatch(row -> row.get("c" + (count - 1)).equals("" + (count - 1)));
    assertThat(rows.get(3)).containsEntry("one_more", "7").hasSizeGreaterThan(count);
    deployment.requireEqual("wide", "id", "c0", "c" + (count - 1), "one_more");
  }

  private void begin() {
    for (Scenario scenario : scenarios) {
      deployment.database.execute(
          "CREATE TABLE " + scenario.table() + " (id int PRIMARY KEY, name text, amount int)",
          "INSERT INTO " + scenario.table() + " VALUES (1, 'one', 1)");
    }
    deployment.capture(scenarios.stream().map(Scenario::table).toArray(String[]::new));
    deployment.withoutViews().drain();
  }

  private void drain() {
    sentences.addAll(deployment.drain().schemaChanges());
  }

  private void check(Function<Scenario, List<String>> expected) {
    SoftAssertions soft = new SoftAssertions();
    for (Scenario scenario : scenarios) {
      String start = "raw_" + scenario.table() + ": ";
      List<String> said = new ArrayList<>();
      for (String sentence : sentences) {
        if (sentence.startsWith(start)) {
          said.add(sentence.substring(start.length()));
        }
      }
      soft.assertThat(said)
          .as(scenario.table())
          .containsExactlyInAnyOrderElementsOf(expected.apply(scenario));
      soft.assertThat(
              deployment.changelog(
                  "raw_" + scenario.table(),
                  row -> !row.get("_cdc_op").equals("r") || row.get("_cdc_epoch").equals("1"),
                  scenario.columns().toArray(String[]::new)))
          .as(scenario.table())
          .containsExactlyElementsOf(scenario.rows());
    }
    soft.assertAll();
  }
}
