package io.gkp.connector.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.gkp.connector.export.Deployment;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QueryCommandTest {
  private static Deployment deployment;

  @BeforeAll
  static void export() {
    deployment = new Deployment("notes");
    deployment.database.execute(
        "CREATE TABLE notes (id int PRIMARY KEY, body text, seen timestamptz, tags text[])",
        "INSERT INTO notes VALUES (1, 'one', '2026-03-01 10:00+00', '{a,b}'), (2, NULL, NULL, '{}')");
    deployment.drain();
  }

  @AfterAll
  static void stop() {
    deployment.close();
  }

  @Test
  void aQuestionIsAnsweredAsATable() {
    Cli cli =
        Cli.run(deployment, "query", "SELECT id, body, seen, tags FROM latest_notes ORDER BY id");
    assertThat(cli.code()).as(cli.err()).isZero();
    assertThat(cli.out().lines())
        .containsExactly(
            "id  body  seen                  tags",
            "--  ----  --------------------  ---------",
            " 1  one   2026-03-01T10:00:00Z  [\"a\",\"b\"]",
            " 2  NULL  NULL                  []",
            "2 rows");
  }

  @Test
  void orAsJson() {
    Cli cli =
        Cli.run(
            deployment,
            "query",
            "--output",
            "json",
            "SELECT id, STRUCT(body AS text) AS s FROM latest_notes WHERE id = 1");
    assertThat(cli.json().toString()).isEqualTo("{\"rows\":[{\"id\":1,\"s\":{\"text\":\"one\"}}]}");
  }

  @Test
  void theFreshnessOfEachTableIsAQuestionLikeAnyOther() {
    Cli cli =
        Cli.run(
            deployment,
            "query",
            "SELECT table_name, complete_as_of IS NOT NULL AS complete,"
                + " history_since <= complete_as_of OR history_since > complete_as_of AS told,"
                + " last_run_status FROM export_freshness");
    assertThat(cli.out()).as(cli.err()).contains("notes       true      true  drained");
  }

  @Test
  void aWrongQuestionIsAUsageError() {
    Cli cli = Cli.run(deployment, "query", "SELECT nothing FROM latest_notes");
    assertThat(cli.code()).isEqualTo(64);
    assertThat(cli.err()).contains("nothing", "[GKP-001]").doesNotContain("\tat ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DELETE FROM raw_notes WHERE TRUE",
        "CREATE TABLE other AS SELECT 1 AS one",
        "DROP VIEW latest_notes",
        "BEGIN TRANSACTION; DELETE FROM raw_notes WHERE TRUE; COMMIT TRANSACTION;",
        "SELECT 1; DELETE FROM raw_notes WHERE TRUE"
      })
  void whatIsNoQuestionIsRefused(String sql) {
    Cli cli = Cli.run(deployment, "query", sql);
    assertThat(cli.code()).as(cli.out()).isEqualTo(64);
    assertThat(cli.err()).contains("[GKP-001]");
    assertThat(deployment.rows("raw_notes")).hasSize(2);
    assertThat(deployment.tableNames("")).contains("latest_notes").doesNotContain("other");
  }

  @Test
  void whatChangesSomethingSaysWhatItHasDone() {
    assertThat(Cli.run(deployment, "query", "--write", "CREATE TABLE mine (n INT64)").out())
        .isEqualTo("CREATE_TABLE done\n");
    assertThat(Cli.run(deployment, "query", "--write", "INSERT INTO mine VALUES (1), (2)").out())
        .isEqualTo("INSERT: 2 rows\n");
    assertThat(
            Cli.run(
                    deployment,
                    "query",
                    "--write",
                    "--output=json",
                    "UPDATE mine SET n = 3 WHERE n = 1")
                .json()
                .toString())
        .isEqualTo("{\"statement\":\"UPDATE\",\"affected_rows\":1}");
    assertThat(Cli.run(deployment, "query", "--write", "SELECT n FROM mine WHERE n = 3").out())
        .contains("1 row");
    deployment.sql("DROP TABLE history.mine");
  }

  @Test
  void noMoreRowsArePrintedThanAskedFor() {
    Cli cli = Cli.run(deployment, "query", "--max-rows", "1", "SELECT id FROM latest_notes");
    assertThat(cli.out()).contains("1 row of 2; --max-rows shows more");
  }
}
