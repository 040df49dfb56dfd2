package io.gkp.localbigquery.library;

import com.google.api.services.bigquery.model.Argument;
import com.google.api.services.bigquery.model.Routine;
import com.google.api.services.bigquery.model.RoutineReference;
import com.google.api.services.bigquery.model.StandardSqlDataType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * A function of BigQuery in GoogleSQL. Statements call it by another name than the service's, which
 * ZetaSQL keeps for itself.
 */
public final class LibraryFunction {
  private static final String PREFIX = "bqlib_";
  private static final String ALPHABET = "'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'";

  /** By the service's names, in upper case. */
  private static final Map<String, LibraryFunction> ALL = new TreeMap<>();

  static {
    scalar("SESSION_USER", "", "'local@localhost'");
    contains("CONTAINS_SUBSTR", "NOT ENDS_WITH(token, '\":')");
    contains("CONTAINS_SUBSTR.JSON_KEYS", "ENDS_WITH(token, '\":')");
    contains("CONTAINS_SUBSTR.JSON_KEYS_AND_VALUES", "TRUE");

    // Five bits a letter: each letter takes them from two bytes, each byte from three letters.
    scalar(
        "TO_BASE32",
        "input BYTES",
        "IF(input IS NULL, NULL, (SELECT IFNULL(STRING_AGG(SUBSTR("
            + ALPHABET
            + ", 1 + (((bytes[OFFSET(DIV(5 * i, 8))] << 8)"
            + " + IFNULL(bytes[SAFE_OFFSET(DIV(5 * i, 8) + 1)], 0)) >> (11 - MOD(5 * i, 8)) & 31),"
            + " 1), '' ORDER BY i), '')"
            + " || REPEAT('=', MOD(8 - MOD(COUNT(i), 8), 8))"
            + " FROM (SELECT TO_CODE_POINTS(input) AS bytes),"
            + " UNNEST(GENERATE_ARRAY(0, DIV(BYTE_LENGTH(input) * 8 + 4, 5) - 1)) AS i))");
    scalar(
        "FROM_BASE32",
        "input STRING",
        "IF(input IS NULL, NULL, IF(NOT REGEXP_CONTAINS(input, '^([A-Z2-7]{8})*([A-Z2-7]{2}={6}|"
            + "[A-Z2-7]{4}={4}|[A-Z2-7]{5}={3}|[A-Z2-7]{7}=)?$'),"
            + " ERROR('Failed to decode invalid base32 string'),"
            + " (SELECT CODE_POINTS_TO_BYTES(IFNULL(ARRAY_AGG(((STRPOS("
            + ALPHABET
            + ", SUBSTR(input, DIV(8 * i, 5) + 1, 1)) - 1 << 10)"
            + " + (STRPOS("
            + ALPHABET
            + ", SUBSTR(input, DIV(8 * i, 5) + 2, 1)) - 1 << 5)"
            + " + GREATEST(STRPOS("
            + ALPHABET
            + ", SUBSTR(input || 'A', DIV(8 * i, 5) + 3, 1)) - 1, 0))"
            + " >> (7 - MOD(8 * i, 5)) & 255 ORDER BY i), []))"
            + " FROM UNNEST(GENERATE_ARRAY(0,"
            + " DIV(LENGTH(RTRIM(input, '=')) * 5, 8) - 1)) AS i)))");

    // A sketch holds all distinct values: what it counts is exact.
    scalar("HLL.VALUES", "sketch BYTES", "JSON_VALUE_ARRAY(SAFE_CONVERT_BYTES_TO_STRING(sketch))");
    scalar(
        "HLL.SIZE",
        "members ARRAY<STRING>",
        "(SELECT COUNT(DISTINCT member) FROM UNNEST(members) AS member)");
    scalar(
        "HLL.SKETCH",
        "members ARRAY<STRING>",
        "IF(members IS NULL, NULL, CAST(TO_JSON_STRING(ARRAY(SELECT DISTINCT member"
            + " FROM UNNEST(members) AS member)) AS BYTES))");
    aggregate(
        "HLL_COUNT.INIT",
        "input ANY",
        "bqlib_hll_sketch(ARRAY_AGG(DISTINCT IF(input IS NULL, NULL, TO_JSON_STRING(input))"
            + " IGNORE NULLS))");
    aggregate(
        "HLL_COUNT.MERGE",
        "sketch BYTES",
        "bqlib_hll_size(ARRAY_CONCAT_AGG(bqlib_hll_values(sketch)))");
    aggregate(
        "HLL_COUNT.MERGE_PARTIAL",
        "sketch BYTES",
        "bqlib_hll_sketch(ARRAY_CONCAT_AGG(bqlib_hll_values(sketch)))");
    scalar("HLL_COUNT.EXTRACT", "sketch BYTES", "bqlib_hll_size(bqlib_hll_values(sketch))");

    quantiles("INT64");
    quantiles("FLOAT64");
    scalar(
        "KLL.SKETCH",
        "members ARRAY<STRING>",
        "IF(members IS NULL, NULL, CAST(TO_JSON_STRING(members) AS BYTES))");
    aggregate(
        "KLL_QUANTILES.MERGE_PARTIAL",
        "sketch BYTES",
        "bqlib_kll_sketch(ARRAY_CONCAT_AGG(bqlib_hll_values(sketch)))");

    top("TOP_COUNT", "count");
    top("TOP_SUM", "sum");
  }

