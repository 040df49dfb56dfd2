package io.gkp.localbigquery.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whole queries give the same rows here as in ZetaSQL's own reference engine, which shares the
 * analyzer with the server and nothing else. {@link FunctionTableTest} does the same for functions.
 */
class SecondOracleTest {
  /** Rows with NULLs, ties, NaN, arrays and times. */
  private static final String ROWS =
      """
      WITH t AS (
        SELECT * FROM UNNEST([
          STRUCT(1 AS id, 'a' AS k, 1.5 AS f, NUMERIC '2.25' AS n, DATE '2024-02-29' AS d,
            TIMESTAMP '2024-03-31 01:30:00.5+00' AS ts, [3, 1] AS xs),
          (2, 'b', CAST('nan' AS FLOAT64), NULL, DATE '1969-12-31', NULL, []),
          (3, 'a', -1.5, NUMERIC '-0.000000001', NULL, TIMESTAMP '1969-12-31 23:59:59.999999+00', [2]),
          (4, NULL, NULL, NUMERIC '2.25', DATE '2024-02-29', TIMESTAMP '2024-03-31 02:30:00+00', [1, 1]),
          (5, 'ä€😀', CAST('-inf' AS FLOAT64), NUMERIC '100', DATE '9999-12-31', NULL, [9])]))
      """;

  private static Sandbox sandbox;

  @BeforeAll
  static void open(@TempDir Path directory) {
    sandbox = new Sandbox(directory);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT * FROM t ORDER BY id",
        "SELECT k, COUNT(*), COUNT(k), SUM(n), MAX(d), MIN(ts) FROM t GROUP BY k ORDER BY k",
        "SELECT k, id FROM t ORDER BY k DESC NULLS FIRST, id DESC LIMIT 3 OFFSET 1",
        "SELECT f FROM t ORDER BY f",
        "SELECT MAX(f), MIN(f), COUNT(DISTINCT f) FROM t",
        "SELECT id FROM t WHERE f < 1 OR f IS NULL ORDER BY id",
        "SELECT id, f = f, f > 0, f IS DISTINCT FROM f FROM t ORDER BY id",
        "SELECT a.id, b.id FROM t AS a JOIN t AS b ON a.n = b.n ORDER BY 1, 2",
        "SELECT a.id, b.id FROM t AS a LEFT JOIN t AS b ON a.k = b.k AND b.id > 2 ORDER BY 1, 2",
        "SELECT a.id, b.id FROM t AS a FULL JOIN t AS b ON a.id = b.id + 3 ORDER BY 1, 2",
        "SELECT a.id, b.id FROM t AS a LEFT JOIN t AS b ON a.id = b.id + 3 OR a.id = 1 ORDER BY 1, 2",
        "SELECT id, x FROM t, UNNEST(xs) AS x ORDER BY 1, 2",
        "SELECT id, x, o FROM t LEFT JOIN UNNEST(xs) AS x WITH OFFSET AS o ORDER BY 1, 3",
        "SELECT id, ARRAY(SELECT x * 2 FROM UNNEST(xs) AS x ORDER BY x) FROM t ORDER BY id",
        "SELECT id FROM t WHERE id IN (SELECT x FROM t, UNNEST(xs) AS x) ORDER BY id",
        "SELECT id FROM t WHERE k NOT IN (SELECT k FROM t WHERE id = 1) ORDER BY id",
        "SELECT id FROM t AS a WHERE EXISTS (SELECT 1 FROM t WHERE n = a.n AND id != a.id) ORDER BY id",
        "SELECT id, (SELECT SUM(x) FROM UNNEST(xs) AS x) FROM t ORDER BY id",
        "SELECT (3, 1) IN (SELECT (id, ARRAY_LENGTH(xs)) FROM t)",
        "SELECT (3, 9) IN (SELECT (id, ARRAY_LENGTH(xs)) FROM t)",
        "SELECT id, RANK() OVER (ORDER BY n), LAG(k) OVER (ORDER BY id) FROM t ORDER BY id",
        "SELECT id, SUM(id) OVER (PARTITION BY k ORDER BY id DESC) FROM t ORDER BY id",
        "SELECT id, LAST_VALUE(k IGNORE NULLS) OVER (ORDER BY id ROWS 2 PRECEDING) FROM t ORDER BY id",
        "SELECT id FROM t QUALIFY ROW_NUMBER() OVER (PARTITION BY k ORDER BY id DESC) = 1 ORDER BY id",
        "SELECT k, STRING_AGG(CAST(id AS STRING), '-' ORDER BY id DESC) FROM t GROUP BY k ORDER BY k",
        "SELECT ARRAY_AGG(k IGNORE NULLS ORDER BY id DESC LIMIT 2) FROM t",
        "SELECT ANY_VALUE(k HAVING MAX id), LOGICAL_OR(f > 0), BIT_XOR(id) FROM t",
        "SELECT k, GROUPING(k), COUNT(*) FROM t GROUP BY ROLLUP(k) ORDER BY 2, 1",
        "SELECT * FROM (SELECT k, id FROM t) PIVOT(SUM(id) FOR k IN ('a', 'b'))",
        "SELECT DISTINCT k, n FROM t ORDER BY k, n",
        "SELECT k FROM t UNION DISTINCT SELECT 'c' ORDER BY k",
        "SELECT k FROM t EXCEPT DISTINCT SELECT 'a' ORDER BY k",
        "SELECT id, EXTRACT(ISOWEEK FROM d), DATE_DIFF(d, DATE '2024-01-01', WEEK) FROM t ORDER BY id",
        "SELECT id, DATE_TRUNC(d, QUARTER), LAST_DAY(d) FROM t ORDER BY id",
        "SELECT id, TIMESTAMP_TRUNC(ts, DAY, 'Europe/Berlin'), UNIX_MILLIS(ts) FROM t ORDER BY id",
        "SELECT id, UPPER(k), SUBSTR(k, -2, 1), LENGTH(k), TO_HEX(CAST(k AS BYTES)) FROM t ORDER BY id",
        "SELECT id, n * n, n / 3, ROUND(n, 1), CAST(n AS INT64) FROM t ORDER BY id",
        "SELECT id, CAST(f AS STRING), SAFE_CAST(k AS INT64), TO_JSON_STRING(xs) FROM t ORDER BY id",
        "WITH RECURSIVE r AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM r WHERE i < 4)"
            + " SELECT SUM(i), COUNT(*) FROM r",
      })
  void bothEnginesReturnTheSameRows(String query) {
    String sql = query.startsWith("SELECT") ? ROWS + query : query;
    assertThat(sandbox.rows(sql)).isEqualTo(ReferenceEngine.rows(sql));
  }

  /** The one difference that is known: the reference engine takes every DATE for 1970-01-01. */
  @Test
  void theReferenceEngineCastsNoDateToDatetime() {
    String sql = "SELECT CAST(d AS DATETIME) FROM UNNEST([DATE '2024-02-29']) AS d";
    assertThat(ReferenceEngine.rows(sql))
        .containsExactly(List.of(LocalDateTime.of(1970, 1, 1, 0, 0)));
    assertThat(sandbox.rows(sql)).containsExactly(List.of(LocalDateTime.of(2024, 2, 29, 0, 0)));
  }
}
