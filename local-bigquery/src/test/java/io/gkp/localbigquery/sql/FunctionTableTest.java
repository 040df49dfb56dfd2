package io.gkp.localbigquery.sql;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.zetasql.LocalService.TableData;
import com.google.zetasql.SimpleCatalogProtos.SimpleCatalogProto;
import com.google.zetasql.ZetaSQLType.TypeProto;
import io.gkp.localbigquery.api.ApiException;
import io.gkp.localbigquery.sql.analysis.OutputColumns;
import io.gkp.localbigquery.sql.analysis.Parameters;
import io.gkp.localbigquery.sql.analysis.Trees;
import io.gkp.localbigquery.sql.analysis.ZetaSql;
import io.gkp.localbigquery.sql.statement.Catalogs;
import io.gkp.localbigquery.sql.value.ValueDecoder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What DuckDB computes is what ZetaSQL computes, values at the limits included, or an error in
 * both.
 */
class FunctionTableTest {
  private static final String INTEGERS =
      "UNNEST([NULL, 0, 1, -1, 2, 7, -7, 1000, 9223372036854775807, -9223372036854775807])";
  private static final String DOUBLES =
      "UNNEST([NULL, 0.0, 1.5, -2.5, 1e308, -1e308, 1e-308, CAST('nan' AS FLOAT64),"
          + " CAST('inf' AS FLOAT64), CAST('-inf' AS FLOAT64)])";
  private static final String NUMERICS =
      "UNNEST([NULL, NUMERIC '0', NUMERIC '1.5', NUMERIC '-2.000000001',"
          + " NUMERIC '99999999999999999999999999999.999999999'])";
  private static final String STRINGS =
      "UNNEST([NULL, '', 'a', 'abcabc', 'A\"b\\\\c', 'ä€😀', 'e\\u0301', '%_', ' x\\n', 'ß'])";
  private static final String DATES =
      "UNNEST([NULL, DATE '0001-01-01', DATE '1969-12-31', DATE '2024-02-29', DATE '9999-12-31'])";
  private static final String TIMESTAMPS =
      "UNNEST([NULL, TIMESTAMP '0001-01-01 00:00:00', TIMESTAMP '1969-12-31 23:59:59.999999',"
          + " TIMESTAMP '2024-03-31 01:30:00.5', TIMESTAMP '9999-12-31 23:59:59.999999'])";
  private static final String BOOLEANS = "UNNEST([NULL, TRUE, FALSE])";
  private static final String ARRAYS =
      "UNNEST([STRUCT(CAST(NULL AS ARRAY<INT64>) AS l), STRUCT([]), STRUCT([1]), STRUCT([3, NULL, 1])])";

  private static final String ERROR = "error";
  private static final int MOST_VALUES = 10;

  private static Sandbox sandbox;

