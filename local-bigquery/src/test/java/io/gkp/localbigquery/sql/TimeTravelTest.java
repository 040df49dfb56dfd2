package io.gkp.localbigquery.sql;

import static io.gkp.localbigquery.sql.Sandbox.row;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.api.services.bigquery.model.QueryParameter;
import com.google.api.services.bigquery.model.QueryParameterType;
import com.google.api.services.bigquery.model.QueryParameterValue;
import io.gkp.localbigquery.sql.statement.StatementResult;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TimeTravelTest {
  @TempDir static Path directory;
  private static Sandbox sandbox;

  @BeforeAll
  static void open() {
    sandbox = new Sandbox(directory);
  }

  @AfterEach
  void empty() {
    sandbox.warehouse.deleteDataset(Sandbox.PROJECT, "d", true);
    sandbox.dataset("d");
  }

  private String now() {
    Instant now = (Instant) sandbox.rows("SELECT CURRENT_TIMESTAMP()").get(0).get(0);
    return "TIMESTAMP '" + now + "'";
  }

  private List<Object> ids(String table, String time) {
    return sandbox
        .rows("SELECT id FROM " + table + " FOR SYSTEM_TIME AS OF " + time + " ORDER BY id")
        .stream()
        .map(row -> row.get(0))
        .toList();
  }

  @Test
  void everyStateCanBeReadWhateverChangedTheTable() {
    sandbox.table("t", "id INT64, name STRING", row(1L, "a"), row(2L, "b"));
    sandbox.table("u", "id INT64, name STRING", row(2L, "u"), row(9L, "n"));
    Map<String, List<List<Object>>> states = new LinkedHashMap<>();
    List<String> changes =
        List.of(
            "INSERT INTO t VALUES (3, 'c')",
            "UPDATE t SET name = 'z' WHERE id = 1",
            "INSERT INTO t SELECT id + 100, 'many' FROM UNNEST(GENERATE_ARRAY(1, 5000)) AS id",
            "DELETE FROM t WHERE id BETWEEN 150 AND 4000",
            "INSERT INTO t VALUES (4, 'd')",
            "MERGE t USING u ON t.id = u.id WHEN MATCHED THEN UPDATE SET name = u.name"
                + " WHEN NOT MATCHED THEN INSERT ROW",
            "ALTER TABLE t ADD COLUMN more INT64",
            "INSERT INTO t VALUES (5, 'e', 7)",
            "ALTER TABLE t ALTER COLUMN more SET DATA TYPE NUMERIC",
            "ALTER TABLE t RENAME COLUMN more TO less",
            "ALTER TABLE t DROP COLUMN less",
            "TRUNCATE TABLE t",
            "INSERT INTO t VALUES (6, 'f')",
            "CREATE OR REPLACE TABLE t AS SELECT 7 AS id, 'g' AS name, 1.5 AS more",
            "BEGIN TRANSACTION; INSERT INTO t VALUES (8, 'h', 0); DELETE FROM t WHERE id = 7;"
                + " UPDATE t SET more = 3 WHERE TRUE; COMMIT TRANSACTION",
            "BEGIN TRANSACTION; TRUNCATE TABLE t; COMMIT TRANSACTION",
            "INSERT INTO t VALUES (9, 'i', 0)",
            "CREATE OR REPLACE TABLE t (name STRING)");
    for (String change : changes) {
      states.put(now(), sandbox.rows("SELECT * FROM t ORDER BY 1"));
      sandbox.run(change);
    }
    requireStates(states);
    // The same again by another process.
    sandbox = new Sandbox(sandbox, directory);
    requireStates(states);
  }

  /** Rows of t by the times at which it had them. */
  private void requireStates(Map<String, List<List<Object>>> states) {
    states.forEach(
        (time, rows) ->
            assertThat(
                    sandbox.rows("SELECT * FROM t FOR SYSTEM_TIME AS OF " + time + " ORDER BY 1"))
                .as(time)
                .isEqualTo(rows));
  }

  @Test
  void aTableIsJoinedWithWhatItWas() {
    sandbox.table("t", "id INT64", row(1L), row(2L));
    String before = now();
    sandbox.run("DELETE FROM t WHERE id = 1");
    assertThat(
            sandbox.rows(
                "SELECT t.id FROM d.t FOR SYSTEM_TIME AS OF "
                    + before
                    + " LEFT JOIN t AS n USING (id) WHERE n.id IS NULL"))
        .containsExactly(List.of(1L));
    sandbox.run(
        "INSERT INTO t SELECT p.id FROM `acme-prod.d.t` AS p FOR SYSTEM_TIME AS OF "
            + before
            + " WHERE p.id NOT IN (SELECT id FROM t)");
    assertThat(sandbox.rows("SELECT id FROM t ORDER BY id"))
        .containsExactly(List.of(1L), List.of(2L));
    assertThat(sandbox.run("SELECT id FROM t FOR SYSTEM_TIME AS OF " + before).referencedTables())
        .containsExactly(Sandbox.reference("t"));
  }

  @Test
  void theTimeIsAnyConstant() {
    sandbox.table("t", "id INT64", row(1L));
    String before = now();
    sandbox.run("DELETE FROM t WHERE TRUE");
    String text = before.replaceAll("[^']*'(.*)'", "$1");
    QueryParameter named =
        new QueryParameter()
            .setName("time")
            .setParameterType(new QueryParameterType().setType("TIMESTAMP"))
            .setParameterValue(new QueryParameterValue().setValue(text));
    String select = "SELECT COUNT(*) FROM t FOR SYSTEM_TIME AS OF ";
    assertThat(sandbox.rows(select + "@time", named)).containsExactly(List.of(1L));
    QueryParameter first =
        new QueryParameter()
            .setParameterType(new QueryParameterType().setType("INT64"))
            .setParameterValue(new QueryParameterValue().setValue("1"));
    assertThat(
            sandbox.rows(
                "SELECT COUNT(*) + ? FROM t FOR SYSTEM_TIME AS OF ? WHERE id = ?",
                first,
                named.clone().setName(null),
                first))
        .containsExactly(List.of(2L));
    assertThat(sandbox.rows(select + "'" + text + "'")).containsExactly(List.of(1L));
    assertThat(
            sandbox.rows("DECLARE moment TIMESTAMP DEFAULT " + before + "; " + select + "moment"))
        .containsExactly(List.of(1L));
    assertThat(sandbox.rows(select + "TIMESTAMP_ADD(" + before + ", INTERVAL 0 HOUR)"))
        .containsExactly(List.of(1L));
    sandbox.run("CREATE VIEW v AS SELECT id FROM d.t FOR SYSTEM_TIME AS OF " + before);
    assertThat(sandbox.rows("SELECT id FROM v")).containsExactly(List.of(1L));
    sandbox.assertFails(select + "DATE '2024-01-01'", "invalidQuery");
    sandbox.assertFails("SELECT 1 FROM v FOR SYSTEM_TIME AS OF " + before, "notImplemented");
    sandbox
        .assertFails("SELECT 1 FROM gone FOR SYSTEM_TIME AS OF " + before, "notFound")
        .hasMessageStartingWith("Not found: Table acme-prod:d.gone was not found");
  }

  @Test
  void whatWasLostIsCopiedBack() {
    sandbox.table("t", "id INT64", row(1L));
    String before = now();
    sandbox.run("CREATE OR REPLACE TABLE t AS SELECT 'other' AS text");
    sandbox.run("CREATE TABLE cloned CLONE t FOR SYSTEM_TIME AS OF " + before);
    sandbox.run("CREATE TABLE copied COPY d.t FOR SYSTEM_TIME AS OF " + before);
    sandbox.run(
        "CREATE SNAPSHOT TABLE snapped CLONE t FOR SYSTEM_TIME AS OF "
            + before
            + " OPTIONS (description = 'as it was')");
    for (String name : List.of("cloned", "copied", "snapped")) {
      assertThat(sandbox.rows("SELECT * FROM " + name)).containsExactly(List.of(1L));
    }
    var snapped = sandbox.warehouse.table(Sandbox.reference("snapped")).orElseThrow();
    assertThat(snapped.getDescription()).isEqualTo("as it was");
    assertThat(snapped.getSnapshotDefinition().getBaseTableReference())
        .isEqualTo(Sandbox.reference("t"));
    sandbox.run("DROP TABLE t");
    sandbox.assertFails("SELECT * FROM t FOR SYSTEM_TIME AS OF " + before, "notFound");
    sandbox.run("CREATE TABLE t AS SELECT 3 AS id");
    assertThat(ids("t", before)).containsExactly(1L);
  }

  @Test
  void aTransactionReadsWhatWasBeforeIt() {
    sandbox.table("t", "id INT64", row(1L), row(2L));
    String before = now();
    String count =
        "SET counts = ARRAY_CONCAT(counts, [(SELECT COUNT(*) FROM t FOR SYSTEM_TIME AS OF "
            + before
            + ")]); ";
    assertThat(
            sandbox.rows(
                "DECLARE counts ARRAY<INT64> DEFAULT []; BEGIN TRANSACTION; INSERT INTO t VALUES"
                    + " (3); "
                    + count
                    + "DELETE FROM t WHERE id < 3; "
                    + count
                    + "COMMIT TRANSACTION; "
                    + count
                    + "SELECT counts"))
        .containsExactly(List.of(List.of(2L, 2L, 2L)));
    assertThat(ids("t", now())).containsExactly(3L);
  }

  @Test
  void aChangeThatIsRolledBackLeavesNoState() {
    sandbox.table("t", "id INT64", row(1L));
    String before = now();
    sandbox.run("BEGIN TRANSACTION; DELETE FROM t WHERE TRUE; ROLLBACK TRANSACTION");
    String between = now();
    sandbox.run("INSERT INTO t VALUES (2)");
    sandbox.run("DELETE FROM t WHERE id = 5");
    assertThat(ids("t", before)).containsExactly(1L);
    assertThat(ids("t", between)).containsExactly(1L);
    assertThat(ids("t", now())).containsExactly(1L, 2L);
  }

  @Test
  void partitionsThatAreGoneCanBeRead() {
    sandbox.run(
        "CREATE TABLE p (d DATE) PARTITION BY d"
            + " AS SELECT d FROM UNNEST([DATE '2024-01-01', DATE '2024-01-02']) AS d");
    sandbox.run("CREATE TABLE i (id INT64) PARTITION BY _PARTITIONDATE");
    sandbox.run("INSERT INTO i (id) VALUES (1)");
    String before = now();
    sandbox.warehouse.deleteTable(Sandbox.reference("p$20240101"));
    sandbox.run("UPDATE i SET id = 2 WHERE TRUE");
    StatementResult past =
        sandbox.run("SELECT d FROM p FOR SYSTEM_TIME AS OF " + before + " WHERE d < '2024-01-02'");
    assertThat(Sandbox.values(past)).hasSize(1);
    assertThat(past.bytesProcessed()).isEqualTo(8);
    assertThat(sandbox.rows("SELECT COUNT(*) FROM p")).containsExactly(List.of(1L));
    assertThat(
            sandbox.rows(
                "SELECT id, _PARTITIONTIME IS NOT NULL FROM i FOR SYSTEM_TIME AS OF " + before))
        .containsExactly(List.of(1L, true));
  }

  @Test
  void whoMaySeeSomeRowsMaySeeThoseOfThePast() {
    sandbox.table("t", "id INT64", row(1L), row(2L));
    String before = now();
    sandbox.run("DELETE FROM t WHERE TRUE");
    sandbox.run(
        "CREATE ROW ACCESS POLICY two ON t GRANT TO ('allAuthenticatedUsers')"
            + " FILTER USING (t.id = 2)");
    assertThat(ids("t", before)).containsExactly(2L);
  }

  @Test
  void aRenamedTableTakesItsPastWithIt() {
    sandbox.table("t", "id INT64", row(1L));
    String before = now();
    sandbox.run("INSERT INTO t VALUES (2)");
    sandbox.run("ALTER TABLE t RENAME TO u");
    sandbox.run("DELETE FROM u WHERE id = 1");
    assertThat(ids("u", before)).containsExactly(1L);
    assertThat(ids("u", now())).containsExactly(2L);
  }

  @Test
  void thePastEndsWithTheWindowAndTheTable() {
    sandbox.table("t", "id INT64", row(1L));
    List<String> messages = new ArrayList<>();
    Stream.of(
            "TIMESTAMP_ADD(CURRENT_TIMESTAMP(), INTERVAL 1 HOUR)",
            "TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 8 DAY)",
            "TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 1 DAY)")
        .forEach(
            time ->
                sandbox
                    .assertFails("SELECT 1 FROM t FOR SYSTEM_TIME AS OF " + time, "invalidQuery")
                    .satisfies(e -> messages.add(e.getMessage())));
    assertThat(messages.get(0)).contains("Cannot read in the future.");
    assertThat(messages.subList(1, 3))
        .allMatch(
            message ->
                message.matches(
                    "Invalid snapshot time (\\d+) for table acme-prod:d.t@\\1\\. Cannot read before"
                        + " \\d+\\..*"));
  }
}
