package io.gkp.localbigquery.sql;

import static io.gkp.localbigquery.sql.Sandbox.row;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.api.services.bigquery.model.QueryParameter;
import com.google.api.services.bigquery.model.QueryParameterType;
import com.google.api.services.bigquery.model.QueryParameterValue;
import com.google.api.services.bigquery.model.TableFieldSchema;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Values go through the engine and come back as they were. */
class ValuesTest {
  private final Sandbox sandbox;

  ValuesTest(@TempDir Path directory) {
    this.sandbox = new Sandbox(directory);
  }

  static List<Arguments> values() {
    return List.of(
        value("STRING", "", "plain", "\u00e4\ud83d\ude00\u0000", "line\nbreak"),
        value("BYTES", new byte[0], new byte[] {0, (byte) 0xff}),
        value("INTEGER", 0L, Long.MIN_VALUE, Long.MAX_VALUE),
        value(
            "FLOAT",
            0.1,
            -0.0,
            Double.NaN,
            Double.NEGATIVE_INFINITY,
            Double.MAX_VALUE,
            Double.MIN_VALUE),
        value("BOOLEAN", true, false),
        value(
            "NUMERIC",
            new BigDecimal("0"),
            new BigDecimal("-0.000000001"),
            new BigDecimal("100"),
            new BigDecimal("99999999999999999999999999999.999999999"),
            new BigDecimal("-99999999999999999999999999999.999999999")),
        value(
            "BIGNUMERIC",
            new BigDecimal("1.00000000000000000000000000000000000001"),
            new BigDecimal(
                "578960446186580977117854925043439539266.34992332820282019728792003956564819967"),
            new BigDecimal(
                "-578960446186580977117854925043439539266.34992332820282019728792003956564819968")),
        value("DATE", LocalDate.of(1, 1, 1), LocalDate.of(1970, 1, 1), LocalDate.of(9999, 12, 31)),
        value("TIME", LocalTime.MIDNIGHT, LocalTime.of(23, 59, 59, 999_999_000)),
        value(
            "DATETIME",
            LocalDateTime.of(1, 1, 1, 0, 0),
            LocalDateTime.of(9999, 12, 31, 23, 59, 59, 999_999_000)),
        value(
            "TIMESTAMP",
            Instant.parse("0001-01-01T00:00:00Z"),
            Instant.parse("1969-12-31T23:59:59.999999Z"),
            Instant.parse("2026-02-03T04:05:06.123456Z"),
            Instant.parse("9999-12-31T23:59:59.999999Z")),
        value("JSON", "{\"a\":[1,2.5,null,\"x\"]}", "null", "\"text\"", "12345678901234567890"));
  }

  private static Arguments value(String type, Object... values) {
    return Arguments.of(type, Arrays.asList(values));
  }

  @ParameterizedTest
  @MethodSource("values")
  void valuesOfEveryTypeComeBack(String type, List<Object> values) {
    List<TableFieldSchema> columns = new ArrayList<>();
    columns.addAll(Sandbox.columns("n INTEGER, plain " + type + ", many " + type + "[]"));
    columns.add(
        new TableFieldSchema()
            .setName("deep")
            .setType("RECORD")
            .setMode("REPEATED")
            .setFields(Sandbox.columns("x " + type + ", ys " + type + "[]")));
    List<Object[]> rows = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      Object[] struct = {values.get(i), values};
      rows.add(
          row((long) i, values.get(i), values, List.of(struct, new Object[] {null, List.of()})));
    }
    rows.add(row((long) values.size(), null, List.of(), List.of()));
    sandbox.table("t", columns, rows.toArray(new Object[0][]));

