package io.gkp.localbigquery.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gkp.localbigquery.api.ApiException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Each aggregate function over each type that it takes, of groups and of windows, gives what
 * ZetaSQL's reference engine gives, or is refused by name.
 */
class EveryAggregateTest {
  private static final String ROWS =
      """
      WITH cells AS (
        SELECT * FROM UNNEST([
          STRUCT(1 AS i, 1.5 AS f, NUMERIC '2.25' AS n, BIGNUMERIC '1e-38' AS bn, 'a' AS s,
            b'a' AS b, DATE '2024-02-29' AS d, DATETIME '2024-02-29 01:02:03' AS dt,
            TIME '01:02:03.5' AS t, TIMESTAMP '2024-02-29 01:02:03+00' AS ts, TRUE AS bo,
            JSON '1' AS j, INTERVAL '1-2 3 4:5:6' YEAR TO SECOND AS iv, [1, 2] AS a, 1 AS g),
          (-5, CAST('nan' AS FLOAT64), NUMERIC '-0.000000001', BIGNUMERIC '-7', 'ä', b'\\xff',
            DATE '0001-01-01', DATETIME '9999-12-31 23:59:59.999999', TIME '00:00:00',
            TIMESTAMP '1969-12-31 23:59:59.999999+00', FALSE, JSON '{"k":[]}', INTERVAL 40 HOUR,
            [3], 1),
          (7, -0.25, NUMERIC '2.25', BIGNUMERIC '100', 'a', b'', DATE '2024-02-29',
            DATETIME '0001-01-01 00:00:00', TIME '23:59:59.999999',
            TIMESTAMP '2024-02-29 01:02:03+00', TRUE, JSON '1', INTERVAL -1 DAY, [9, 9], 2),
          (8, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 2)]))
      """;

  private static final List<String> ORDERED = List.of("i f n bn s b d dt t ts bo".split(" "));
  private static final List<String> NUMBERS = List.of("i", "f", "n", "bn");

  private static final Map<String, List<String>> TYPES =
      Map.ofEntries(
          Map.entry("ANY_VALUE", ORDERED),
          Map.entry("AVG", NUMBERS),
          Map.entry("COUNT", ORDERED),
          Map.entry("LOGICAL_AND", List.of("bo")),
          Map.entry("LOGICAL_OR", List.of("bo")),
          Map.entry("MAX", ORDERED),
          Map.entry("MIN", ORDERED),
          Map.entry("STRING_AGG", List.of("s", "b")),
          Map.entry("SUM", NUMBERS),
          Map.entry("STDDEV", NUMBERS),
          Map.entry("STDDEV_POP", NUMBERS),
          Map.entry("VARIANCE", NUMBERS),
          Map.entry("VAR_POP", NUMBERS));

  private static final List<String> GROUPED =
      List.of("%s(%s)", "%s(DISTINCT %s)", "%s(%s HAVING MAX n)", "%s(%s HAVING MIN s)");

  private static final List<String> WINDOWS =
      List.of(
          "%s(%s) OVER (PARTITION BY g)",
          "%s(%s) OVER (ORDER BY i)", "%s(%s) OVER (ORDER BY i ROWS 1 PRECEDING)");

  private static Sandbox sandbox;

  @BeforeAll
  static void open(@TempDir Path directory) {
    sandbox = new Sandbox(directory);
  }

  static List<String> expressions() {
    List<String> all = new ArrayList<>();
    new TreeMap<>(TYPES)
        .forEach(
            (function, columns) -> {
              GROUPED.forEach(form -> all.add(calls(form, function, columns)));
              WINDOWS.forEach(form -> all.add(calls(form, function, columns)));
            });
    all.add(
        "ARRAY_AGG(DISTINCT i), ARRAY_AGG(DISTINCT s IGNORE NULLS), ARRAY_CONCAT_AGG(a ORDER BY i),"
            + " ARRAY_CONCAT_AGG(a ORDER BY i DESC LIMIT 1)");
    all.add(
        "COUNTIF(bo), COUNTIF(DISTINCT bo), COUNT(*), BIT_AND(i), BIT_OR(i), BIT_XOR(i), SUM(iv), AVG(iv)");
    all.add("CORR(f, i), COVAR_POP(n, i), COVAR_SAMP(bn, i), CORR(i, i), COVAR_SAMP(f, n)");
    all.add("SUM(iv) OVER (ORDER BY i), AVG(iv) OVER (), COUNTIF(bo) OVER (ORDER BY i)");
    all.add("BIT_AND(i) OVER (ORDER BY i), BIT_OR(i) OVER (ORDER BY i), BIT_XOR(i) OVER ()");
    all.add(
        "COUNTIF(DISTINCT bo) OVER (), STRING_AGG(DISTINCT s) OVER (PARTITION BY g),"
            + " STRING_AGG(DISTINCT b) OVER (PARTITION BY n),"
            + " ARRAY_AGG(DISTINCT dt IGNORE NULLS) OVER (PARTITION BY i)");
    for (String function : List.of("AVG", "COUNT", "SUM", "STDDEV", "VAR_POP", "MAX")) {
      all.add(calls("%s(DISTINCT %s) OVER (PARTITION BY g)", function, NUMBERS));
    }
    for (String frame :
        List.of("1 PRECEDING", "BETWEEN UNBOUNDED PRECEDING AND 1.75 FOLLOWING", "0.5 PRECEDING")) {
      all.add("SUM(i) OVER (ORDER BY f RANGE %s)".formatted(frame));
      all.add("COUNT(*) OVER (ORDER BY f DESC RANGE %s)".formatted(frame));
    }
    all.add("CORR(f, i) OVER (), COVAR_POP(n, i) OVER (ORDER BY i), COVAR_SAMP(bn, i) OVER ()");
    for (String form :
        List.of(
            "%s(%s, 0.4) OVER (PARTITION BY g)",
            "%s(%s, 0.5 RESPECT NULLS) OVER ()", "%s(%s, 1) OVER ()")) {
      all.add(calls(form, "PERCENTILE_CONT", NUMBERS));
      all.add(calls(form, "PERCENTILE_DISC", ORDERED));
    }
    return all;
  }

  private static String calls(String form, String function, List<String> columns) {
    return columns.stream()
        .map(column -> form.formatted(function, column))
        .collect(Collectors.joining(", "));
  }

  @ParameterizedTest
  @MethodSource("expressions")
  void bothEnginesGiveTheSame(String expressions) {
    String sql =
        ROWS
            + (expressions.contains(" OVER ")
                ? "SELECT i, " + expressions + " FROM cells ORDER BY i"
                : "SELECT g, " + expressions + " FROM cells GROUP BY g ORDER BY g");
    assertThat(sandbox.rows(sql))
        .usingRecursiveComparison()
        .withComparatorForType(EveryAggregateTest::nearly, Double.class)
        .isEqualTo(ReferenceEngine.rows(sql));
  }

  /** The order in which FLOAT64 are added decides the last digits. */
  private static int nearly(double one, double other) {
    double most = Math.max(Math.abs(one), Math.abs(other));
    return Math.abs(one - other) <= 1e-12 * most ? 0 : Double.compare(one, other);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SUM(i) OVER (ORDER BY bn RANGE 1 PRECEDING)",
        "SUM(DISTINCT iv)",
        "SUM(DISTINCT iv) OVER ()",
      })
  void whatIsNotThereIsRefusedByName(String expression) {
    assertThatThrownBy(() -> sandbox.rows(ROWS + "SELECT " + expression + " FROM cells"))
        .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.httpStatus()).isEqualTo(501));
  }
}