  /**
   * Looks into all fields and elements. As JSON these are tokens, and keys end in a colon. A NULL
   * among them makes the answer NULL unless something else matches.
   */
  private static void contains(String name, String searched) {
    String text =
        "REGEXP_REPLACE(JSON_VALUE(REGEXP_REPLACE(token, r':$', '')),"
            + " r'^(\\d{4}-\\d\\d-\\d\\d)T(\\d\\d:\\d\\d:\\d\\d(?:\\.\\d+)?)(?:Z|$)', r'\\1 \\2')";
    scalar(
        name,
        "value ANY, search STRING",
        "IF(search IS NULL OR search = '',"
            + " ERROR('CONTAINS_SUBSTR needs a search value that is not empty'),"
            + " IF(value IS NULL, NULL, (SELECT IF(COUNTIF(token = 'null') > 0,"
            + " NULLIF(IFNULL(LOGICAL_OR(same), FALSE), FALSE), IFNULL(LOGICAL_OR(same), FALSE))"
            + " FROM (SELECT token, STRPOS(NORMALIZE_AND_CASEFOLD("
            + text
            + ", NFKC), NORMALIZE_AND_CASEFOLD(search, NFKC)) > 0 AS same"
            + " FROM UNNEST(REGEXP_EXTRACT_ALL(TO_JSON_STRING(value),"
            + " r'\"(?:[^\"\\\\]|\\\\.)*\":?|[^\\[\\]{},:\"\\s]+')) AS token WHERE "
            + searched
            + "))))");
  }

  /** A sketch holds all values; the ranks are those of APPROX_QUANTILES. */
  private static void quantiles(String type) {
    String values =
        "(SELECT ARRAY_AGG(CAST(member AS %1$s) ORDER BY CAST(member AS %1$s)) AS members"
                .formatted(type)
            + " FROM UNNEST(bqlib_hll_values(sketch)) AS member)";
    aggregate(
        "KLL_QUANTILES.INIT_" + type,
        "input " + type,
        "bqlib_kll_sketch(ARRAY_AGG(CAST(input AS STRING) IGNORE NULLS))");
    scalar(
        "KLL_QUANTILES.EXTRACT_" + type,
        "sketch BYTES, number INT64",
        "(SELECT IF(members IS NULL, NULL, ARRAY(SELECT members[OFFSET(GREATEST(DIV(i *"
            + " ARRAY_LENGTH(members) + number - 1, number), 1) - 1)]"
            + " FROM UNNEST(GENERATE_ARRAY(0, number)) AS i ORDER BY i)) FROM "
            + values
            + ")");
    scalar(
        "KLL_QUANTILES.EXTRACT_POINT_" + type,
        "sketch BYTES, phi FLOAT64",
        "(SELECT members[OFFSET(CAST(GREATEST(CEIL(phi * ARRAY_LENGTH(members)), 1) AS INT64) - 1)]"
            + " FROM "
            + values
            + ")");
  }

  private static void top(String name, String total) {
    scalar(
        name,
        "weighted ANY, number INT64",
        "ARRAY(SELECT AS STRUCT value, total AS "
            + total
            + " FROM (SELECT value, total,"
            + " ROW_NUMBER() OVER (ORDER BY total DESC) AS place"
            + " FROM (SELECT pair.value, SUM(pair.weight) AS total FROM UNNEST(weighted) AS pair"
            + " GROUP BY 1)) WHERE place <= number ORDER BY place)");
  }

  private final Routine routine;

  private LibraryFunction(Routine routine) {
    this.routine = routine;
  }

  private static void scalar(String name, String arguments, String body) {
    define(name, "SCALAR_FUNCTION", arguments, body);
  }

  private static void aggregate(String name, String arguments, String body) {
    define(name, "AGGREGATE_FUNCTION", arguments, body);
  }

  private static void define(String name, String type, String arguments, String body) {
    List<Argument> all = new ArrayList<>();
    for (String argument : arguments.isEmpty() ? new String[0] : arguments.split(", ")) {
      String[] nameAndType = argument.split(" ");
      all.add(
          nameAndType[1].equals("ANY")
              ? new Argument().setName(nameAndType[0]).setArgumentKind("ANY_TYPE")
              : new Argument().setName(nameAndType[0]).setDataType(type(nameAndType[1])));
    }
    ALL.put(
        name,
        new LibraryFunction(
            new Routine()
                .setRoutineReference(new RoutineReference().setRoutineId(internal(name)))
                .setRoutineType(type)
                .setLanguage("SQL")
                .setArguments(all)
                .setDefinitionBody(body)));
  }

  private static StandardSqlDataType type(String name) {
    return name.startsWith("ARRAY<")
        ? new StandardSqlDataType()
            .setTypeKind("ARRAY")
            .setArrayElementType(type(name.substring(6, name.length() - 1)))
        : new StandardSqlDataType().setTypeKind(name);
  }

  private static String internal(String name) {
    return PREFIX + name.toLowerCase(Locale.ROOT).replace('.', '_');
  }

  /**
   * What statements call a function by.
   *
   * @param name the service's, in any case
   */
  public static String nameOf(String name) {
    return ALL.get(name.toUpperCase(Locale.ROOT)).routine.getRoutineReference().getRoutineId();
  }

  /** Those that a text may call. */
  public static List<Routine> namedIn(String sql) {
    return sql.contains(PREFIX)
        ? ALL.values().stream()
            .map(function -> function.routine)
            .filter(routine -> sql.contains(routine.getRoutineReference().getRoutineId()))
            .toList()
        : List.of();
  }
}
