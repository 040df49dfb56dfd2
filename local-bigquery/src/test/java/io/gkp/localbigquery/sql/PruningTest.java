package io.gkp.localbigquery.sql;

import static io.gkp.localbigquery.sql.Sandbox.reference;
import static io.gkp.localbigquery.sql.Sandbox.row;
import static org.assertj.core.api.Assertions.assertThat;

import io.gkp.localbigquery.sql.statement.StatementResult;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ten rows in each of ten daily partitions; a row's {@code id} is 8 bytes. */
class PruningTest {
  private static final long ALL = 10 * 10 * 8;
  private static final long DAY = 10 * 8;

  private final Sandbox sandbox;

  PruningTest(@TempDir Path directory) {
    this.sandbox = new Sandbox(directory);
  }

  @BeforeEach
  void hundredRows() {
    sandbox.run(
        "CREATE TABLE t (id INT64, k STRING, ts TIMESTAMP) PARTITION BY DATE(ts) CLUSTER BY k");
    sandbox.warehouse.append(
        reference("t"),
        IntStream.range(0, 100)
            .mapToObj(
                i ->
                    row(
                        (long) i,
                        "k" + i % 5,
                        Instant.parse("2026-01-01T00:00:00Z")
                            .plusSeconds(86_400L * (i / 10) + 3600L * (i % 10))))
            .iterator());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ts >= TIMESTAMP '2026-01-09'                                         | 2  | 20",
        "ts > TIMESTAMP '2026-01-09 09:00:00'                                 | 2  | 10",
        "TIMESTAMP '2026-01-02 05:00:00' > ts                                 | 2  | 15",
        "DATE(ts) = '2026-01-03'                                              | 1  | 10",
        "CAST(ts AS DATE) BETWEEN '2026-01-03' AND DATE '2026-01-04'          | 2  | 20",
        "ts IN (TIMESTAMP '2026-01-01', TIMESTAMP '2026-01-05')               | 2  | 2",
        "ts >= TIMESTAMP_SUB(TIMESTAMP '2026-01-11', INTERVAL 1 DAY)          | 1  | 10",
        "ts >= TIMESTAMP_ADD(CURRENT_TIMESTAMP(), INTERVAL 1 DAY)             | 0  | 0",
        "ts < TIMESTAMP_ADD(CURRENT_TIMESTAMP(), INTERVAL 100 DAY)            | 10 | 100",
        "ts IS NULL                                                           | 0  | 0",
        "DATE(ts) IS NOT NULL AND ts < '2026-01-02'                           | 1  | 10",
        "ts >= TIMESTAMP '2026-01-10' OR id = 0                               | 10 | 11",
        "ts >= (SELECT TIMESTAMP '2026-01-10')                                | 10 | 10",
        "id < 15                                                              | 10 | 15",
      })
  void onlyPartitionsThatCanHoldAMatchArePaidFor(String condition, int days, long rows) {
    StatementResult result =
        sandbox.run("SELECT COUNT(*), COUNT(id), COUNT(ts) FROM t WHERE " + condition);
    assertThat(Sandbox.values(result)).containsExactly(row(rows, rows, rows));
    assertThat(result.bytesProcessed()).isEqualTo(2 * days * DAY);
    assertThat(sandbox.dryRun("SELECT id, ts FROM t WHERE " + condition).bytesProcessed())
        .isEqualTo(2 * days * DAY);
  }

  @Test
  void conditionsReachTablesThroughViewsAndCtes() {
    sandbox.view("v", "WITH raw AS (SELECT * FROM d.t) SELECT id, ts AS happened FROM raw");
    assertThat(
            sandbox
                .dryRun(
                    "SELECT id FROM v WHERE happened >= TIMESTAMP '2026-01-10'"
                        + " UNION ALL SELECT id FROM t WHERE ts < TIMESTAMP '2026-01-02'")
                .bytesProcessed())
        .isEqualTo(2 * 2 * DAY);
  }

  @Test
  void aLatestStateViewPaysForItsStateAndForRawSinceTheWatermark() {
    sandbox.table("state", "id INT64, k STRING, ts TIMESTAMP");
    sandbox.warehouse.append(
        reference("state"),
        List.of(row(1L, "k0", Instant.EPOCH), row(2L, "old", Instant.EPOCH)).iterator());
    sandbox.view(
        "latest",
        """
        WITH merged AS (
          SELECT * FROM d.state
          UNION ALL
          SELECT * FROM d.t WHERE ts >= TIMESTAMP '2026-01-10'
        )
        SELECT * FROM merged QUALIFY ROW_NUMBER() OVER (PARTITION BY k ORDER BY ts DESC) = 1
        """);
    StatementResult result = sandbox.run("SELECT k, id FROM latest ORDER BY k");
    assertThat(Sandbox.values(result))
        .containsExactly(
            row("k0", 95L),
            row("k1", 96L),
            row("k2", 97L),
            row("k3", 98L),
            row("k4", 99L),
            row("old", 2L));
    long state = 2 * 16 + 4 + 5;
    long raw = 10 * (16 + 4);
    assertThat(result.bytesProcessed()).isEqualTo(state + raw);
  }

  @Test
  void aCteReadTwiceIsReadForBothReaders() {
    StatementResult result =
        sandbox.run(
            """
            WITH RECURSIVE
              late AS (SELECT id FROM source WHERE ts >= TIMESTAMP '2026-01-10'),
              source AS (SELECT * FROM t),
              early AS (SELECT id FROM source WHERE ts < TIMESTAMP '2026-01-02')
            SELECT (SELECT SUM(id) FROM late), (SELECT SUM(id) FROM early)
            """);
    assertThat(Sandbox.values(result)).containsExactly(row(945L, 45L));
    assertThat(result.bytesProcessed()).isEqualTo(2 * 2 * DAY);
  }

  /** Were a CTE looked at for each reader, the innermost would be looked at billions of times. */
  @Test
  void ctesWithinCtesAreLookedAtOnce() {
    String query = "SELECT id FROM t WHERE ts >= TIMESTAMP '2026-01-10'";
    for (int depth = 0; depth < 32; depth++) {
      query = "WITH c AS (" + query + ") SELECT a.id FROM c AS a JOIN c AS b USING (id)";
    }
    assertThat(sandbox.dryRun(query).bytesProcessed()).isEqualTo(2 * DAY);
  }

  @Test
  void aConditionAboveAWindowIsNotTakenBelowIt() {
    assertThat(
            sandbox.rows(
                "SELECT n FROM (SELECT id, ROW_NUMBER() OVER (ORDER BY id) AS n FROM t)"
                    + " WHERE id = 99"))
        .containsExactly(List.of(100L));
    assertThat(
            sandbox.rows(
                "SELECT n FROM (SELECT k, id, ROW_NUMBER() OVER (PARTITION BY k ORDER BY id) AS n"
                    + " FROM t) WHERE id = 99 AND k = 'k4'"))
        .containsExactly(List.of(20L));
  }

  @Test
  void aConditionOnTheOuterSideOfAJoinKeepsUnmatchedRows() {
    assertThat(
            sandbox.rows(
                "SELECT COUNT(*), COUNT(b.id) FROM t AS a"
                    + " LEFT JOIN t AS b ON a.id = b.id AND b.ts >= TIMESTAMP '2026-01-10'"))
        .containsExactly(List.of(100L, 10L));
    assertThat(
            sandbox.rows(
                "SELECT COUNT(*) FROM t AS a"
                    + " LEFT JOIN (SELECT * FROM t WHERE id < 10) AS b USING (id)"
                    + " WHERE b.ts IS NULL"))
        .containsExactly(List.of(90L));
  }

  @Test
  void aRequiredPartitionFilterIsRequired() {
    sandbox.run(
        "CREATE TABLE r (id INT64, day DATE) PARTITION BY day"
            + " OPTIONS(require_partition_filter=TRUE)");
    sandbox
        .assertFails("SELECT id FROM r", "invalidQuery")
        .hasMessage(
            "Cannot query over table 'acme-prod.d.r' without a filter over column(s) 'day' that"
                + " can be used for partition elimination");
    assertThat(sandbox.rows("SELECT id FROM r WHERE day > '2026-01-01'")).isEmpty();
    assertThat(sandbox.rows("SELECT id FROM r WHERE day IS NOT NULL")).isEmpty();
  }

  @Test
  void aLimitDoesNotMakeAQueryCheaper() {
    assertThat(sandbox.run("SELECT id FROM t LIMIT 1").bytesProcessed()).isEqualTo(ALL);
  }
}
