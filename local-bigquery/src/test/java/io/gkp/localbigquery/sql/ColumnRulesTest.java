package io.gkp.localbigquery.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Default values, lengths and precisions of columns hold for whatever statement writes them. */
class ColumnRulesTest {
  private static Sandbox sandbox;

  @BeforeAll
  static void open(@TempDir Path directory) {
    sandbox = new Sandbox(directory);
    sandbox.run(
        "CREATE TABLE limited (id INT64, n NUMERIC(5, 2), s STRING(3), b BYTES(2),"
            + " l ARRAY<STRING(2)>, t STRUCT<x STRING(2)>, r ARRAY<STRUCT<x STRING(2)>>)");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "INSERT limited (n) VALUES (12345)",
        "INSERT limited (s) SELECT 'abcd'",
        "INSERT limited (b) VALUES (b'abc')",
        "INSERT limited (l) VALUES (['ab', 'abc'])",
        "INSERT limited (t) VALUES (STRUCT('abc'))",
        "INSERT limited (r) VALUES ([STRUCT('ab'), STRUCT('abc')])",
        "INSERT limited (id) VALUES (0); UPDATE limited SET s = 'abcd' WHERE id = 0",
        "MERGE limited USING (SELECT 'abcd' AS v) ON FALSE WHEN NOT MATCHED THEN INSERT (s) VALUES (v)",
        "CREATE TABLE too_long (s STRING(2)) AS SELECT 'abc' AS s",
      })
  void whatIsTooLongIsRefused(String statement) {
    sandbox.assertFails(statement, "invalidQuery");
  }

  @Test
  void valuesTakeTheColumnsScale() {
    sandbox.run("INSERT limited (id, n, t, r) VALUES (7, 1.239, STRUCT('xy'), [STRUCT('a')])");
    assertThat(sandbox.rows("SELECT n, t, r FROM limited WHERE id = 7"))
        .containsExactly(List.of(new BigDecimal("1.24"), List.of("xy"), List.of(List.of("a"))));
    sandbox.run("UPDATE limited SET n = 9.999 WHERE id = 7");
    assertThat(sandbox.rows("SELECT CAST(n AS STRING) FROM limited WHERE id = 7"))
        .containsExactly(List.of("10"));
    sandbox.run(
        "CREATE TABLE coerced (f FLOAT64, n NUMERIC(4, 1)) AS SELECT 1 AS f, NUMERIC '2.55' AS n");
    assertThat(sandbox.rows("SELECT f, CAST(n AS STRING) FROM coerced"))
        .containsExactly(List.of(1.0, "2.6"));
  }

  @Test
  void columnsWithoutAValueTakeTheirDefault() {
    sandbox.run(
        "CREATE TABLE d (id INT64, s STRING DEFAULT 'x', at_ TIMESTAMP DEFAULT CURRENT_TIMESTAMP())");
    sandbox.run("INSERT d (id) VALUES (1)");
    sandbox.run("INSERT d (id) SELECT 2");
    sandbox.run("INSERT d VALUES (3, DEFAULT, NULL)");
    sandbox.run("INSERT d (id, s) VALUES (4, NULL)");
    sandbox.run(
        "MERGE d USING (SELECT 5 AS id) AS n ON FALSE WHEN NOT MATCHED THEN INSERT (id) VALUES (id)");
    assertThat(sandbox.rows("SELECT id, s, at_ IS NULL FROM d ORDER BY id"))
        .containsExactly(
            List.of(1L, "x", false),
            List.of(2L, "x", false),
            List.of(3L, "x", true),
            Arrays.asList(4L, null, false),
            List.of(5L, "x", false));

    sandbox.run("ALTER TABLE d ALTER COLUMN s SET DEFAULT 'y'");
    sandbox.run("UPDATE d SET s = DEFAULT WHERE id = 4");
    assertThat(sandbox.rows("SELECT s FROM d WHERE id = 4")).containsExactly(List.of("y"));
    assertThat(
            sandbox.rows(
                "SELECT column_default FROM d.INFORMATION_SCHEMA.COLUMNS"
                    + " WHERE table_name = 'd' AND column_name IN ('id', 's') ORDER BY column_name"))
        .containsExactly(List.of("NULL"), List.of("'y'"));
    sandbox.run("ALTER TABLE d ALTER COLUMN s DROP DEFAULT");
    sandbox.run("INSERT d (id) VALUES (6)");
    assertThat(sandbox.rows("SELECT s FROM d WHERE id = 6"))
        .containsExactly(Arrays.asList((Object) null));
    sandbox.assertFails("ALTER TABLE d ADD COLUMN n INT64 DEFAULT 1", "invalidQuery");
  }

  @Test
  void keysAndDefinitionsAreViews() {
    sandbox.run(
        "CREATE TABLE keyed (id INT64 NOT NULL, day DATE, PRIMARY KEY (id, day) NOT ENFORCED)"
            + " PARTITION BY day CLUSTER BY id OPTIONS (description = 'a \"b\"')");
    assertThat(
            sandbox.rows(
                "SELECT constraint_name, constraint_type, column_name, k.ordinal_position"
                    + " FROM d.INFORMATION_SCHEMA.TABLE_CONSTRAINTS AS c"
                    + " JOIN d.INFORMATION_SCHEMA.KEY_COLUMN_USAGE AS k USING (constraint_name)"
                    + " WHERE c.table_name = 'keyed' ORDER BY 4"))
        .containsExactly(
            List.of("keyed.pk$", "PRIMARY KEY", "id", 1L),
            List.of("keyed.pk$", "PRIMARY KEY", "day", 2L));
    Object ddl =
        sandbox
            .rows("SELECT ddl FROM d.INFORMATION_SCHEMA.TABLES WHERE table_name = 'keyed'")
            .get(0)
            .get(0);
    assertThat(ddl)
        .isEqualTo(
            """
            CREATE TABLE `acme-prod.d.keyed`
            (
              id INT64 NOT NULL,
              day DATE,
              PRIMARY KEY (id, day) NOT ENFORCED
            )
            PARTITION BY day
            CLUSTER BY id
            OPTIONS(
              description="a \\"b\\""
            );""");
    sandbox.run("DROP TABLE keyed");
    sandbox.run((String) ddl);
    assertThat(sandbox.rows("SELECT COUNT(*) FROM keyed")).containsExactly(List.of(0L));
  }

  @Test
  void parametersOfRoutinesAreAView() {
    sandbox.run("CREATE FUNCTION f(x INT64, y ANY TYPE) RETURNS STRING AS (CONCAT(x, y))");
    assertThat(
            sandbox.rows(
                "SELECT ordinal_position, is_result, parameter_name, data_type"
                    + " FROM d.INFORMATION_SCHEMA.PARAMETERS ORDER BY 1"))
        .containsExactly(
            Arrays.asList(0L, "YES", null, "STRING"),
            List.of(1L, "NO", "x", "INT64"),
            List.of(2L, "NO", "y", "ANY TYPE"));
  }

  @Test
  void viewsNameColumnsThatTheirQueryDoesNot() {
    sandbox.run("CREATE VIEW named (a, b) AS SELECT 1, COUNT(*) FROM UNNEST([1, 2])");
    assertThat(sandbox.rows("SELECT b, a FROM named")).containsExactly(List.of(2L, 1L));
  }

  @Test
  void textsAreComparedByTheirCollation() {
    assertThat(
            sandbox.rows(
                "SELECT x FROM UNNEST(['a', 'B', 'b']) AS x WHERE COLLATE(x, 'und:ci') = 'b'"
                    + " ORDER BY x"))
        .containsExactly(List.of("B"), List.of("b"));
    assertThat(
            sandbox.rows(
                "SELECT COLLATE('a', 'und:ci') < 'B', COLLATE('a', 'und:ci') IN ('A'),"
                    + " STARTS_WITH(COLLATE('Abc', 'und:ci'), 'aB')"))
        .containsExactly(List.of(true, true, true));
    sandbox.assertFails("SELECT COLLATE('a', 'und:ci')", "notImplemented");
    sandbox.assertFails(
        "SELECT 1 FROM UNNEST(['a']) AS x GROUP BY COLLATE(x, 'und:ci')", "notImplemented");
  }

  @Test
  void foreignKeysAreKept() {
    sandbox.run("CREATE TABLE d.parent (a INT64, b INT64, PRIMARY KEY (a, b) NOT ENFORCED)");
    sandbox.run(
        "CREATE TABLE d.child (x INT64, y INT64, z INT64, CONSTRAINT xy FOREIGN KEY (x, y)"
            + " REFERENCES d.parent(a, b) NOT ENFORCED)");
    sandbox.run("ALTER TABLE d.child ADD FOREIGN KEY (z) REFERENCES d.parent(b) NOT ENFORCED");
    String keys =
        "SELECT constraint_name, column_name, ordinal_position"
            + " FROM d.INFORMATION_SCHEMA.KEY_COLUMN_USAGE WHERE table_name = 'child' ORDER BY 2";
    assertThat(sandbox.rows(keys))
        .containsExactly(
            List.of("child.xy", "x", 1L),
            List.of("child.xy", "y", 2L),
            List.of("child.fk$2", "z", 1L));
    assertThat(
            sandbox.rows(
                "SELECT column_name FROM d.INFORMATION_SCHEMA.CONSTRAINT_COLUMN_USAGE"
                    + " WHERE constraint_name = 'child.xy' ORDER BY 1"))
        .containsExactly(List.of("a"), List.of("b"));
    assertThat(
            (String)
                sandbox
                    .rows("SELECT ddl FROM d.INFORMATION_SCHEMA.TABLES WHERE table_name = 'child'")
                    .get(0)
                    .get(0))
        .contains("CONSTRAINT `xy` FOREIGN KEY (x, y) REFERENCES `acme-prod.d.parent`(a, b)");

    sandbox.run("ALTER TABLE d.child DROP CONSTRAINT xy");
    sandbox.run("ALTER TABLE d.child DROP CONSTRAINT IF EXISTS xy");
    sandbox.assertFails("ALTER TABLE d.child DROP CONSTRAINT xy", "invalidQuery");
    assertThat(sandbox.rows(keys)).containsExactly(List.of("child.fk$2", "z", 1L));
  }

  @Test
  void aColumnThatIsNotThereNeedNotBeRenamed() {
    sandbox.run("CREATE TABLE d.t (id INT64)");
    sandbox.run("ALTER TABLE d.t RENAME COLUMN IF EXISTS missing TO other");
    sandbox.assertFails("ALTER TABLE d.t RENAME COLUMN missing TO other", "invalidQuery");
  }
}
