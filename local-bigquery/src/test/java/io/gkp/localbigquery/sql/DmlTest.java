package io.gkp.localbigquery.sql;

import static io.gkp.localbigquery.sql.Sandbox.row;
import static org.assertj.core.api.Assertions.assertThat;

import io.gkp.localbigquery.sql.statement.RowCounts;
import io.gkp.localbigquery.sql.statement.StatementResult;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DmlTest {
  private final Sandbox sandbox;

  DmlTest(@TempDir Path directory) {
    this.sandbox = new Sandbox(directory);
  }

  private void threeRows() {
    sandbox.table(
        "t",
        "id INT64, s STRING, f FLOAT64",
        row(1L, "a", 0.5),
        row(2L, "b", null),
        row(3L, "c", 3.0));
  }

  @Test
  void elementsOfAnArrayAreMerged() {
    sandbox.table("m", "id INT64, v STRING", row(1L, "a"), row(2L, "b"));
    sandbox.run(
        "MERGE m USING UNNEST([2, 3]) AS k ON m.id = k WHEN MATCHED THEN DELETE"
            + " WHEN NOT MATCHED THEN INSERT (id, v) VALUES (k, 'new')");
    sandbox.run(
        "MERGE m USING UNNEST([STRUCT(1 AS id, 'c' AS v)]) AS e ON m.id = e.id"
            + " WHEN MATCHED THEN UPDATE SET v = e.v");
    assertThat(sandbox.rows("SELECT * FROM m ORDER BY id"))
        .containsExactly(List.of(1L, "c"), List.of(3L, "new"));
  }

  @Test
  void valuesAreInsertedAsTheTypesOfTheColumns() {
    sandbox.table("t", "id INT64, n NUMERIC, day DATE, tags STRING[], s STRING");
    StatementResult result =
        sandbox.run(
            "INSERT INTO `acme-prod.d.t` (n, id, day, tags)"
                + " VALUES (1, 2, '2026-02-03', ['x']), (1.5, (SELECT 3), NULL, []),"
                + " (NULL, 4, DEFAULT, NULL)");
    assertThat(result.statementType()).isEqualTo("INSERT");
    assertThat(result.affectedRows()).isEqualTo(3);
    assertThat(sandbox.stored("t"))
        .containsExactly(
            Arrays.asList(2L, new BigDecimal("1"), LocalDate.of(2026, 2, 3), List.of("x"), null),
            Arrays.asList(3L, new BigDecimal("1.5"), null, List.of(), null),
            Arrays.asList(4L, null, null, List.of(), null));
  }

  @Test
  void aQueryIsInsertedAsTheTypesOfTheColumns() {
    threeRows();
    sandbox.run("INSERT t SELECT id + 10, s || '!', id FROM d.t WHERE id < 3 ORDER BY id");
    sandbox.run("INSERT INTO t (id) WITH x AS (SELECT 7 AS y) SELECT y FROM x");
    assertThat(sandbox.stored("t"))
        .containsExactly(
            List.of(1L, "a", 0.5),
            Arrays.asList(2L, "b", null),
            List.of(3L, "c", 3.0),
            List.of(11L, "a!", 1.0),
            List.of(12L, "b!", 2.0),
            Arrays.asList(7L, null, null));
  }

  @Test
  void anUpdateSetsWhatItNamesInTheRowsThatItFinds() {
    threeRows();
    StatementResult result =
        sandbox.run(
            "UPDATE d.t SET f = x.id, s = CONCAT(x.s, s) AS x"
                    .replace(" AS x", "")
                    .replace("d.t SET", "d.t AS x SET")
                + " WHERE (id = 1) OR (x.id = 3 AND (f IS NOT NULL))");
    assertThat(result.affectedRows()).isEqualTo(2);
    assertThat(sandbox.stored("t"))
        .containsExactly(
            List.of(1L, "aa", 1.0), Arrays.asList(2L, "b", null), List.of(3L, "cc", 3.0));
  }

  @Test
  void anUpdateMayReadOtherTables() {
    threeRows();
    sandbox.table("names", "k INT64, name STRING", row(1L, "one"), row(3L, "three"));
    assertThat(
            sandbox
                .run("UPDATE t SET s = names.name FROM names WHERE t.id = names.k AND t.id > 1")
                .affectedRows())
        .isEqualTo(1);
    assertThat(sandbox.rows("SELECT s FROM t ORDER BY id"))
        .containsExactly(List.of("a"), List.of("b"), List.of("three"));
    sandbox.run("INSERT names VALUES (3, 'again')");
    sandbox
        .assertFails("UPDATE t SET s = name FROM names WHERE id = k", "invalidQuery")
        .hasMessageContaining("at most one source row");
  }

  @Test
  void fieldsOfStructsCanBeSet() {
    sandbox.run("CREATE TABLE t (id INT64, p STRUCT<a INT64, q STRUCT<b STRING, c STRING>>)");
    sandbox.run("INSERT t VALUES (1, (1, ('b', 'c'))), (2, NULL)");
    sandbox.run("UPDATE t SET p.q.b = 'new', t.p.a = 7 WHERE id = 1");
    assertThat(sandbox.stored("t"))
        .containsExactly(List.of(1L, List.of(7L, List.of("new", "c"))), Arrays.asList(2L, null));
  }

  @Test
  void aDeleteRemovesWhatItFinds() {
    threeRows();
    assertThat(sandbox.run("DELETE FROM t AS x WHERE x.f IS NULL OR id = 1").affectedRows())
        .isEqualTo(2);
    assertThat(sandbox.stored("t")).containsExactly(List.of(3L, "c", 3.0));
    assertThat(sandbox.run("DELETE t WHERE id IN (SELECT MAX(id) FROM d.t)").affectedRows())
        .isEqualTo(1);
    assertThat(sandbox.stored("t")).isEmpty();
  }

  @Test
  void aMergeInsertsUpdatesAndDeletes() {
    threeRows();
    sandbox.table(
        "changes",
        "k INT64, op STRING, v STRING",
        row(1L, "u", "A"),
        row(2L, "d", null),
        row(9L, "u", "new"),
        row(8L, "d", null));
    StatementResult result =
        sandbox.run(
            """
            MERGE INTO `acme-prod.d.t` AS t
            USING (SELECT * FROM d.changes) AS c
            ON t.id = c.k
            WHEN MATCHED AND c.op = 'd' THEN DELETE
            WHEN MATCHED THEN UPDATE SET s = c.v, f = t.f + 1
            WHEN NOT MATCHED BY TARGET AND (c.op) = 'u' THEN INSERT (id, s) VALUES (k, UPPER(v))
            WHEN NOT MATCHED BY SOURCE AND t.id = 3 THEN UPDATE SET s = 'gone'
            """);
    assertThat(result.statementType()).isEqualTo("MERGE");
    assertThat(result.referencedTables()).contains(Sandbox.reference("t"));
    assertThat(result.affected()).isEqualTo(new RowCounts(1, 2, 1));
    assertThat(sandbox.stored("t"))
        .containsExactly(
            List.of(1L, "A", 1.5), List.of(3L, "gone", 3.0), Arrays.asList(9L, "NEW", null));
  }

  @Test
  void aMergeCanReplaceASlice() {
    threeRows();
    sandbox.table("fresh", "id INT64, s STRING, f FLOAT64", row(2L, "z", 1.0));
    assertThat(
            sandbox
                .run(
                    "MERGE t USING fresh ON FALSE WHEN NOT MATCHED THEN INSERT ROW"
                        + " WHEN NOT MATCHED BY SOURCE AND id > 1 THEN DELETE")
                .affectedRows())
        .isEqualTo(3);
    assertThat(sandbox.stored("t")).containsExactly(List.of(1L, "a", 0.5), List.of(2L, "z", 1.0));
  }

  @Test
  void aMergeThatWouldChangeARowTwiceChangesNothing() {
    threeRows();
    sandbox.table("twice", "id INT64", row(1L), row(1L));
    sandbox
        .assertFails(
            "MERGE t USING twice AS s ON t.id = s.id WHEN MATCHED THEN UPDATE SET s = 'x'",
            "invalidQuery")
        .hasMessage("UPDATE/MERGE must match at most one source row for each target row");
    assertThat(sandbox.rows("SELECT s FROM t WHERE id = 1")).containsExactly(List.of("a"));
  }

  @Test
  void requiredFieldsTakeNoNull() {
    sandbox.run("CREATE TABLE r (id INT64 NOT NULL)");
    sandbox
        .assertFails("INSERT r VALUES (1), (NULL)", "invalidQuery")
        .hasMessage("Required field id cannot be null");
    assertThat(sandbox.stored("r")).isEmpty();
  }

  @Test
  void parametersKeepTheirPlaces() {
    threeRows();
    sandbox.run(
        "UPDATE t SET s = ? WHERE id = ? AND s != '?'",
        ValuesTest.parameter(null, "STRING", "set"),
        ValuesTest.parameter(null, "INT64", "2"));
    assertThat(sandbox.rows("SELECT id FROM t WHERE s = 'set'")).containsExactly(List.of(2L));
  }

  @Test
  void viewsCannotBeChanged() {
    threeRows();
    sandbox.view("v", "SELECT * FROM d.t");
    sandbox.assertFails("DELETE v WHERE TRUE", "invalidQuery").hasMessageContaining("not a table");
  }
}