    assertThat(Sandbox.values(sandbox.run("SELECT * FROM t ORDER BY n")))
        .usingRecursiveComparison()
        .withEqualsForType(Double::equals, Double.class)
        .withEqualsForType((a, b) -> a.compareTo(b) == 0, BigDecimal.class)
        .isEqualTo(rows);
    assertThat(sandbox.run("SELECT * FROM t").schema().getFields())
        .extracting(TableFieldSchema::getType, TableFieldSchema::getMode)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("INTEGER", "NULLABLE"),
            org.assertj.core.groups.Tuple.tuple(type, "NULLABLE"),
            org.assertj.core.groups.Tuple.tuple(type, "REPEATED"),
            org.assertj.core.groups.Tuple.tuple("RECORD", "REPEATED"));
  }

  @Test
  void intervalsAndRangesAreReturnedAsText() {
    assertThat(
            sandbox.rows(
                "SELECT MAKE_INTERVAL(1, 2, 3, 4, 5, 6), INTERVAL '-0.5' SECOND,"
                    + " RANGE(DATE '2026-01-01', NULL)"))
        .containsExactly(List.of("1-2 3 4:5:6", "0-0 0 -0:0:0.500", "[2026-01-01, UNBOUNDED)"));
  }

  @Test
  void pathsInJsonMayBeParameters() {
    QueryParameter path = parameter("p", "STRING", "$.a");
    assertThat(
            sandbox.rows(
                "SELECT JSON_VALUE(JSON '{\"a\":1}', @p), JSON_QUERY('{\"a\":[1]}', @p),"
                    + " TO_JSON_STRING(JSON_SET(JSON '{}', @p, 2))",
                path))
        .containsExactly(List.of("1", "[1]", "{\"a\":2}"));
    assertThat(sandbox.rows("DECLARE v STRING DEFAULT @p; SELECT JSON_VALUE('{\"a\":1}', v)", path))
        .containsExactly(List.of("1"));
  }

  static QueryParameter parameter(String name, String type, String value) {
    return new QueryParameter()
        .setName(name)
        .setParameterType(new QueryParameterType().setType(type))
        .setParameterValue(new QueryParameterValue().setValue(value));
  }

  @Test
  void namedParametersTakeTheirTypes() {
    assertThat(
            sandbox.rows(
                "SELECT @i + 1, @s || '!', @f, @b, @n, @d, @ts, @dt, @t, @by, @missing",
                parameter("i", "INT64", "41"),
                parameter("S", "STRING", "hi"),
                parameter("f", "FLOAT64", "0.5"),
                parameter("b", "BOOL", "true"),
                parameter("n", "NUMERIC", "1.5"),
                parameter("d", "DATE", "2026-02-03"),
                parameter("ts", "TIMESTAMP", "2026-02-03 04:05:06.789+00:00"),
                parameter("dt", "DATETIME", "2026-02-03T04:05:06"),
                parameter("t", "TIME", "04:05:06.000001"),
                parameter("by", "BYTES", "AP8="),
                parameter("missing", "STRING", null)))
        .containsExactly(
            Arrays.asList(
                42L,
                "hi!",
                0.5,
                true,
                new BigDecimal("1.5"),
                LocalDate.of(2026, 2, 3),
                Instant.parse("2026-02-03T04:05:06.789Z"),
                LocalDateTime.of(2026, 2, 3, 4, 5, 6),
                LocalTime.of(4, 5, 6, 1000),
                "0xff",
                null));
  }

  @Test
  void positionalParametersGoByTheirOrder() {
    sandbox.table("t", "id INT64, s STRING", row(1L, "a"), row(2L, "b?"));
    assertThat(
            sandbox.rows(
                "SELECT s, ? FROM t WHERE id = ? AND s != '?'",
                parameter(null, "STRING", "first"),
                parameter(null, "INT64", "2")))
        .containsExactly(List.of("b?", "first"));
  }

  @Test
  void parametersMayBeArraysAndStructs() {
    QueryParameter ids =
        new QueryParameter()
            .setName("ids")
            .setParameterType(
                new QueryParameterType()
                    .setType("ARRAY")
                    .setArrayType(new QueryParameterType().setType("INT64")))
            .setParameterValue(
                new QueryParameterValue()
                    .setArrayValues(
                        List.of(
                            new QueryParameterValue().setValue("1"),
                            new QueryParameterValue().setValue("3"))));
    QueryParameter pair =
        new QueryParameter()
            .setName("pair")
            .setParameterType(
                new QueryParameterType()
                    .setType("STRUCT")
                    .setStructTypes(
                        List.of(
                            new QueryParameterType.StructTypes()
                                .setName("a")
                                .setType(new QueryParameterType().setType("STRING")))))
            .setParameterValue(
                new QueryParameterValue()
                    .setStructValues(Map.of("a", new QueryParameterValue().setValue("x"))));
    assertThat(sandbox.rows("SELECT id, @pair.a FROM UNNEST(@ids) AS id ORDER BY 1", ids, pair))
        .containsExactly(List.of(1L, "x"), List.of(3L, "x"));
  }

  @Test
  void theCurrentTimeStandsStillWithinAStatement() {
    assertThat(
            sandbox.rows(
                "SELECT DISTINCT CURRENT_TIMESTAMP() = ANY_VALUE(CURRENT_TIMESTAMP()) OVER ()"
                    + " FROM UNNEST(GENERATE_ARRAY(1, 1000))"))
        .containsExactly(List.of(true));
  }
}
