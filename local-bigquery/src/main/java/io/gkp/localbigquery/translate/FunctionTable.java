package io.gkp.localbigquery.translate;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Which function DuckDB computes as GoogleSQL does, for which types, and how.
 *
 * <p>A row is a name, the types of the arguments, and SQL in which {@code $1} is the first argument
 * and {@code $(, )} all of them with this between. A type is one of GoogleSQL's; {@code any};
 * {@code plain}, those that DuckDB compares as GoogleSQL does; {@code const STRING}, a constant;
 * {@code 'DAY'}, a date part; with {@code ...} behind it repeats. Where there is no row, or
 * DuckDB's result is another for some values, ZetaSQL computes the function: that is never wrong,
 * but slow.
 *
 * <p>{@code FunctionTableTest} compares every row with ZetaSQL's own results, but for those that
 * are another value each time. Each row says why it is as it is.
 */
public final class FunctionTable {
  private static final String PLAIN =
      "INT64|NUMERIC|BIGNUMERIC|BOOL|STRING|BYTES|DATE|DATETIME|TIME|TIMESTAMP";

  private static final String SAME = "the same for every value";
  private static final String NAN_COMPARED = "NaN is neither less nor greater than anything";
  private static final String NAN_EQUAL =
      "NaN equals nothing, and STRUCTs are compared field by field";
  private static final String NULL_FOR_NULL = "NULL where an argument is or has NULL";
  private static final String NUMERIC_RANGE = "a result beyond the range of NUMERIC is an error";
  private static final String SUBSTRING = "counts from the end where the position is negative";
  private static final String YEARS = "an error beyond the years 1 to 9999";
  private static final String PATTERN = "RE2 on both sides, where the pattern is a constant";
  private static final String ZONE = "a constant names the time zone";
  private static final String NOW = "one moment for the whole query";
  private static final String ANOTHER = "another value for each row, of which ZetaSQL makes one";
  private static final String PART = "each part of a date has SQL of its own";

  private static final Map<String, List<Row>> ROWS = new HashMap<>();

  private record Row(
      String signature,
      boolean usesMacro,
      List<String> types,
      boolean repeats,
      Function<Call, Optional<String>> sql,
      String why) {
    boolean fits(Call call) {
      if (repeats ? call.size() < types.size() - 1 : call.size() != types.size()) {
        return false;
      }
      for (int i = 0; i < call.size(); i++) {
        if (!fits(types.get(Math.min(i, types.size() - 1)), call, i)) {
          return false;
        }
      }
      return true;
    }

    private static boolean fits(String type, Call call, int i) {
      if (type.startsWith("'")) {
        return type.equals("'" + call.part(i) + "'");
      }
      if (type.startsWith("const ")) {
        return call.constant(i).isPresent() && fits(type.substring(6), call, i);
      }
      return type.equals("any")
          || List.of(type.replace("plain", PLAIN).split("\\|")).contains(Types.name(call.type(i)));
    }
  }

