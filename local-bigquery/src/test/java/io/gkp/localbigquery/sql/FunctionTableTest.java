package io.gkp.localbigquery.sql;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import com.google.zetasql.AnyResolvedExprProto;
import com.google.zetasql.LocalService.TableData;
import com.google.zetasql.ResolvedFunctionCallBaseProto;
import com.google.zetasql.ResolvedFunctionCallProto;
import com.google.zetasql.SimpleCatalogProtos.SimpleCatalogProto;
import com.google.zetasql.ZetaSQLType.TypeProto;
import com.google.zetasql.resolvedast.ResolvedFunctionCallBaseEnums.ErrorMode;
import io.gkp.localbigquery.api.ApiException;
import io.gkp.localbigquery.sql.analysis.OutputColumns;
import io.gkp.localbigquery.sql.analysis.Parameters;
import io.gkp.localbigquery.sql.analysis.Trees;
import io.gkp.localbigquery.sql.analysis.ZetaSql;
import io.gkp.localbigquery.sql.statement.Catalogs;
import io.gkp.localbigquery.sql.value.ValueDecoder;
import io.gkp.localbigquery.translate.FunctionTable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

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

  /** Another value each time, or no value. */
  private static final Set<String> INCOMPARABLE =
      Set.of(
          "rand",
          "generate_uuid",
          "error",
          "current_timestamp",
          "current_date",
          "current_datetime");

  /** An expression of {@code x} and {@code y}, and the type of both. */
  private static final List<String> CASES =
      List.of(
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
          "TO_JSON_STRING(x) # ARRAY",
          "x IS NULL # INT64",
          "x IS NOT DISTINCT FROM y # INT64",
          "x > y # INT64",
          "x <= y # INT64",
          "x < y # TIMESTAMP",
          "CBRT(x) # FLOAT64",
          "x >= y # FLOAT64",
          "CHAR_LENGTH(x) # STRING",
          "BYTE_LENGTH(CAST(x AS BYTES)) # STRING",
          "LENGTH(CAST(x AS BYTES)) # STRING",
          "DATE(2024, 2, IF(x BETWEEN 1 AND 29, x, 3)) # INT64",
          "TIMESTAMP(DATETIME(x), 'Europe/Berlin') # TIMESTAMP",
          "DATE(DATETIME(x)) # TIMESTAMP",
          "ARRAY_LENGTH([x, y]) # INT64",
          "DATETIME(x, 'UTC') # TIMESTAMP",
          "DATETIME_TRUNC(DATETIME(x), HOUR) # TIMESTAMP",
          "ARRAY_LENGTH(GENERATE_DATE_ARRAY(DATE '2024-01-01', x, INTERVAL 100000 DAY)) # DATE",
          "ARRAY_LENGTH(ARRAY_CONCAT(x.l)) # ARRAY",
          "EXTRACT(YEAR FROM DATETIME(x)) # TIMESTAMP");

  private static Sandbox sandbox;

  @BeforeAll
  static void open(@TempDir Path directory) {
    sandbox = new Sandbox(directory);
  }

  static Stream<Arguments> cases() {
    return CASES.stream().map(each -> Arguments.of((Object[]) each.split(" # ")));
  }

  @ParameterizedTest
  @MethodSource("cases")
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

  @Test
  void everyRowIsCompared() {
    ZetaSql zetaSql = ZetaSql.instance();
    List<Called> called = new ArrayList<>();
    for (String each : CASES) {
      String[] parts = each.split(" # ");
      String sql =
          "SELECT %s FROM %s AS x CROSS JOIN %2$s AS y".formatted(parts[0], values(parts[1]));
      Message tree =
          Trees.unwrap(zetaSql.analyzeExpanded(sql, new Catalogs().build(), Parameters.NONE));
      for (ResolvedFunctionCallProto call : Trees.all(tree, ResolvedFunctionCallProto.class)) {
        called.add(Called.of(call));
      }
    }
    assertThat(
            FunctionTable.signatures().stream()
                .filter(row -> !INCOMPARABLE.contains(row.name()))
                .filter(row -> called.stream().noneMatch(call -> call.fits(row))))
        .isEmpty();
  }

  /** A call in a case: the function's name, and the types of its arguments. */
  private record Called(String name, List<String> types) {
    static Called of(ResolvedFunctionCallProto call) {
      ResolvedFunctionCallBaseProto base = call.getParent();
      String name = base.getFunction().getName().replace("ZetaSQL:", "");
      return new Called(
          base.getErrorMode() == ErrorMode.SAFE_ERROR_MODE ? "safe." + name : name,
          base.getArgumentListList().stream().map(Called::type).toList());
    }

    private static String type(AnyResolvedExprProto argument) {
      Message node = Trees.unwrap(argument);
      while (node.getDescriptorForType().findFieldByName("type") == null) {
        node = (Message) node.getField(node.getDescriptorForType().findFieldByName("parent"));
      }
      TypeProto type =
          (TypeProto) node.getField(node.getDescriptorForType().findFieldByName("type"));
      return type.getTypeKind().name().replace("TYPE_", "").replace("DOUBLE", "FLOAT64");
    }

    /** As far as types tell: constants count as any value. */
    boolean fits(FunctionTable.Signature row) {
      List<String> wanted =
          row.arguments().isEmpty()
              ? List.of()
              : List.of(row.arguments().replace("...", "").split(", "));
      boolean repeats = row.arguments().endsWith("...");
      if (!name.equals(row.name())
          || (repeats ? types.size() < wanted.size() - 1 : types.size() != wanted.size())) {
        return false;
      }
      for (int i = 0; i < types.size(); i++) {
        String type = wanted.get(Math.min(i, wanted.size() - 1)).replace("const ", "");
        if (!(type.startsWith("'") ? types.get(i).equals("ENUM") : isOne(types.get(i), type))) {
          return false;
        }
      }
      return true;
    }

    private static boolean isOne(String type, String wanted) {
      return wanted.equals("any")
          || List.of(wanted.split("\\|")).contains(type)
          || wanted.contains("plain") && !List.of("FLOAT64", "INTERVAL", "STRUCT").contains(type);
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
