package io.gkp.connector.versions;

import static org.assertj.core.api.Assertions.assertThat;

import io.gkp.connector.cli.Cli;
import io.gkp.connector.export.Deployment;
import io.gkp.connector.verify.Verified;
import io.gkp.testing.TestPostgres;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rows whose keys BigQuery cannot hold are told apart all the same. */
class LostKeysTest {
  private static final List<String> TABLES = List.of("moments", "names", "two");

  @Test
  void eachIsARowOfItsOwn() {
    TestPostgres.Database database =
        TestPostgres.version(18)
            .createDatabase("ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0");
    try (Deployment deployment =
        new Deployment(database, List.of(), TABLES.toArray(String[]::new))) {
      database.execute(
          "CREATE CAST (bytea AS text) WITHOUT FUNCTION",
          "CREATE TABLE moments (id timestamptz PRIMARY KEY, v text, long text)",
          "INSERT INTO moments SELECT id::timestamptz, v, repeat(v, 3000) FROM (VALUES ('infinity', 'a'),"
              + " ('-infinity', 'b'), ('4000-01-01 BC', 'c'), ('2020-01-01', 'd')) AS n (id, v)",
          "CREATE TABLE names (id text PRIMARY KEY, v text)",
          "INSERT INTO names VALUES (" + raw("e9") + ", 'a'), (" + raw("e8") + ", 'b'), ('e', 'd')",
          "CREATE TABLE two (n numeric, day date, v text, PRIMARY KEY (n, day))",
          "INSERT INTO two VALUES (1, 'infinity', 'a'), (1, '-infinity', 'b'), ('NaN', 'infinity', 'c'),"
              + " ('NaN', '2020-01-01', 'd'), (1e50, '2020-01-01', 'e'), (1e51, '2020-01-01', 'f')");
      TABLES.forEach(
          table -> database.execute("ALTER TABLE " + table + " ALTER v SET STORAGE EXTERNAL"));
      deployment.drain();
      requireEqual(deployment);
      deployment.models(); // from now on there is a state table
      requireEqual(deployment);

      for (String table : TABLES) {
        database.execute(
            "UPDATE " + table + " SET v = v || '2' WHERE v <> 'b'",
            "DELETE FROM " + table + " WHERE v = 'b'");
      }
      database.execute(
          "INSERT INTO moments VALUES ('-infinity', 'again', 'short')",
          "UPDATE two SET day = '-infinity' WHERE n = 1",
          "UPDATE names SET id = " + raw("e7") + " WHERE v = 'a2'");
      deployment.drain();
      requireEqual(deployment);
      deployment.models();
      requireEqual(deployment);
      assertThat(deployment.query("SELECT COUNT(*) FROM history.history_moments WHERE is_current"))
          .isEqualTo(List.of(List.of("4")));
      Verified.of(deployment).requireEqual();

      deployment.sql("UPDATE history.state_moments SET v = 'broken' WHERE v IN ('a2', 'again')");
      deployment.sql("DELETE FROM history.state_names WHERE v = 'a2'");
      Cli found = Cli.run(deployment, "verify", "--output", "json", "--repair");
      assertThat(found.code()).isEqualTo(65);
      assertThat(found.json().at("/tables/moments/keys").findValuesAsText("id"))
          .containsExactlyInAnyOrder("infinity", "-infinity");
      assertThat(found.json().at("/requests").findValuesAsText("kind"))
          .containsExactly("backfill", "reset");
      assertThat(deployment.drain().backfills()).hasSize(1);
      Verified.of(deployment).requireEqual();
    }
  }

  private static void requireEqual(Deployment deployment) {
    TABLES.forEach(table -> deployment.requireEqual(table, "v"));
  }

  private static String raw(String hex) {
    return "'\\x" + hex + "'::bytea::text";
  }
}
