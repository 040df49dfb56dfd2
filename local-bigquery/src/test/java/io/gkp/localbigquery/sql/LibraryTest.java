package io.gkp.localbigquery.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Functions that are written in GoogleSQL. */
class LibraryTest {
  private static Sandbox sandbox;

  @BeforeAll
  static void open(@TempDir Path directory) {
    sandbox = new Sandbox(directory);
  }

  private static List<Object> row(String expressions) {
    return sandbox.rows("SELECT " + expressions).get(0);
  }

  /** The examples of BigQuery's documentation. */
  @Test
  void modifiersOfAggregatesCount() {
    String numbers = "UNNEST([NULL, NULL, 1, 1, 1, 4, 5, 6, 7, 8, 9, 10]) AS x";
    assertThat(sandbox.rows("SELECT APPROX_QUANTILES(DISTINCT x, 2) FROM " + numbers))
        .containsExactly(List.of(List.of(1L, 6L, 10L)));
    assertThat(
            sandbox.rows(
                "SELECT FORMAT('%T', APPROX_QUANTILES(x, 2 RESPECT NULLS)) FROM " + numbers))
        .containsExactly(List.of("[NULL, 4, 10]"));
    assertThat(
            sandbox.rows(
                "SELECT FORMAT('%T', APPROX_QUANTILES(DISTINCT x, 2 RESPECT NULLS)) FROM "
                    + numbers))
        .containsExactly(List.of("[NULL, 6, 10]"));
    assertThat(
            sandbox.rows("SELECT ARRAY_AGG(DISTINCT x) FROM UNNEST([2, 1, -2, 3, -2, 1, 2]) AS x"))
        .containsExactly(List.of(List.of(2L, 1L, -2L, 3L)));
    assertThat(
            sandbox.rows(
                "SELECT STRING_AGG(DISTINCT x, ' & ')"
                    + " FROM UNNEST(['apple', 'pear', 'banana', 'pear']) AS x"))
        .containsExactly(List.of("apple & pear & banana"));
    assertThat(
            sandbox.rows(
                "SELECT MAX_BY(x, y), ANY_VALUE(x HAVING MIN y)"
                    + " FROM UNNEST([STRUCT(NULL AS x, 2 AS y), (7, 1), (8, NULL)])"))
        .containsExactly(Sandbox.list(new Object[] {null, 7L}));
  }

  @Test
  void base32OfEveryLength() {
    assertThat(row("TO_BASE32(b''), TO_BASE32(b'f'), TO_BASE32(b'foob'), TO_BASE32(b'foobar')"))
        .containsExactly("", "MY======", "MZXW6YQ=", "MZXW6YTBOI======");
    assertThat(
            sandbox.rows(
                "SELECT LOGICAL_AND(FROM_BASE32(TO_BASE32(b)) = b) FROM (SELECT"
                    + " SUBSTR(SHA512(CAST(n AS STRING)), 1, MOD(n, 65)) AS b"
                    + " FROM UNNEST(GENERATE_ARRAY(0, 200)) AS n)"))
        .isEqualTo(List.of(List.of(true)));
    assertThat(row("TO_BASE32(NULL), FROM_BASE32(NULL)")).isEqualTo(Arrays.asList(null, null));
    sandbox.assertFails("SELECT FROM_BASE32('m')", "invalidQuery");
  }

  @Test
  void sketchesOfQuantilesAreExact() {
    assertThat(
            row(
                "KLL_QUANTILES.EXTRACT_INT64(KLL_QUANTILES.INIT_INT64(n, 1000), 3),"
                    + " KLL_QUANTILES.EXTRACT_POINT_INT64(KLL_QUANTILES.INIT_INT64(n), 0.25),"
                    + " KLL_QUANTILES.EXTRACT_POINT_FLOAT64(KLL_QUANTILES.INIT_FLOAT64(n / 2), 0.5)"
                    + " FROM UNNEST([NULL, 9, 2, 7, 4]) AS n"))
        .containsExactly(List.of(2L, 4L, 7L, 9L), 2L, 2.0);
    String sketches =
        " FROM (SELECT KLL_QUANTILES.INIT_FLOAT64(f) AS k FROM UNNEST([0.5, 8]) AS f"
            + " UNION ALL SELECT KLL_QUANTILES.INIT_FLOAT64(f) FROM UNNEST([10, 2.25]) AS f"
            + " UNION ALL SELECT NULL)";
    assertThat(
            row(
                "KLL_QUANTILES.MERGE_FLOAT64(k, 1), KLL_QUANTILES.MERGE_POINT_FLOAT64(k, 0.5),"
                    + " KLL_QUANTILES.EXTRACT_FLOAT64(KLL_QUANTILES.MERGE_PARTIAL(k), 2)"
                    + sketches))
        .containsExactly(List.of(0.5, 10.0), 2.25, List.of(0.5, 2.25, 10.0));
    assertThat(row("KLL_QUANTILES.INIT_INT64(n) FROM UNNEST([CAST(NULL AS INT64)]) AS n"))
        .isEqualTo(Arrays.asList((Object) null));
  }

