package io.gkp.localbigquery.sql;

import static io.gkp.localbigquery.sql.Sandbox.row;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IngestionTimeTest {
  private final Sandbox sandbox;

  IngestionTimeTest(@TempDir Path directory) {
    this.sandbox = new Sandbox(directory);
  }

  @Test
  void rowsKeepTheDayOnWhichTheyCame() {
    sandbox.run("CREATE TABLE t (id INT64) PARTITION BY _PARTITIONDATE");
    sandbox.run("INSERT t VALUES (1), (2)");
    sandbox.warehouse.append(Sandbox.reference("t"), List.<Object[]>of(row(3L)).iterator());
    sandbox.run("ALTER TABLE t ADD COLUMN s STRING");
    sandbox.run("ALTER TABLE t ALTER COLUMN id SET DATA TYPE NUMERIC");
    sandbox.run("UPDATE t SET s = 'x' WHERE _PARTITIONDATE > '2000-01-01' AND id = 1");
    sandbox.run("DELETE t WHERE _PARTITIONTIME > '2000-01-01' AND id = 2");
    assertThat(
            sandbox.rows(
                "SELECT CAST(id AS INT64), s FROM t WHERE _PARTITIONTIME IS NOT NULL ORDER BY id"))
        .isEqualTo(List.of(List.of(1L, "x"), Arrays.asList(3L, null)));
    assertThat(sandbox.rows("SELECT * FROM t")).allSatisfy(row -> assertThat(row).hasSize(2));
    assertThat(
            sandbox.rows(
                "SELECT LOGICAL_AND(_PARTITIONTIME = TIMESTAMP_TRUNC(_PARTITIONTIME, DAY)) FROM t"))
        .isEqualTo(List.of(List.of(true)));
  }

  @Test
  void aFilterOnItIsOneOnThePartition() {
    sandbox.run(
        "CREATE TABLE t (id INT64) PARTITION BY TIMESTAMP_TRUNC(_PARTITIONTIME, HOUR)"
            + " OPTIONS (require_partition_filter = TRUE)");
    sandbox
        .assertFails("SELECT id FROM t", "invalidQuery")
        .hasMessageContaining("without a filter");
    assertThat(sandbox.rows("SELECT id FROM t WHERE _PARTITIONTIME >= '2000-01-01'")).isEmpty();
    sandbox.assertFails("SELECT _PARTITIONDATE AS d FROM t", "invalidQuery");
  }

  @Test
  void anInsertMaySayWhenTheRowsCame() {
    sandbox.run("CREATE TABLE t (id INT64) PARTITION BY _PARTITIONDATE");
    sandbox.run("INSERT INTO t (_PARTITIONTIME, id) VALUES ('2024-02-29', 1), ('2024-03-01', 2)");
    sandbox.run("INSERT INTO t (id, _PARTITIONTIME) SELECT 3, TIMESTAMP '2024-03-01'");
    assertThat(
            sandbox.rows(
                "SELECT STRING(_PARTITIONDATE) AS day, SUM(id) FROM t GROUP BY 1 ORDER BY 1"))
        .isEqualTo(List.of(List.of("2024-02-29", 1L), List.of("2024-03-01", 5L)));
    sandbox.assertFails("INSERT INTO t (id, _PARTITIONDATE) VALUES (4, NULL)", "invalidQuery");
  }

  @Test
  void whatWouldLoseTheTimeIsRefused() {
    sandbox.run("CREATE TABLE t (id INT64, s STRING) PARTITION BY _PARTITIONDATE");
    sandbox.assertFails("CREATE TABLE u CLONE t", "notImplemented");
    sandbox.assertFails("ALTER TABLE t DROP COLUMN s", "notImplemented");
  }

  @Test
  void partitionsAreListedWithTheirRows() {
    sandbox.run(
        "CREATE TABLE months (d DATE) PARTITION BY DATE_TRUNC(d, MONTH) AS"
            + " SELECT DATE '2024-02-03' AS d UNION ALL SELECT '2024-02-29' UNION ALL SELECT NULL");
    sandbox.run(
        "CREATE TABLE tens (n INT64) PARTITION BY RANGE_BUCKET(n, GENERATE_ARRAY(0, 100, 10)) AS"
            + " SELECT n FROM UNNEST([5, 19, 400]) AS n");
    sandbox.run("CREATE TABLE whole (n INT64)");
    assertThat(
            sandbox.rows(
                "SELECT table_name, IFNULL(partition_id, '-'), total_rows"
                    + " FROM INFORMATION_SCHEMA.PARTITIONS ORDER BY 1, 2"))
        .isEqualTo(
            List.of(
                List.of("months", "202402", 2L),
                List.of("months", "__NULL__", 1L),
                List.of("tens", "0", 1L),
                List.of("tens", "10", 1L),
                List.of("tens", "__UNPARTITIONED__", 1L),
                List.of("whole", "-", 0L)));
  }
}