  static {
    // Logic. Both stop at what decides, as far as an error of the rest goes unseen.
    row("$and", "BOOL...", "($( AND ))");
    row("$or", "BOOL...", "($( OR ))");
    row("$not", "BOOL", "(NOT $1)");
    row("$is_null", "any", "($1 IS NULL)");
    row("$is_true", "BOOL", "($1 IS TRUE)");
    row("$is_false", "BOOL", "($1 IS FALSE)");
    row("if", "BOOL, any, any", "(CASE WHEN $1 THEN $2 ELSE $3 END)");
    row("ifnull", "any, any", "coalesce($1, $2)");
    row("coalesce", "any...", "coalesce($(, ))");
    special("nullif", "any, any", Comparisons::nullIf, NAN_EQUAL);
    special(
        "$case_no_value",
        "any...",
        Comparisons::caseOfConditions,
        "conditions and results take turns");
    special("$case_with_value", "any...", Comparisons::caseOfValue, NAN_EQUAL);

    // Comparison. FLOAT64 has NaN, which equals nothing here and itself in DuckDB.
    special("$equal", "any, any", Comparisons::equal, NAN_EQUAL);
    special("$not_equal", "any, any", Comparisons::notEqual, NAN_EQUAL);
    for (String[] operator :
        new String[][] {
          {"$less", "<"}, {"$less_or_equal", "<="}, {"$greater", ">"}, {"$greater_or_equal", ">="}
        }) {
      row(operator[0], "plain|INTERVAL, any", "($1 " + operator[1] + " $2)");
      row(
          operator[0],
          "FLOAT64, FLOAT64",
          "bq_compare($1 " + operator[1] + " $2, $1, $2)",
          NAN_COMPARED);
    }
    row("$is_distinct_from", "any, any", "($1 IS DISTINCT FROM $2)");
    row("$is_not_distinct_from", "any, any", "($1 IS NOT DISTINCT FROM $2)");
    row("$between", "plain, any, any", "($1 BETWEEN $2 AND $3)");
    row(
        "$between",
        "FLOAT64, FLOAT64, FLOAT64",
        "(bq_compare($1 >= $2, $1, $2) AND bq_compare($1 <= $3, $1, $3))",
        NAN_COMPARED);
    special("$in", "any...", Comparisons::in, NAN_EQUAL);
    row(
        "$in_array",
        "plain, ARRAY",
        "bq_in_array($1, $2)",
        "unknown where it is not found and the array has a NULL");
    row("greatest", "plain...", "bq_no_null([$(, )], greatest($(, )))", NULL_FOR_NULL);
    row("least", "plain...", "bq_no_null([$(, )], least($(, )))", NULL_FOR_NULL);

    // Arithmetic. DuckDB raises an error for an overflow of integers, and none for one of FLOAT64.
    for (String[] operator :
        new String[][] {{"$add", "+"}, {"$subtract", "-"}, {"$multiply", "*"}}) {
      row(operator[0], "INT64, INT64", "($1 " + operator[1] + " $2)");
      row(
          operator[0],
          "FLOAT64, FLOAT64",
          "bq_finite($1 " + operator[1] + " $2, $1, $2)",
          "a result beyond the range of FLOAT64 is an error");
    }
    // Of NUMERIC only the sum: DuckDB's product has another scale.
    row("$add", "NUMERIC, NUMERIC", "bq_numeric($1 + $2)", NUMERIC_RANGE);
    row("$subtract", "NUMERIC, NUMERIC", "bq_numeric($1 - $2)", NUMERIC_RANGE);
    row("$divide", "FLOAT64, FLOAT64", "bq_divide($1, $2)", "division by zero is an error");
    row(
        "safe_divide",
        "FLOAT64, FLOAT64",
        "bq_safe_divide($1, $2)",
        "division by zero is NULL, and so is a result beyond the range");
    row("div", "INT64, INT64", "bq_div($1, $2)", "division by zero is an error");
    row("mod", "INT64, INT64", "bq_mod($1, $2)", "division by zero is an error");
    row("$unary_minus", "INT64|FLOAT64|NUMERIC", "(- $1)");
    row("abs", "INT64|FLOAT64|NUMERIC", "abs($1)");
    row("cbrt", "FLOAT64", "cbrt($1)", "ZetaSQL's own is off by one digit for 27");

    // Text. Upper and lower case, trimming, padding and splitting differ on Unicode.
    row("$like", "STRING, const STRING", "($1 LIKE $2 ESCAPE '\\')");
    row("concat", "STRING...", "($( || ))");
    row("length", "STRING", "length($1)");
    row("char_length", "STRING", "length($1)");
    row("byte_length", "STRING", "strlen($1)");
    row("byte_length", "BYTES", "octet_length($1)");
    row("length", "BYTES", "octet_length($1)");
    row("substr", "STRING, INT64", "bq_substr($1, $2, 2147483647)", SUBSTRING);
    row("substr", "STRING, INT64, INT64", "bq_substr($1, $2, $3)", SUBSTRING);
    row("strpos", "STRING, STRING", "strpos($1, $2)");
    row("starts_with", "STRING, STRING", "starts_with($1, $2)");
    row("ends_with", "STRING, STRING", "ends_with($1, $2)");
    // Both are RE2. A group that took no part is NULL here and empty there; replacing differs.
    special("regexp_contains", "STRING, const STRING", Texts::matches, PATTERN);
    special("regexp_extract", "STRING, const STRING", Texts::extract, PATTERN);
    special("to_json_string", "any...", JsonText::of, "by the type of each value within");

    // Arrays.
    row("array_length", "ARRAY", "len($1)");
    special("$make_array", "any...", Arrays::make, "the query says the type of the elements");
    row("array_concat", "ARRAY", "$1");
    row("array_concat", "ARRAY...", "bq_no_null_list([$(, )], list_concat($(, )))", NULL_FOR_NULL);
    row("array_reverse", "ARRAY", "list_reverse($1)");
    row(
        "$safe_array_at_offset",
        "ARRAY, INT64",
        "bq_safe_offset($1, $2)",
        "NULL for a place that is not there, negative ones included");
    row(
        "$array_at_offset",
        "ARRAY, INT64",
        "bq_element($1, $2, 0)",
        "an error for a place that is not there");
    row(
        "$safe_array_at_ordinal",
        "ARRAY, INT64",
        "bq_safe_offset($1, $2 - 1)",
        "NULL for a place that is not there, negative ones included");
    row(
        "$array_at_ordinal",
        "ARRAY, INT64",
        "bq_element($1, $2, 1)",
        "an error for a place that is not there");
    row("generate_array", "INT64, INT64", "generate_series($1, $2)");
    row(
        "generate_array",
        "INT64, INT64, INT64",
        "bq_generate_array($1, $2, $3)",
        "a step of zero is an error");
    special(
        "generate_date_array",
        "DATE, DATE, const INT64, any",
        Arrays::dates,
        "by the part of the date");

    // Time. A time zone other than UTC is left to ZetaSQL, but where a name says which.
    row("timestamp_seconds", "INT64", "bq_timestamp_seconds($1)", YEARS);
    row(
        "safe.timestamp_seconds",
        "INT64",
        "bq_safe_timestamp_seconds($1)",
        "NULL beyond the years 1 to 9999");
    row("timestamp_millis", "INT64", "bq_timestamp_millis($1)", YEARS);
    row("timestamp_micros", "INT64", "bq_timestamp($1)", YEARS);
    row("unix_micros", "TIMESTAMP", "epoch_us($1)");
    row(
        "unix_millis",
        "TIMESTAMP",
        "bq_floor_div(epoch_us($1), 1000)",
        "rounds down before 1970, too");
    row(
        "unix_seconds",
        "TIMESTAMP",
        "bq_floor_div(epoch_us($1), 1000000)",
        "rounds down before 1970, too");
    row("unix_date", "DATE", "date_diff('day', DATE '1970-01-01', $1)");
    row("current_timestamp", "", "CAST(timezone('UTC', now()) AS TIMESTAMP)", NOW);
    row("current_date", "", "CAST(timezone('UTC', now()) AS DATE)", NOW);
    row("current_datetime", "", "CAST(timezone('UTC', now()) AS TIMESTAMP)", NOW);
    row("date", "INT64, INT64, INT64", "bq_date(make_date($1, $2, $3))", YEARS);
    row("date", "DATETIME", "CAST($1 AS DATE)");
    special("date", "TIMESTAMP, const STRING", call -> Times.zoned(call, "DATE"), ZONE);
    row("date", "TIMESTAMP", "CAST($1 AS DATE)");
    special("timestamp", "DATE|DATETIME, const STRING", Times::inUtc, ZONE);
    special("datetime", "TIMESTAMP, const STRING", call -> Times.zoned(call, "TIMESTAMP"), ZONE);
    row("datetime", "TIMESTAMP", "$1");
    special("date_trunc", "DATE, any", Times::truncatedDate, PART);
    special("datetime_trunc", "DATETIME, any", Times::truncated, PART);
    special("timestamp_trunc", "TIMESTAMP, any", Times::truncated, PART);
    row("date_diff", "DATE, DATE, 'DAY'", "date_diff('day', $2, $1)");
    special("timestamp_diff", "TIMESTAMP, TIMESTAMP, any", Times::difference, PART);
    special("timestamp_add", "TIMESTAMP, INT64, any", call -> Times.moved(call, "+"), PART);
    special("timestamp_sub", "TIMESTAMP, INT64, any", call -> Times.moved(call, "-"), PART);
    row("date_add", "DATE, INT64, 'DAY'", "bq_date($1 + CAST($2 AS INTEGER))", YEARS);
    row("date_sub", "DATE, INT64, 'DAY'", "bq_date($1 - CAST($2 AS INTEGER))", YEARS);
    special("$extract", "DATE|DATETIME|TIMESTAMP, any", Times::extracted, PART);
    row("$extract_date", "DATETIME|TIMESTAMP", "CAST($1 AS DATE)");

    // What is another value every time is not ZetaSQL's: it would fold it into one.
    row("rand", "", "random()", ANOTHER);
    row("generate_uuid", "", "CAST(uuid() AS VARCHAR)", ANOTHER);
    row("error", "STRING", "error($1)", "raised for the rows that come to it");
  }

