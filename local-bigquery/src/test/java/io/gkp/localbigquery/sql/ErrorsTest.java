package io.gkp.localbigquery.sql;

import static io.gkp.localbigquery.sql.Sandbox.row;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ErrorsTest {
  private final Sandbox sandbox;

  ErrorsTest(@TempDir Path directory) {
    this.sandbox = new Sandbox(directory);
  }

  @Test
  void mistakesArePointedAt() {
    sandbox.table("t", "id INT64, s STRING", row(1L, "a"));
    sandbox
        .assertFails("SELECT id,\n  idd FROM `acme-prod.d.t`", "invalidQuery")
        .hasMessage("Unrecognized name: idd; Did you mean id? at [2:3]");
    sandbox
        .assertFails("SELECT `acme-prod.d.t`.x FROM", "invalidQuery")
        .hasMessageContaining("Syntax error: ")
        .hasMessageContaining(" at [1:30]");
    sandbox
        .assertFails("SELECT id + s FROM t", "invalidQuery")
        .hasMessageContaining("No matching signature for operator +")
        .hasMessageContaining("at [1:8]");
  }

  @Test
  void tablesGoByTheirOwnNames() {
    sandbox.table("t", "id INT64");
    sandbox
        .assertFails("INSERT INTO t (gone) VALUES (1)", "invalidQuery")
        .hasMessage("Column gone is not present in table acme-prod:d.t at [1:16]");
  }

  @Test
  void overflowsShowWhatWasComputed() {
    sandbox.table("t", "i INT64, n NUMERIC", row(1L, new BigDecimal("1.5")));
    sandbox
        .assertFails("SELECT 9223372036854775807 + i FROM t", "invalidQuery")
        .hasMessage("int64 overflow: 9223372036854775807 + 1");
    sandbox
        .assertFails("SELECT n + NUMERIC '99999999999999999999999999999' FROM t", "invalidQuery")
        .hasMessage("numeric overflow: 1.5 + 99999999999999999999999999999");
  }

  @Test
  void whatIsMissingIsNamed() {
    sandbox
        .assertFails("SELECT * FROM `acme-prod.d.nope`", "notFound")
        .hasMessage("Not found: Table acme-prod:d.nope was not found in location US");
    sandbox
        .assertFails("SELECT * FROM nowhere.t", "notFound")
        .hasMessage("Not found: Dataset acme-prod:nowhere was not found in location US");
  }

  @Test
  void errorsOfAViewNameTheView() {
    sandbox.table("t", "id INT64");
    sandbox.view("v", "SELECT gone FROM d.t");
    sandbox
        .assertFails("SELECT * FROM v", "invalidQuery")
        .hasMessage("Unrecognized name: gone at [1:8]; reached by view acme-prod:d.v");
  }

  @Test
  void aViewThatReadsItselfEnds() {
    sandbox.view("v", "SELECT * FROM d.w");
    sandbox.view("w", "SELECT * FROM d.v");
    sandbox.assertFails("SELECT * FROM v", "invalidQuery").hasMessageContaining("too deeply");
  }

  @Test
  void errorsAtRunTimeAreTheQuerys() {
    sandbox.assertFails("SELECT 1 / 0", "invalidQuery").hasMessage("division by zero: 1 / 0");
    sandbox
        .assertFails("SELECT (SELECT i FROM UNNEST([1, 2]) AS i)", "invalidQuery")
        .hasMessage("Scalar subquery produced more than one element");
    sandbox
        .assertFails("CREATE TEMP FUNCTION f(x INT64) AS (x); SELECT f('a')", "invalidQuery")
        .hasMessageStartingWith("No matching signature for function F\n");
    sandbox
        .assertFails("SELECT CAST('x' AS INT64)", "invalidQuery")
        .hasMessageContaining("Bad int64 value: x");
  }

  @Test
  void placesOutsideOfAnArrayOrWindowAreErrors() {
    sandbox.table("t", "i INT64", row(2L), row(3L));
    sandbox
        .assertFails("SELECT [1, 2][OFFSET(i)] FROM t", "invalidQuery")
        .hasMessage("Array index 2 is out of bounds (overflow)");
    sandbox
        .assertFails("SELECT [1, 2][ORDINAL(i - 2)] FROM t", "invalidQuery")
        .hasMessage("Array index 0 is out of bounds (underflow)");
    sandbox
        .assertFails("SELECT LAG(i, -1) OVER (ORDER BY i) FROM t", "invalidQuery")
        .hasMessage("The offset to the function LAG must not be null or negative");
  }

  @Test
  void arraysAreEqualOrNotAndHaveNoOrder() {
    assertThat(sandbox.rows("SELECT [1, 2] = [1, 2]")).containsExactly(List.of(true));
    sandbox
        .assertFails("SELECT [1] < [2]", "invalidQuery")
        .hasMessageStartingWith("Less than is not defined for arguments of type ARRAY<INT64>");
    sandbox
        .assertFails("SELECT a FROM (SELECT [1] AS a) ORDER BY a", "invalidQuery")
        .hasMessageStartingWith("ORDER BY does not support expressions of type ARRAY<INT64>");
  }

  @Test
  void functionsThatBigQueryHasNotAreNotFound() {
    for (String call :
        List.of(
            "IFERROR(1, 2)",
            "ISERROR(1)",
            "REGEXP_EXTRACT_GROUPS('a', '(?<b>a)')",
            "IS_FIRST(1) OVER (ORDER BY 1)")) {
      sandbox
          .assertFails("SELECT " + call + " FROM UNNEST([1])", "invalidQuery")
          .hasMessageStartingWith("Function not found: " + call.substring(0, call.indexOf('(')));
    }
  }

  @Test
  void aRecursionEndsAfter500Rounds() {
    String upTo =
        "WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < %d)"
            + " SELECT MAX(i) FROM n";
    assertThat(sandbox.rows(upTo.formatted(500))).containsExactly(List.of(500L));
    String overNothing =
        upTo.replace("SELECT 1 AS i", "SELECT i FROM UNNEST([1]) AS i WHERE i > 1");
    assertThat(sandbox.rows(overNothing.formatted(3).replace("MAX(i)", "COUNT(i)")))
        .containsExactly(List.of(0L));
    sandbox
        .assertFails(upTo.formatted(1000), "invalidQuery")
        .hasMessage("A recursive CTE has reached the maximum number of iterations: 500");
  }

  @Test
  void anAssertionLetsTheRowsPassOrFails() {
    String pipe = "FROM UNNEST([1, 2]) AS i |> ASSERT i < %d, 'too many', i |> AGGREGATE SUM(i)";
    assertThat(sandbox.rows(pipe.formatted(3))).containsExactly(List.of(3L));
    sandbox
        .assertFails(pipe.formatted(2), "invalidQuery")
        .hasMessage("Assertion failed: too many 2");
  }

  @Test
  void whatTheRealServiceHasAndThisLacksIsNamed() {
    sandbox.table("t", "id INT64");
    sandbox
        .assertFails("SELECT CAST(NULL AS GEOGRAPHY)", "notImplemented")
        .hasMessage("The local BigQuery does not implement constants of type GEOGRAPHY.");
    sandbox.assertFails("SELECT _FILE_NAME FROM t", "notImplemented");
    sandbox
        .assertFails(
            "SELECT WITH DIFFERENTIAL_PRIVACY OPTIONS(epsilon=1, delta=.1, privacy_unit_column=id)"
                + " COUNT(*) FROM t",
            "notImplemented")
        .hasMessage("The local BigQuery does not implement DIFFERENTIAL_PRIVACY.");
    sandbox
        .assertFails("GRANT `roles/bigquery.dataViewer` ON TABLE t TO 'user:a'", "notImplemented")
        .hasMessage("The local BigQuery does not implement GRANT.");
    sandbox
        .assertFails("SELECT SEARCH(id, 'x') FROM t", "notImplemented")
        .hasMessage("The local BigQuery does not implement SEARCH.");
  }
}
