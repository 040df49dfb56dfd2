package io.gkp.localbigquery.sql;

import static io.gkp.localbigquery.sql.Sandbox.row;
import static org.assertj.core.api.Assertions.assertThat;

import io.gkp.localbigquery.sql.statement.StatementResult;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The functions that models lean on, as far as they are not ZetaSQL's alone. */
class FunctionsTest {
  private final Sandbox sandbox;

  FunctionsTest(@TempDir Path directory) {
    this.sandbox = new Sandbox(directory);
  }

  @Test
  void maxByAndMinByPickTheValueOfTheExtreme() {
    sandbox.table("t", "k STRING, v INT64", row("a", 1L), row("b", 3L), row("c", 2L));
    assertThat(
            sandbox.rows(
                "SELECT MAX_BY(k, v), min_by (CONCAT(k, ',', '('), -v), 'MAX_BY(k, v)' FROM t"))
        .containsExactly(List.of("b", "b,(", "MAX_BY(k, v)"));
  }

  @Test
  void approximateFunctionsAreExact() {
    String ten = "UNNEST([1, 1, 1, 4, 5, 6, 7, 8, 9, 10]) AS x";
    assertThat(sandbox.rows("SELECT APPROX_QUANTILES(x, 2) FROM " + ten))
        .containsExactly(List.of(List.of(1L, 5L, 10L)));
    assertThat(sandbox.rows("SELECT APPROX_QUANTILES(x, 100)[OFFSET(90)] AS p90 FROM " + ten))
        .containsExactly(List.of(9L));
    assertThat(
            sandbox.rows(
                "SELECT MOD(x, 2), APPROX_QUANTILES(x, 2)[OFFSET(1)] FROM "
                    + ten
                    + " GROUP BY 1 ORDER BY 1"))
        .containsExactly(List.of(0L, 6L), List.of(1L, 1L));
    assertThat(
            sandbox.rows(
                "SELECT APPROX_QUANTILES(x, 2)[SAFE_OFFSET(0)] FROM " + ten + " WHERE FALSE"))
        .containsExactly(Arrays.asList((Object) null));
    assertThat(sandbox.rows("SELECT APPROX_COUNT_DISTINCT(x) FROM " + ten))
        .containsExactly(List.of(8L));
  }

  @Test
  void percentilesAreWindowFunctionsOnly() {
    assertThat(
            sandbox.rows(
                "SELECT DISTINCT PERCENTILE_CONT(x, 0.5) OVER (), PERCENTILE_DISC(x, 0.5) OVER ()"
                    + " FROM UNNEST([1, 2, 4, 8]) AS x"))
        .containsExactly(List.of(3.0, 2L));
    sandbox
        .assertFails("SELECT PERCENTILE_CONT(x, 0.5) FROM UNNEST([1]) AS x", "invalidQuery")
        .hasMessage("Analytic function PERCENTILE_CONT cannot be called without an OVER clause");
  }

  @Test
  void structsOfAValueTableAreColumns() {
    StatementResult result = sandbox.run("SELECT AS STRUCT 1 AS a, 'x' AS b");
    assertThat(result.schema().getFields())
        .extracting(field -> field.getName())
        .containsExactly("a", "b");
    assertThat(Sandbox.values(result)).containsExactly(row(1L, "x"));
  }
}