  @BeforeAll
  static void open(@TempDir Path directory) {
    sandbox = new Sandbox(directory);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      value = {
        "x AND y # BOOL",
        "x OR y # BOOL",
        "NOT x # BOOL",
        "x IS TRUE # BOOL",
        "x IS FALSE # BOOL",
        "IF(x, 1, 2) # BOOL",
        "IFNULL(x, y) # BOOL",
        "COALESCE(x, y) # BOOL",
        "x = y # BOOL",
        "x + y # INT64",
        "x - y # INT64",
        "x * y # INT64",
        "DIV(x, y) # INT64",
        "MOD(x, y) # INT64",
        "x / y # INT64",
        "SAFE_DIVIDE(x, y) # INT64",
        "-x # INT64",
        "ABS(x) # INT64",
        "x < y # INT64",
        "x >= y # INT64",
        "x IN (1, y, NULL) # INT64",
        "x BETWEEN -1 AND y # INT64",
        "GREATEST(x, y, 3) # INT64",
        "LEAST(x, y) # INT64",
        "NULLIF(x, y) # INT64",
        "CASE x WHEN y THEN 1 WHEN 7 THEN 2 ELSE 3 END # INT64",
        "CASE WHEN x > y THEN 1 END # INT64",
        "x IS DISTINCT FROM y # INT64",
        "STRUCT(x, 1) = STRUCT(y, 1) # INT64",
        "STRUCT(x) IN (STRUCT(y)) # INT64",
        "TIMESTAMP_SECONDS(x) # INT64",
        "SAFE.TIMESTAMP_SECONDS(x) # INT64",
        "TIMESTAMP_MILLIS(x) # INT64",
        "TIMESTAMP_MICROS(x) # INT64",
        "CAST(x AS STRING) # INT64",
        "CAST(x AS FLOAT64) # INT64",
        "CAST(x AS NUMERIC) # INT64",
        "TO_JSON_STRING(x) # INT64",
        "x IN UNNEST([1, NULL, 7]) # INT64",
        "GENERATE_ARRAY(0, IF(ABS(x) < 10, x, 3)) # INT64",
        "GENERATE_ARRAY(5, IF(ABS(x) < 10, x, 3), -2) # INT64",
        "[4, 5][SAFE_OFFSET(x)] # INT64",
        "[4, 5][OFFSET(x)] # INT64",
        "[4, 5][SAFE_ORDINAL(x)] # INT64",
        "[4, 5][ORDINAL(x)] # INT64",
        "x + y # FLOAT64",
        "x - y # FLOAT64",
        "x * y # FLOAT64",
        "x / y # FLOAT64",
        "SAFE_DIVIDE(x, y) # FLOAT64",
        "x = y # FLOAT64",
        "x != y # FLOAT64",
        "x < y # FLOAT64",
        "x <= y # FLOAT64",
        "x > y # FLOAT64",
        "x IN (y, 1.5) # FLOAT64",
        "-x # FLOAT64",
        "ABS(x) # FLOAT64",
        "NULLIF(x, y) # FLOAT64",
        "x BETWEEN y AND 1e308 # FLOAT64",
        "CAST(x AS STRING) # FLOAT64",
        "TO_JSON_STRING(x) # FLOAT64",
        "ROUND(x, 1) # FLOAT64",
        "x + y # NUMERIC",
        "x - y # NUMERIC",
        "x * y # NUMERIC",
        "x / y # NUMERIC",
        "x = y # NUMERIC",
        "x < y # NUMERIC",
        "-x # NUMERIC",
        "ABS(x) # NUMERIC",
        "CAST(x AS STRING) # NUMERIC",
        "CAST(x AS BIGNUMERIC) # NUMERIC",
        "GREATEST(x, y) # NUMERIC",
        "x = y # STRING",
        "x < y # STRING",
        "CONCAT(x, '-', y) # STRING",
        "LENGTH(x) # STRING",
        "BYTE_LENGTH(x) # STRING",
        "SUBSTR(x, 2) # STRING",
        "SUBSTR(x, -2, 1) # STRING",
        "SUBSTR(x, 0, 2) # STRING",
        "STRPOS(x, y) # STRING",
        "STARTS_WITH(x, y) # STRING",
        "ENDS_WITH(x, y) # STRING",
        "x LIKE 'a%' # STRING",
        "x LIKE '\\\\%_' # STRING",
        "REGEXP_CONTAINS(x, r'[b-c]+') # STRING",
        "REGEXP_EXTRACT(x, r'b.') # STRING",
        "REGEXP_EXTRACT(x, r'(b)?(a)') # STRING",
        "TO_JSON_STRING(x) # STRING",
        "UPPER(x) # STRING",
        "TO_JSON_STRING(STRUCT(x AS a, 1 AS b)) # STRING",
        "TRIM(x) # STRING",
        "REVERSE(x) # STRING",
        "SPLIT(x, 'b') # STRING",
        "SAFE_CAST(x AS INT64) # STRING",
        "TO_HEX(CAST(x AS BYTES)) # STRING",
        "x < y # DATE",
        "DATE_TRUNC(x, MONTH) # DATE",
        "DATE_TRUNC(x, ISOWEEK) # DATE",
        "DATE_TRUNC(x, WEEK) # DATE",
        "DATE_DIFF(x, y, DAY) # DATE",
        "DATE_DIFF(x, y, MONTH) # DATE",
        "DATE_ADD(x, INTERVAL 1 DAY) # DATE",
        "DATE_SUB(x, INTERVAL 1 DAY) # DATE",
        "DATE_ADD(x, INTERVAL 1 MONTH) # DATE",
        "EXTRACT(YEAR FROM x) # DATE",
        "EXTRACT(DAYOFWEEK FROM x) # DATE",
        "EXTRACT(QUARTER FROM x) # DATE",
        "UNIX_DATE(x) # DATE",
        "CAST(x AS TIMESTAMP) # DATE",
        "TIMESTAMP(x) # DATE",
        "TIMESTAMP(x, 'Europe/Berlin') # DATE",
        "CAST(x AS STRING) # DATE",
        "FORMAT_DATE('%a %d', x) # DATE",
        "DATE(x) # TIMESTAMP",
        "DATE(x, 'Europe/Berlin') # TIMESTAMP",
        "DATETIME(x) # TIMESTAMP",
        "TIMESTAMP_TRUNC(x, HOUR) # TIMESTAMP",
        "TIMESTAMP_TRUNC(x, WEEK(MONDAY)) # TIMESTAMP",
        "TIMESTAMP_DIFF(x, y, SECOND) # TIMESTAMP",
        "TIMESTAMP_DIFF(x, y, DAY) # TIMESTAMP",
        "TIMESTAMP_ADD(x, INTERVAL 1 HOUR) # TIMESTAMP",
        "UNIX_MICROS(x) # TIMESTAMP",
        "TIMESTAMP_SUB(x, INTERVAL 1 MICROSECOND) # TIMESTAMP",
        "UNIX_MILLIS(x) # TIMESTAMP",
        "UNIX_SECONDS(x) # TIMESTAMP",
        "EXTRACT(HOUR FROM x) # TIMESTAMP",
        "x <= y # TIMESTAMP",
        "EXTRACT(DATE FROM x) # TIMESTAMP",
        "EXTRACT(DAYOFYEAR FROM x) # TIMESTAMP",
        "CAST(x AS STRING) # TIMESTAMP",
        "FORMAT_TIMESTAMP('%F %T', x) # TIMESTAMP",
        "ARRAY_LENGTH(x.l) # ARRAY",
        "ARRAY_REVERSE(x.l)[SAFE_OFFSET(0)] # ARRAY",
        "ARRAY_LENGTH(ARRAY_CONCAT(x.l, [9], y.l)) # ARRAY",
        "3 IN UNNEST(x.l) # ARRAY",
        "ARRAY(SELECT e + 1 FROM UNNEST(x.l) AS e WHERE e > 0) # ARRAY",
        "(SELECT COUNT(*) FROM UNNEST(x.l) AS e WHERE e > 1) # ARRAY",
        "(SELECT MAX(e) FROM UNNEST(x.l) AS e) # ARRAY",
        "EXISTS(SELECT 1 FROM UNNEST(x.l) AS e WHERE e = 1) # ARRAY",
        "(SELECT SUM(e) FROM UNNEST(x.l) AS e) # ARRAY",
        "TO_JSON_STRING(x) # ARRAY"
      })
  void duckDbComputesWhatZetaSqlDoes(String expression, String type) {
    String pairs =
        "WITH v AS (SELECT x, i FROM %s AS x WITH OFFSET AS i) SELECT %s AS r FROM v"
                .formatted(values(type), expression)
            + (expression.contains("y")
                ? " CROSS JOIN (SELECT x AS y, i AS j FROM v) WHERE @which ORDER BY i, j"
                : " WHERE @which ORDER BY i");
    String together = zetas(pairs.replace("@which", "TRUE"));
    if (!together.equals(ERROR)) {
      assertThat(ours(pairs.replace("@which", "TRUE"))).isEqualTo(together);
      return;
    }
    // Each row alone, to see which of them are errors; of pairs, neighbours.
    for (int x = 0; x < MOST_VALUES; x++) {
      String row =
          pairs.replace(
              "@which",
              "i = " + x + (expression.contains("y") ? " AND j IN (" + x + ", 1, 8)" : ""));
      assertThat(ours(row)).as("%s for %d", expression, x).isEqualTo(zetas(row));
    }
  }

