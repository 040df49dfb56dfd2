package io.gkp.localbigquery.sql;

import static io.gkp.localbigquery.sql.Sandbox.reference;
import static io.gkp.localbigquery.sql.Sandbox.row;
import static org.assertj.core.api.Assertions.assertThat;

import io.gkp.localbigquery.sql.statement.StatementResult;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A table of 10 MB, more than twice what one request to the reference engine holds. */
class LargeTablesTest {
  private static final int ROWS = 10_000;

  private final Sandbox sandbox;

  LargeTablesTest(@TempDir Path directory) {
    this.sandbox = new Sandbox(directory);
  }

  @BeforeEach
  void tenMegabytes() {
    sandbox.table("t", "id INT64, payload STRING");
    sandbox.warehouse.append(
        reference("t"),
        LongStream.range(0, ROWS).mapToObj(id -> row(id, "x".repeat(1000))).iterator());
  }

  @Test
  void rowByRowQueriesHaveNoLimit() {
    StatementResult all = sandbox.run("WITH a AS (SELECT * FROM t) SELECT * FROM a");
    assertThat(Sandbox.values(all)).hasSize(ROWS);
    assertThat(all.bytesProcessed()).isEqualTo(ROWS * (8L + 1002));
    assertThat(sandbox.rows("SELECT id FROM t WHERE MOD(id, 5000) = 7 AND payload LIKE 'x%'"))
        .containsExactly(List.of(7L), List.of(5007L));
  }

  @Test
  void aLimitEndsTheWork() {
    StatementResult some = sandbox.run("SELECT id, payload FROM t LIMIT 5");
    assertThat(Sandbox.values(some)).extracting(row -> row[0]).containsExactly(0L, 1L, 2L, 3L, 4L);
    assertThat(some.bytesProcessed()).isEqualTo(ROWS * (8L + 1002));
  }

  @Test
  void countingHasNoLimit() {
    assertThat(sandbox.rows("SELECT COUNT(*) AS n FROM `acme-prod.d.t`"))
        .containsExactly(List.of((long) ROWS));
  }

  @Test
  void whatAFilterLeavesIsAllThatCounts() {
    assertThat(
            sandbox.rows(
                "SELECT COUNT(DISTINCT payload), MAX(id) FROM t WHERE id BETWEEN 10 AND 100"))
        .containsExactly(List.of(1L, 100L));
  }

  @Test
  void rowsAreChangedAndCopiedPieceByPiece() {
    assertThat(
            sandbox
                .run("UPDATE t SET payload = CONCAT(payload, '!') WHERE payload LIKE 'x%'")
                .affectedRows())
        .isEqualTo(ROWS);
    sandbox.run("CREATE TABLE copy AS SELECT * FROM t");
    assertThat(sandbox.run("INSERT INTO copy SELECT id, payload FROM t").affectedRows())
        .isEqualTo(ROWS);
    assertThat(sandbox.rows("SELECT COUNT(*) FROM copy")).containsExactly(List.of(2L * ROWS));
    assertThat(sandbox.run("DELETE copy WHERE payload LIKE '%!' AND id >= 10").affectedRows())
        .isEqualTo(2 * (ROWS - 10));
  }
}
