package io.gkp.connector.export;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.cloud.bigquery.StandardTableDefinition;
import com.google.cloud.bigquery.Table;
import com.google.cloud.bigquery.TableConstraints;
import io.gkp.connector.checks.Finding;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tables whose key becomes another one: their latest state goes by the new key, by itself. */
class ChangedKeysTest {
  private static final List<Case> CASES =
      List.of(
          new Case("renamed", "item_id")
              .after("ALTER TABLE @ RENAME id TO item_id", "DELETE FROM @ WHERE item_id = 2"),
          new Case("widened", "id, n")
              .after(
                  "ALTER TABLE @ DROP CONSTRAINT @_pkey, ADD PRIMARY KEY (id, n)",
                  "INSERT INTO @ VALUES (1, 2, 'd')",
                  "DELETE FROM @ WHERE id = 1 AND n = 1"),
          new Case("narrowed", "id")
              .before("ALTER TABLE @ DROP CONSTRAINT @_pkey, ADD PRIMARY KEY (n, id)")
              .after(
                  "UPDATE @ SET n = 5 WHERE id = 1",
                  "ALTER TABLE @ DROP CONSTRAINT @_pkey, ADD PRIMARY KEY (id)",
                  "UPDATE @ SET n = 6 WHERE id = 2"),
          new Case("other", "v")
              .after(
                  "INSERT INTO @ VALUES (7, 7, 'z')",
                  "DELETE FROM @ WHERE id = 7",
                  "ALTER TABLE @ DROP CONSTRAINT @_pkey, ADD PRIMARY KEY (v)",
                  "UPDATE @ SET id = 1",
                  "DELETE FROM @ WHERE v = 'b'"),
          new Case("added", "id")
              .before("ALTER TABLE @ DROP CONSTRAINT @_pkey", "ALTER TABLE @ REPLICA IDENTITY FULL")
              .after(
                  "UPDATE @ SET id = 9 WHERE id = 1",
                  "ALTER TABLE @ ADD PRIMARY KEY (id), REPLICA IDENTITY DEFAULT",
                  "DELETE FROM @ WHERE id = 2"),
          new Case("column_dropped", "v")
              .after(
                  "ALTER TABLE @ DROP COLUMN id, ADD PRIMARY KEY (v)",
                  "INSERT INTO @ VALUES (9, 'y')",
                  "UPDATE @ SET v = 'x' WHERE v = 'a'"),
          new Case("retyped", "id__string")
              .after(
                  "ALTER TABLE @ ALTER id TYPE text USING 'no. ' || id",
                  "DELETE FROM @ WHERE id = 'no. 3'"),
          new Case("identity", "v")
              .after(
                  "ALTER TABLE @ ALTER v SET NOT NULL",
                  "CREATE UNIQUE INDEX @_v ON @ (v) INCLUDE (n)",
                  "ALTER TABLE @ REPLICA IDENTITY USING INDEX @_v",
                  "UPDATE @ SET v = 'bb' WHERE v = 'b'",
                  "DELETE FROM @ WHERE v = 'a'"),
          new Case("there_and_back", "id")
              .after(
                  "ALTER TABLE @ DROP CONSTRAINT @_pkey, ADD PRIMARY KEY (v)",
                  "DELETE FROM @ WHERE v = 'a'",
                  "ALTER TABLE @ DROP CONSTRAINT @_pkey, ADD PRIMARY KEY (id)",
                  "INSERT INTO @ VALUES (4, 4, 'd')"),
          new Case("emptied", "item_id")
              .after("DELETE FROM @", "ALTER TABLE @ RENAME id TO item_id"));

  /** What happens to a table {@code (id int PRIMARY KEY, n int, v text)}, and its key then. */
  private record Case(String table, String key, List<String> before, List<String> after) {
    Case(String table, String key) {
      this(table, key, List.of(), List.of());
    }

    Case before(String... statements) {
      return new Case(table, key, at(statements), after);
    }

    Case after(String... statements) {
      return new Case(table, key, before, at(statements));
    }

    private List<String> at(String... statements) {
      return List.of(statements).stream().map(sql -> sql.replace("@", table)).toList();
    }
  }

  @Test
  void aChangedKeyIsReadAnewAndFollowed() {
    String[] tables = CASES.stream().map(Case::table).toArray(String[]::new);
    try (Deployment deployment = new Deployment(tables)) {
      for (Case c : CASES) {
        deployment.database.execute(
            "CREATE TABLE " + c.table + " (id int PRIMARY KEY, n int, v text)",
            "INSERT INTO " + c.table + " VALUES (1, 1, 'a'), (2, 1, 'b'), (3, 2, 'c')");
        deployment.database.execute(c.before.toArray(String[]::new));
      }
      deployment.drain();
      deployment.models();

      CASES.forEach(c -> deployment.database.execute(c.after.toArray(String[]::new)));
      assertThat(deployment.drain().warnings())
          .filteredOn(warning -> warning.check().equals("row-keys"))
          .extracting(warning -> warning.what().substring(0, warning.what().indexOf(':')))
          .containsExactlyInAnyOrder(tables);
      deployment.models();
      CASES.forEach(c -> requireRight(deployment, c));

      CASES.forEach(
          c ->
              deployment.database.execute(
                  "UPDATE @ SET n = n + 10".replace("@", c.table),
                  "DELETE FROM @ WHERE v = (SELECT max(v) FROM @)".replace("@", c.table)));
      RunReport quiet = deployment.drain();
      assertThat(quiet.warnings()).extracting(Finding::check).doesNotContain("row-keys");
      assertThat(quiet.tables().values())
          .extracting(RunReport.Table::snapshotRows)
          .containsOnly(0L);
      CASES.forEach(c -> requireRight(deployment, c)); // changes over states by the new keys
      CASES.forEach(c -> requireRightHistory(deployment, c));
    }
  }