  private static String values(String type) {
    return switch (type) {
      case "BOOL" -> BOOLEANS;
      case "INT64" -> INTEGERS;
      case "FLOAT64" -> DOUBLES;
      case "NUMERIC" -> NUMERICS;
      case "STRING" -> STRINGS;
      case "DATE" -> DATES;
      case "TIMESTAMP" -> TIMESTAMPS;
      default -> ARRAYS;
    };
  }

  private static String ours(String sql) {
    try {
      return Sandbox.values(sandbox.run(sql)).stream().map(row -> text(row[0])).toList().toString();
    } catch (ApiException e) {
      assertThat(e.reason()).as(e.getMessage()).isEqualTo("invalidQuery");
      return ERROR;
    }
  }

  private static String zetas(String sql) {
    SimpleCatalogProto none = new Catalogs().build();
    ZetaSql zetaSql = ZetaSql.instance();
    TypeProto type =
        OutputColumns.types(Trees.unwrap(zetaSql.analyzeExpanded(sql, none, Parameters.NONE)))
            .get(0);
    try {
      TableData data = zetaSql.query(sql, none, Parameters.NONE);
      return data.getRowList().stream()
          .map(row -> text(ValueDecoder.decode(type, row.getCell(0))))
          .toList()
          .toString();
    } catch (ApiException e) {
      return ERROR;
    }
  }

  private static String text(Object value) {
    return value instanceof List<?> list
        ? Arrays.toString(list.toArray())
        : value instanceof Double d && d == 0 ? "0.0" : String.valueOf(value);
  }
}