  private FunctionTable() {}

  /** Nothing where no row fits. */
  static Optional<String> find(Call call) {
    return ROWS.getOrDefault(call.name(), List.of()).stream()
        .filter(row -> row.fits(call))
        .findFirst()
        .flatMap(row -> row.sql().apply(call));
  }

  /**
   * One computation of a function.
   *
   * @param usesMacro whether DuckDB's function alone has another result for some values
   * @param why it is computed in this way
   */
  public record Signature(String name, String arguments, boolean usesMacro, String why) {}

  /** All rows, by name. */
  public static List<Signature> signatures() {
    return new TreeMap<>(ROWS)
        .entrySet().stream()
            .flatMap(
                entry ->
                    entry.getValue().stream()
                        .map(
                            row ->
                                new Signature(
                                    entry.getKey(), row.signature(), row.usesMacro(), row.why())))
            .toList();
  }

  private static void row(String name, String types, String template) {
    row(name, types, template, SAME);
  }

  private static void row(String name, String types, String template, String why) {
    add(name, types, template.contains("bq_"), call -> Optional.of(filled(template, call)), why);
  }

  private static void special(
      String name, String types, Function<Call, Optional<String>> translation, String why) {
    add(name, types, false, translation, why);
  }

  private static void add(
      String name,
      String types,
      boolean usesMacro,
      Function<Call, Optional<String>> translation,
      String why) {
    boolean repeats = types.endsWith("...");
    List<String> each = types.isEmpty() ? List.of() : List.of(types.replace("...", "").split(", "));
    ROWS.computeIfAbsent(name, n -> new ArrayList<>())
        .add(new Row(types, usesMacro, each, repeats, translation, why));
  }

  private static String filled(String template, Call call) {
    StringBuilder sql = new StringBuilder();
    for (int i = 0; i < template.length(); i++) {
      char c = template.charAt(i);
      if (c != '$') {
        sql.append(c);
      } else if (template.charAt(i + 1) == '(') {
        int end = template.indexOf(')', i);
        sql.append(String.join(template.substring(i + 2, end), call.sqlFrom(0)));
        i = end;
      } else {
        sql.append(call.sql(template.charAt(++i) - '1'));
      }
    }
    return sql.toString();
  }
}