  @Test
  void theFormerEpochKeepsItsKeyWhereARunDiedBeforeItCompletedTheNext() {
    try (Deployment deployment = new Deployment("t")) {
      deployment.database.execute(
          "CREATE TABLE t (id int PRIMARY KEY, n int NOT NULL)",
          "INSERT INTO t SELECT i, 0 FROM generate_series(1, 3) i");
      deployment.drain();
      deployment.models();
      deployment.database.execute(
          "UPDATE t SET n = id", "ALTER TABLE t DROP CONSTRAINT t_pkey, ADD PRIMARY KEY (n)");
      deployment.drain();
      String completed = " FROM history.epochs WHERE epoch = 2 AND state = 'completed'";
      deployment.sql("CREATE TABLE history.later AS SELECT *" + completed);
      deployment.sql("DELETE" + completed);
      deployment.models();
      assertThat(deployment.query("SELECT id, n FROM history.latest_t ORDER BY id"))
          .isEqualTo(List.of(List.of("1", "0"), List.of("2", "0"), List.of("3", "0")));

      deployment.sql("INSERT INTO history.epochs SELECT * FROM history.later");
      deployment.models();
      deployment.requireEqual("t", "id", "n");
    }
  }

  @Test
  void aTableThatHasLostItsKeyHasNoLatestStateUntilItHasOneAgain() {
    try (Deployment deployment = new Deployment("lost", "old")) {
      for (String table : List.of("lost", "old")) {
        deployment.database.execute(
            "CREATE TABLE " + table + " (id int PRIMARY KEY, v text)",
            "INSERT INTO " + table + " VALUES (1, 'a'), (2, 'b'), (3, 'c')");
      }
      deployment.drain();
      // As earlier versions left it, which kept a raw table's first key for ever.
      deployment.sql("UPDATE history.epochs SET row_key = NULL WHERE TRUE");

      deployment.database.execute(
          "ALTER TABLE old RENAME id TO item_id",
          "ALTER TABLE lost DROP CONSTRAINT lost_pkey",
          "ALTER TABLE lost REPLICA IDENTITY FULL",
          "INSERT INTO lost VALUES (1, 'again')",
          "UPDATE lost SET id = 7 WHERE v = 'b'");
      assertThat(deployment.drain().warnings())
          .filteredOn(warning -> warning.check().equals("row-keys"))
          .extracting(Finding::what)
          .containsExactlyInAnyOrder(
              "lost: The key is none now.", "old: The key is (item_id) now.");
      assertThat(deployment.tableNames("latest_")).containsExactly("latest_old");
      assertThat(deployment.tableNames("history_")).containsExactly("history_old");
      deployment.requireEqual("old", "item_id", "v");

      deployment.database.execute(
          "DELETE FROM lost WHERE v = 'again'", "ALTER TABLE lost ADD PRIMARY KEY (id)");
      deployment.drain();
      deployment.requireEqual("lost", "id", "v");
    }
  }

  private static void requireRight(Deployment deployment, Case c) {
    assertThat(deployment.query("SELECT n, v FROM history.latest_" + c.table))
        .as(c.table)
        .containsExactlyInAnyOrderElementsOf(
            deployment.database.query("SELECT n::text, v FROM " + c.table));
    Table raw = deployment.bigquery().getTable(Deployment.DATASET, "raw_" + c.table);
    TableConstraints constraints = raw.getTableConstraints();
    assertThat(String.join(", ", constraints.getPrimaryKey().getColumns()))
        .as("key of raw_%s", c.table)
        .isEqualTo(c.key);
    StandardTableDefinition definition = raw.getDefinition();
    assertThat(String.join(", ", definition.getClustering().getFields()))
        .as("clustering of raw_%s", c.table)
        .isEqualTo(c.key + ", _cdc_batch");
  }

  private static void requireRightHistory(Deployment deployment, Case c) {
    assertThat(
            deployment.query("SELECT n, v FROM history.history_" + c.table + " WHERE is_current"))
        .as("what history_%s takes for current", c.table)
        .containsExactlyInAnyOrderElementsOf(
            deployment.database.query("SELECT n::text, v FROM " + c.table));
  }
}