  @Test
  void sketchesCountDistinctValues() {
    assertThat(
            row(
                "HLL_COUNT.EXTRACT(HLL_COUNT.INIT(n)), HLL_COUNT.EXTRACT(HLL_COUNT.INIT(n, 12))"
                    + " FROM UNNEST([1, 2, 2, NULL]) AS n"))
        .containsExactly(2L, 2L);
    String sketches =
        " FROM (SELECT HLL_COUNT.INIT(s) AS k FROM UNNEST(['a', 'b']) AS s"
            + " UNION ALL SELECT HLL_COUNT.INIT(s) FROM UNNEST(['b', 'c']) AS s UNION ALL SELECT NULL)";
    assertThat(row("HLL_COUNT.MERGE(k), HLL_COUNT.EXTRACT(HLL_COUNT.MERGE_PARTIAL(k))" + sketches))
        .containsExactly(3L, 3L);
    assertThat(row("HLL_COUNT.MERGE(k)" + sketches + " WHERE FALSE")).containsExactly(0L);
  }

  @Test
  void theMostFrequentAndTheHeaviestValues() {
    assertThat(row("APPROX_TOP_COUNT(x, 2) FROM UNNEST(['a', 'b', 'a', 'b', 'a', NULL]) AS x"))
        .containsExactly(List.of(List.of("a", 3L), List.of("b", 2L)));
    assertThat(
            row(
                "APPROX_TOP_SUM(x, w, 2) FROM UNNEST([STRUCT('a' AS x, 1 AS w), ('b', 5), ('a', 6),"
                    + " ('c', NULL)])"))
        .containsExactly(List.of(List.of("a", 7L), List.of("b", 5L)));
  }

  @Test
  void substringsAreFoundWhateverTheirCase() {
    assertThat(
            row(
                "CONTAINS_SUBSTR('the Ⅸ', 'IX'), CONTAINS_SUBSTR('a', 'b'), CONTAINS_SUBSTR(NULL, 'b')"))
        .isEqualTo(Arrays.asList(true, false, null));
    assertThat(
            row(
                "CONTAINS_SUBSTR(('a', [23, 41]), '3'), CONTAINS_SUBSTR(STRUCT('a' AS key), 'key'),"
                    + " CONTAINS_SUBSTR((23, NULL), '23'), CONTAINS_SUBSTR((23, NULL), '4'),"
                    + " CONTAINS_SUBSTR(TIMESTAMP '2024-01-02 03:04:05', '02 03')"))
        .isEqualTo(Arrays.asList(true, false, true, null, true));
    assertThat(
            row(
                "CONTAINS_SUBSTR(j, 'KEY'), CONTAINS_SUBSTR(j, 'key', json_scope => 'JSON_KEYS'),"
                    + " CONTAINS_SUBSTR(j, 'v:', json_scope=>'JSON_KEYS_AND_VALUES')"
                    + " FROM (SELECT JSON '{\"key\":[\"v:1\"]}' AS j)"))
        .isEqualTo(List.of(false, true, true));
  }

  @Test
  void rangesThatMeetOrOverlapAreOneSession() {
    String ranges =
        "WITH r AS (SELECT 1 AS k, RANGE<DATE> '[2024-01-01, 2024-01-03)' AS d"
            + " UNION ALL SELECT 1, RANGE<DATE> '[2024-01-03, 2024-01-05)'"
            + " UNION ALL SELECT 1, RANGE<DATE> '[2024-01-04, UNBOUNDED)'"
            + " UNION ALL SELECT 2, NULL"
            + " UNION ALL SELECT 2, RANGE<DATE> '[UNBOUNDED, 2024-01-01)')"
            + " SELECT DISTINCT k, session_range FROM RANGE_SESSIONIZE(TABLE r, 'd', ['k']";
    assertThat(sandbox.rows(ranges + ") ORDER BY k, 2"))
        .isEqualTo(
            List.of(
                List.of(1L, "[2024-01-01, UNBOUNDED)"),
                Arrays.asList(2L, null),
                List.of(2L, "[UNBOUNDED, 2024-01-01)")));
    assertThat(sandbox.rows(ranges + ", 'OVERLAPS') WHERE k = 1 ORDER BY 2"))
        .isEqualTo(
            List.of(
                List.of(1L, "[2024-01-01, 2024-01-03)"), List.of(1L, "[2024-01-03, UNBOUNDED)")));
    sandbox.assertFails(ranges + ", 'NEAR')", "invalidQuery");
  }
}
