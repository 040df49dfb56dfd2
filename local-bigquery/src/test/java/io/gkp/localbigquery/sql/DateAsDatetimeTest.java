package io.gkp.localbigquery.sql;

import static io.gkp.localbigquery.sql.Sandbox.row;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A DATE becomes a DATETIME of that day, wherever it is written and whoever converts it. */
class DateAsDatetimeTest {
  private static final LocalDateTime DAY = LocalDateTime.of(2024, 2, 29, 0, 0);

  private static Sandbox sandbox;

  @BeforeAll
  static void open(@TempDir Path directory) {
    sandbox = new Sandbox(directory);
    sandbox.table("t", "moment DATETIME", row(DAY.minusSeconds(1)), row(DAY));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT CAST(DATE '2024-02-29' AS DATETIME)",
        "SELECT SAFE_CAST(date\"2024-2-29\" AS DATETIME)",
        "SELECT x FROM UNNEST([STRUCT(CAST([DATE '2024-02-29'] AS ARRAY<DATETIME>)[OFFSET(0)] AS x)])",
        "SELECT IF(FALSE, DATETIME '2024-01-01 00:00:00', DATE '2024-02-29')",
        "SELECT GREATEST(DATETIME '2020-01-01 00:00:00', DATE '2024-02-29')",
        "SELECT moment FROM t WHERE moment >= DATE '2024-02-29'",
        "SELECT moment FROM t WHERE moment = CAST('2024-02-29' AS DATE)",
        "SELECT moment FROM t WHERE moment > DATETIME '1970-01-01 00:00:00' AND moment IN (DATE '2024-02-29')",
        "SELECT CAST(d AS DATETIME) FROM UNNEST([DATE '2024-02-29']) AS d",
        "SELECT LAST_DAY(CAST(DATE '2024-02-03' AS DATETIME)) + INTERVAL 0 DAY",
        "DECLARE x DATETIME DEFAULT DATE '2024-02-29'; SELECT x",
      })
  void ofThatDay(String sql) {
    assertThat(sandbox.rows(sql)).containsExactly(List.of(DAY));
  }

  @Test
  void whatLooksLikeALiteralIsLeft() {
    assertThat(
            sandbox.rows(
                "SELECT 'DATE \"2024-02-29\"', DATETIME '1970-01-01 00:00:00' -- DATE '2024-01-01'"))
        .containsExactly(List.of("DATE \"2024-02-29\"", LocalDateTime.of(1970, 1, 1, 0, 0)));
  }

  @Test
  void partitionsOfSuchAConditionAreFound() {
    sandbox.run(
        "CREATE TABLE p (moment DATETIME) PARTITION BY DATETIME_TRUNC(moment, DAY)"
            + " OPTIONS (require_partition_filter = TRUE)");
    sandbox.run("INSERT p SELECT moment FROM t");
    assertThat(sandbox.rows("SELECT moment FROM p WHERE moment >= DATE '2024-02-29'"))
        .containsExactly(List.of(DAY));
    assertThat(
            sandbox
                .dryRun("SELECT moment FROM p WHERE moment >= DATE '2024-02-29'")
                .bytesProcessed())
        .isEqualTo(8);
  }
}
