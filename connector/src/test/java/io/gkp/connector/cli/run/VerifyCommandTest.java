package io.gkp.connector.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.gkp.connector.cli.Cli;
import io.gkp.connector.export.Deployment;
import java.util.List;
import org.junit.jupiter.api.Test;

class VerifyCommandTest {
  @Test
  void whatDiffersIsToldAndMended() {
    try (Deployment deployment = new Deployment("items", "pairs", "people")) {
      deployment.database.execute(
          "CREATE TABLE items (id int PRIMARY KEY, name text)",
          "INSERT INTO items VALUES (1, 'secret'), (2, 'two'), (3, 'three')",
          "CREATE TABLE pairs (b text, a int, name text, PRIMARY KEY (a, b))",
          "INSERT INTO pairs VALUES ('it''s', 1, 'one'), ('y', 2, 'two')",
          "CREATE TABLE people (email text PRIMARY KEY, ssn text, age int)",
          "INSERT INTO people VALUES ('ann@example.org', '078-05', 30)");
      deployment.protect(List.of("people.ssn"), List.of("people.email"), "kZ3v9QmW1xT7pLr5");
      assertThat(Cli.run(deployment, "verify").err()).contains("[GKP-3");
      deployment.drain();
      Cli equal = Cli.run(deployment, "verify", "--output", "json");
      assertThat(equal.code()).as(equal.err()).isZero();
      assertThat(equal.json().get("equal").asBoolean()).isTrue();
      assertThat(equal.json().at("/tables/items/rows").asLong()).isEqualTo(3);

      deployment.sql(
          "INSERT INTO history.raw_items SELECT * REPLACE(9 AS id, 'secret' AS name, 9 AS _cdc_row)"
              + " FROM history.raw_items WHERE id = 1");
      deployment.sql("UPDATE history.raw_pairs SET name = 'secret' WHERE a = 1");
      deployment.sql("UPDATE history.raw_people SET age = 31 WHERE TRUE");
      Cli text = Cli.run(deployment, "verify");
      assertThat(text.code()).isEqualTo(65);
      assertThat(text.err()).contains("items, pairs, people").contains("[GKP-501]");
      assertThat(text.out())
          .contains("extra: {id=9}, batch 1")
          .contains("different: {a=1, b=it's}, batch 1")
          .contains("different: row 0, batch 1")
          .contains("name differs in 1 row(s)")
          .contains("last changed in batch 1")
          .doesNotContain("secret", "ann@", "078-05");
      Cli doctor = Cli.run(deployment, "doctor", "--output", "json");
      JsonNode verification =
          doctor.json().get("findings").findParents("check").stream()
              .filter(finding -> finding.get("check").asText().equals("verification"))
              .findFirst()
              .orElseThrow();
      assertThat(verification.get("level").asText()).isEqualTo("warning");
      assertThat(verification.get("what").asText()).contains("items different at ");

      Cli repair = Cli.run(deployment, "verify", "--repair", "--output", "json");
      assertThat(repair.code()).isEqualTo(65);
      assertThat(repair.json().get("requests").findValuesAsText("kind"))
          .containsExactly("reset", "backfill", "reset");
      Cli export = Cli.run(deployment, "export-bigquery", "--verify", "--output", "json");
      assertThat(export.code()).as(export.out()).isZero();
      assertThat(export.json().get("verification").findValuesAsText("outcome"))
          .containsExactly("equal", "equal", "equal");
      assertThat(export.json().get("backfills")).hasSize(1);
      assertThat(
              deployment.query(
                  "SELECT verified, COUNT(*) FROM history.runs WHERE verified IS NOT NULL"
                      + " GROUP BY verified ORDER BY verified"))
          .containsExactly(List.of("different", "6"), List.of("equal", "6"));
    }
  }

  /** A backfill goes into the epoch that nobody is shown. */
  @Test
  void aTableOfWhichNothingIsShownIsReadAnew() {
    try (Deployment deployment = new Deployment("items")) {
      deployment.database.execute(
          "CREATE TABLE items (id int PRIMARY KEY)", "INSERT INTO items VALUES (1), (2)");
      deployment.drain();
      deployment.sql("DELETE FROM history.epochs WHERE state = 'completed'");
      Cli repair = Cli.run(deployment, "verify", "--repair", "--output", "json");
      assertThat(repair.json().get("requests").findValuesAsText("kind")).containsExactly("reset");
      assertThat(Cli.run(deployment, "export-bigquery", "--verify").code()).isZero();
      deployment.requireEqual("items", "id");
    }
  }

  @Test
  void mistakesAreNamedBeforeAnythingIsRead() {
    try (Deployment deployment = new Deployment("items")) {
      deployment.database.execute("CREATE TABLE items (id int PRIMARY KEY)");
      deployment.drain();
      expect(deployment, 78, "not captured", "--table", "nobody");
      expect(deployment, 64, "one --table", "--where", "true");
      expect(deployment, 64, "does not exist", "--table", "items", "--where", "idd = 1");
      expect(deployment, 64, "such as 1%", "--sample", "much");
      expect(deployment, 64, "such as 1%", "--sample", "101%");
      assertThat(Cli.run(deployment, "verify", "--help").out()).contains("--sample 1% --output");
    }
  }

  private static void expect(Deployment deployment, int code, String words, String... arguments) {
    String[] all = new String[arguments.length + 1];
    all[0] = "verify";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    Cli cli = Cli.run(deployment, all);
    assertThat(cli.err()).contains(words);
    assertThat(cli.code()).isEqualTo(code);
  }
}
