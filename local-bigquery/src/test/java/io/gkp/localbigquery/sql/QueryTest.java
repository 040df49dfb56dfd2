package io.gkp.localbigquery.sql;

import static io.gkp.localbigquery.sql.Sandbox.row;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.api.services.bigquery.model.TableFieldSchema;
import io.gkp.localbigquery.sql.statement.StatementResult;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QueryTest {
  private final Sandbox sandbox;

  QueryTest(@TempDir Path directory) {
    this.sandbox = new Sandbox(directory);
  }

  @Test
  void elementsKeepTheirOrderThroughArraysOfArrays() {
    sandbox.run(
        "CREATE TABLE nested AS SELECT i, [STRUCT([i, 2, 3] AS v), STRUCT([4, 5])] AS a"
            + " FROM UNNEST(GENERATE_ARRAY(1, 3)) AS i");
    assertThat(
            sandbox.rows(
                "SELECT ARRAY(SELECT v FROM UNNEST(a) AS e, e.v),"
                    + " (SELECT STRING_AGG(CAST(v AS STRING), '') FROM UNNEST(a) AS e, e.v)"
                    + " FROM nested ORDER BY i"))
        .containsExactly(
            List.of(List.of(1L, 2L, 3L, 4L, 5L), "12345"),
            List.of(List.of(2L, 2L, 3L, 4L, 5L), "22345"),
            List.of(List.of(3L, 2L, 3L, 4L, 5L), "32345"));
    assertThat(
            sandbox.rows(
                "SELECT i, x, o FROM UNNEST([1, 2, 3]) AS i"
                    + " LEFT JOIN UNNEST(IF(i = 2, [], [NULL, i])) AS x WITH OFFSET AS o"
                    + " ORDER BY i, o"))
        .containsExactly(
            Arrays.asList(1L, null, 0L),
            Arrays.asList(1L, 1L, 1L),
            Arrays.asList(2L, null, null),
            Arrays.asList(3L, null, 0L),
            Arrays.asList(3L, 3L, 1L));
  }

  @Test
  void tablesOfOnePrefixAreReadAsOne() {
    sandbox.table("e_1", "id INT64", row(1L));
    sandbox.table("e_2", "id INT64, s STRING", row(2L, "x"));
    assertThat(sandbox.rows("SELECT *, _TABLE_SUFFIX FROM `d.e_*` ORDER BY id"))
        .containsExactly(Arrays.asList(1L, null, "1"), List.of(2L, "x", "2"));
    assertThat(sandbox.rows("SELECT * FROM `d.e_*` WHERE _TABLE_SUFFIX > '1'"))
        .containsExactly(List.of(2L, "x"));
    sandbox.assertFails("SELECT * FROM `d.none_*`", "invalid");
    sandbox.view("e_3", "SELECT 1 AS id");
    sandbox.assertFails("SELECT id FROM `d.e_*`", "invalid");
  }

  @Test
  void patternsComeFromASubquery() {
    sandbox.table("t", "s STRING", row("apple"), row("bee"), row((Object) null));
    sandbox.table("p", "pattern STRING", row("a%"), row("%z"));
    String select = "SELECT s, s LIKE ANY (SELECT pattern FROM p), s NOT LIKE ALL ( WITH q AS";
    assertThat(
            sandbox.rows(
                select
                    + " (SELECT '%e' AS x) SELECT x FROM q), 'a' like some"
                    + " (SELECT pattern FROM p WHERE FALSE) FROM t ORDER BY s"))
        .containsExactly(
            Arrays.asList(null, null, null, false),
            Arrays.asList("apple", true, false, false),
            Arrays.asList("bee", false, false, false));
  }

  @Test
  void aTableGoesByManyNames() {
    sandbox.table("t", "id INT64, s STRING", row(1L, "a"));
    for (String name :
        List.of(
            "t",
            "d.t",
            "acme-prod.d.t",
            "`acme-prod.d.t`",
            "`acme-prod`.d.t",
            "`acme-prod`.`d`.`t`",
            "`d.t`",
            "`acme-prod.d`.t")) {
      assertThat(sandbox.rows("SELECT t.id, s FROM " + name))
          .as(name)
          .containsExactly(List.of(1L, "a"));
    }
  }

  /** Were each put in the place of its name, the table would be read 65,536 times. */
  @Test
  void aViewIsReadOnceHoweverManyReadIt() {
    sandbox.table("t", "n INT64", row(1L));
    sandbox.view("v0", "SELECT n FROM d.t");
    for (int i = 1; i < 16; i++) {
      String before = "d.v" + (i - 1);
      sandbox.view(
          "v" + i,
          "SELECT (SELECT MAX(n) FROM %s) + (SELECT MIN(n) FROM %s) AS n"
              .formatted(before, before));
    }
    assertThat(sandbox.rows("SELECT a.n + b.n FROM v15 AS a JOIN v15 AS b USING (n)"))
        .containsExactly(List.of(65_536L));
  }

  @Test
  void viewsAreReadBesideCommonTablesAndFunctions() {
    sandbox.table("t", "n INT64", row(1L), row(2L));
    sandbox.view("v", "WITH x AS (SELECT n AS m FROM d.t) SELECT m FROM x -- the end");
    for (String query :
        List.of(
            "WITH v2 AS (SELECT m FROM v) SELECT * FROM v2 JOIN v USING (m)",
            "-- WITH\nWITH /* none */ RECURSIVE r AS (SELECT 1 AS m UNION ALL"
                + " SELECT r.m + 1 FROM r JOIN v ON r.m = v.m WHERE r.m < 2) SELECT m FROM r",
            "(WITH `with` AS (SELECT m FROM v) SELECT m FROM `with`) UNION ALL"
                + " (SELECT v.m FROM v WHERE FALSE)",
            "SELECT w.m FROM d.v AS w, `d.v` WHERE w.m = v.m",
            "CREATE TEMP FUNCTION most() AS ((SELECT MAX(m) FROM v));"
                + " SELECT m FROM v WHERE m <= most()",
            "SELECT m FROM (SELECT v FROM v), UNNEST([v.m]) AS m")) {
      assertThat(sandbox.rows(query)).as(query).containsExactlyInAnyOrder(List.of(1L), List.of(2L));
    }
  }

  @Test
  void columnsWithoutANameAreNumbered() {
    assertThat(sandbox.run("SELECT 1, 2 AS two, 'x'").schema().getFields())
        .extracting(TableFieldSchema::getName, TableFieldSchema::getType)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("f0_", "INTEGER"),
            org.assertj.core.groups.Tuple.tuple("two", "INTEGER"),
            org.assertj.core.groups.Tuple.tuple("f1_", "STRING"));
  }

  @Test
  void onlyColumnsThatTheResultDependsOnAreRead() {
    sandbox.table("t", "id INT64, s STRING, wide STRING", row(1L, "a", "w"), row(2L, "b", "w"));
    sandbox.view("v", "SELECT *, UPPER(wide) AS shouted FROM d.t WHERE id > 0");
    StatementResult result =
        sandbox.run(
            "WITH all_of_it AS (SELECT * FROM v), same AS (SELECT * FROM all_of_it)"
                + " SELECT s FROM same ORDER BY s");
    assertThat(Sandbox.values(result)).containsExactly(row("a"), row("b"));
    long idAndS = 8 + 3;
    assertThat(result.bytesProcessed()).isEqualTo(2 * idAndS);
  }

  @Test
  void viewsAreSeenThroughToTheTablesUnderThem() {
    sandbox.table("t", "id INT64, s STRING", row(1L, "a"), row(2L, "b"));
    sandbox.view("v1", "SELECT id, s FROM d.t -- all of it");
    sandbox.view("v2", "SELECT id + 10 AS id, v1.s FROM `acme-prod.d.v1`");
    StatementResult result =
        sandbox.run("SELECT x.id, v2.s FROM v2 AS x JOIN v2 USING (id) ORDER BY 1");
    assertThat(Sandbox.values(result)).containsExactly(row(11L, "a"), row(12L, "b"));
    assertThat(result.referencedTables())
        .extracting(table -> table.getTableId())
        .containsExactly("v2", "v1", "t");
  }

  @Test
  void columnsThatARecursionOnlyCarriesAreNotRead() {
    sandbox.table(
        "t",
        "id INT64, parent INT64, wide STRING, name STRING",
        row(1L, null, "w", "root"),
        row(2L, 1L, "w", "child"),
        row(3L, 2L, "w", "leaf"));
    StatementResult result =
        sandbox.run(
            """
                WITH RECURSIVE
                  tree AS (
                    SELECT id, wide, name, 0 AS depth FROM all_of_it WHERE parent IS NULL
                    UNION ALL
                    SELECT a.id, a.wide, a.name, depth + 1
                    FROM all_of_it AS a
                    INNER JOIN tree ON a.parent = tree.id
                  ),
                  all_of_it AS (SELECT * FROM t)
                SELECT name, depth FROM tree ORDER BY depth
                """);
    assertThat(Sandbox.values(result))
        .containsExactly(row("root", 0L), row("child", 1L), row("leaf", 2L));
    long idParentAndName = (8 + 6) + (8 + 8 + 7) + (8 + 8 + 6);
    assertThat(result.bytesProcessed()).isEqualTo(idParentAndName);
  }

  @Test
  void structsWithUnnamedFieldsAreConverted() {
    assertThat(
            sandbox.rows(
                "SELECT s.a, s.b FROM (SELECT STRUCT(1 AS a, 2.5 AS b) AS s"
                    + " UNION ALL SELECT STRUCT(NULL, 2) UNION ALL SELECT (3, 4)) ORDER BY a"))
        .containsExactly(Arrays.asList(null, 2.0), List.of(1L, 2.5), List.of(3L, 4.0));
  }

  @Test
  void aCollationOrdersLettersBeforeAccentsAndCasesNotAtAll() {
    String order = "SELECT ARRAY_AGG(i ORDER BY s COLLATE %s, i) FROM UNNEST(";
    String words = "['b', 'A', 'a', 'á', 'Ab', 'B', 'aB', '', NULL]) AS s WITH OFFSET AS i";
    assertThat(sandbox.rows(order.formatted("'und:ci'") + words))
        .containsExactly(List.of(List.of(8L, 7L, 1L, 2L, 3L, 4L, 6L, 0L, 5L)));
    assertThat(sandbox.rows(order.formatted("'binary'") + words))
        .containsExactly(List.of(List.of(8L, 7L, 1L, 4L, 5L, 2L, 6L, 0L, 3L)));
    sandbox
        .assertFails("SELECT s FROM UNNEST(['b']) AS s ORDER BY s COLLATE 'de'", "notImplemented")
        .hasMessage("The local BigQuery does not implement COLLATE 'de'.");
  }

  @Test
  void rangesAreOrderedByTheirStartsThenTheirEnds() {
    String rows =
        "(SELECT i, RANGE(s, e) AS r FROM UNNEST([STRUCT(4 AS i, TIMESTAMP '2024-02-29 00:00:00.5+00'"
            + " AS s, TIMESTAMP '2024-03-01 00:00:00+00' AS e), (3, '2024-02-29', NULL),"
            + " (1, NULL, '2024-03-01'), (2, '2024-02-29', '2024-03-01')])"
            + " UNION ALL SELECT 0, CAST(NULL AS RANGE<TIMESTAMP>))";
    assertThat(
            sandbox.rows(
                "SELECT ARRAY_AGG(i ORDER BY r), ARRAY_AGG(i ORDER BY r DESC) FROM %s"
                    .formatted(rows)))
        .containsExactly(List.of(List.of(0L, 1L, 2L, 3L, 4L), List.of(4L, 3L, 2L, 1L, 0L)));
    assertThat(
            sandbox.rows(
                "SELECT RANGE_START(MIN(r)) IS NULL, STRING(RANGE_START(MAX(r))) FROM %s"
                    .formatted(rows)))
        .containsExactly(List.of(true, "2024-02-29 00:00:00.500+00"));
    assertThat(
            sandbox.rows(
                "SELECT i, RANGE_START(MIN(r) OVER (ORDER BY i ROWS 1 PRECEDING)) IS NULL FROM %s"
                        .formatted(rows)
                    + " WHERE i > 0 ORDER BY i"))
        .containsExactly(
            List.of(1L, true), List.of(2L, true), List.of(3L, false), List.of(4L, false));
  }

  @Test
  void rowsThatAreWrittenOutKeepTheirOrder() {
    String rows =
        "(SELECT 1 AS i UNION ALL SELECT 4 UNION ALL (SELECT 3 UNION ALL SELECT 2) UNION ALL SELECT 5)";
    assertThat(
            sandbox.rows(
                "WITH t AS %s SELECT ARRAY_AGG(i), ARRAY(SELECT i FROM t),".formatted(rows)
                    + " STRING_AGG(CAST(i AS STRING)) FROM t"))
        .containsExactly(
            List.of(List.of(1L, 4L, 3L, 2L, 5L), List.of(1L, 4L, 3L, 2L, 5L), "1,4,3,2,5"));
    assertThat(
            sandbox.rows(
                "SELECT ARRAY_AGG(i) FROM %s GROUP BY MOD(i, 2) ORDER BY MIN(i)".formatted(rows)))
        .containsExactly(List.of(List.of(1L, 3L, 5L)), List.of(List.of(4L, 2L)));
  }

  @Test
  void countingReadsNoColumns() {
    sandbox.table("t", "id INT64, s STRING", row(1L, "a"), row(2L, "b"));
    StatementResult result = sandbox.run("SELECT COUNT(*) FROM t");
    assertThat(Sandbox.values(result)).containsExactly(row(2L));
    assertThat(result.bytesProcessed()).isZero();
  }

  @Test
  void queriesRunSideBySide() {
    sandbox.table("t", "id INT64", row(0L), row(1L), row(2L), row(3L));
    List<List<Object[]>> results =
        IntStream.range(0, 16)
            .parallel()
            .mapToObj(
                i -> Sandbox.values(sandbox.run("SELECT id FROM t WHERE id = MOD(" + i + ", 4)")))
            .toList();
    for (int i = 0; i < results.size(); i++) {
      assertThat(results.get(i)).containsExactly(row((long) i % 4));
    }
  }
}
