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
 * <p>{@code FunctionTableTest} compares every row with ZetaSQL's own results.
 */
public final class FunctionTable {
  private static final String PLAIN =
      "INT64|NUMERIC|BIGNUMERIC|BOOL|STRING|BYTES|DATE|DATETIME|TIME|TIMESTAMP";

  private static final Map<String, List<Row>> ROWS = new HashMap<>();

  private record Row(
      String signature,
      boolean usesMacro,
      List<String> types,
      boolean repeats,
      Function<Call, Optional<String>> sql) {
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
    special("nullif", "any, any", Comparisons::nullIf);
    special("$case_no_value", "any...", Comparisons::caseOfConditions);
    special("$case_with_value", "any...", Comparisons::caseOfValue);

    // Comparison. FLOAT64 has NaN, which equals nothing here and itself in DuckDB.
    special("$equal", "any, any", Comparisons::equal);
    special("$not_equal", "any, any", Comparisons::notEqual);
    for (String[] operator :
        new String[][] {
          {"$less", "<"}, {"$less_or_equal", "<="}, {"$greater", ">"}, {"$greater_or_equal", ">="}
        }) {
      row(operator[0], "plain|INTERVAL, any", "($1 " + operator[1] + " $2)");
      row(operator[0], "FLOAT64, FLOAT64", "bq_compare($1 " + operator[1] + " $2, $1, $2)");
    }
    row("$is_distinct_from", "any, any", "($1 IS DISTINCT FROM $2)");
    row("$is_not_distinct_from", "any, any", "($1 IS NOT DISTINCT FROM $2)");
    row("$between", "plain, any, any", "($1 BETWEEN $2 AND $3)");
    row(
        "$between",
        "FLOAT64, FLOAT64, FLOAT64",
        "(bq_compare($1 >= $2, $1, $2) AND bq_compare($1 <= $3, $1, $3))");
    special("$in", "any...", Comparisons::in);
    row("$in_array", "plain, ARRAY", "bq_in_array($1, $2)");
    row("greatest", "plain...", "bq_no_null([$(, )], greatest($(, )))");
    row("least", "plain...", "bq_no_null([$(, )], least($(, )))");

    // Arithmetic. DuckDB raises an error for an overflow of integers, and none for one of FLOAT64.
    for (String[] operator :
        new String[][] {{"$add", "+"}, {"$subtract", "-"}, {"$multiply", "*"}}) {
      row(operator[0], "INT64, INT64", "($1 " + operator[1] + " $2)");
      row(operator[0], "FLOAT64, FLOAT64", "bq_finite($1 " + operator[1] + " $2, $1, $2)");
    }
    // Of NUMERIC only the sum: DuckDB's product has another scale.
    row("$add", "NUMERIC, NUMERIC", "bq_numeric($1 + $2)");
    row("$subtract", "NUMERIC, NUMERIC", "bq_numeric($1 - $2)");
    row("$divide", "FLOAT64, FLOAT64", "bq_divide($1, $2)");
    row("safe_divide", "FLOAT64, FLOAT64", "bq_safe_divide($1, $2)");
    row("div", "INT64, INT64", "bq_div($1, $2)");
    row("mod", "INT64, INT64", "bq_mod($1, $2)");
    row("$unary_minus", "INT64|FLOAT64|NUMERIC", "(- $1)");
    row("abs", "INT64|FLOAT64|NUMERIC", "abs($1)");
    row("cbrt", "FLOAT64", "cbrt($1)"); // ZetaSQL's own is off by one digit for 27

    // Text. Upper and lower case, trimming, padding and splitting differ on Unicode.
    row("$like", "STRING, const STRING", "($1 LIKE $2 ESCAPE '\\')");
    row("concat", "STRING...", "($( || ))");
    row("length", "STRING", "length($1)");
    row("char_length", "STRING", "length($1)");
    row("byte_length", "STRING", "strlen($1)");
    row("byte_length", "BYTES", "octet_length($1)");
    row("length", "BYTES", "octet_length($1)");
    row("substr", "STRING, INT64", "bq_substr($1, $2, 2147483647)");
    row("substr", "STRING, INT64, INT64", "bq_substr($1, $2, $3)");
    row("strpos", "STRING, STRING", "strpos($1, $2)");
    row("starts_with", "STRING, STRING", "starts_with($1, $2)");
    row("ends_with", "STRING, STRING", "ends_with($1, $2)");
    // Both are RE2. A group that took no part is NULL here and empty there; replacing differs.
    special("regexp_contains", "STRING, const STRING", Texts::matches);
    special("regexp_extract", "STRING, const STRING", Texts::extract);
    special("to_json_string", "any...", JsonText::of);

    // Arrays.
    row("array_length", "ARRAY", "len($1)");
    special("$make_array", "any...", Arrays::make);
    row("array_concat", "ARRAY", "$1");
    row("array_concat", "ARRAY...", "bq_no_null_list([$(, )], list_concat($(, )))");
    row("array_reverse", "ARRAY", "list_reverse($1)");
    row("$safe_array_at_offset", "ARRAY, INT64", "bq_safe_offset($1, $2)");
    row("$array_at_offset", "ARRAY, INT64", "bq_element($1, $2, 0)");
    row("$safe_array_at_ordinal", "ARRAY, INT64", "bq_safe_offset($1, $2 - 1)");
    row("$array_at_ordinal", "ARRAY, INT64", "bq_element($1, $2, 1)");
    row("generate_array", "INT64, INT64", "generate_series($1, $2)");
    row("generate_array", "INT64, INT64, INT64", "bq_generate_array($1, $2, $3)");
    special("generate_date_array", "DATE, DATE, const INT64, any", Arrays::dates);

    // Time. A time zone other than UTC is left to ZetaSQL, but where a name says which.
    row("timestamp_seconds", "INT64", "bq_timestamp_seconds($1)");
    row("safe.timestamp_seconds", "INT64", "bq_safe_timestamp_seconds($1)");
    row("timestamp_millis", "INT64", "bq_timestamp_millis($1)");
    row("timestamp_micros", "INT64", "bq_timestamp($1)");
    row("unix_micros", "TIMESTAMP", "epoch_us($1)");
    row("unix_millis", "TIMESTAMP", "bq_floor_div(epoch_us($1), 1000)");
    row("unix_seconds", "TIMESTAMP", "bq_floor_div(epoch_us($1), 1000000)");
    row("unix_date", "DATE", "date_diff('day', DATE '1970-01-01', $1)");
    row("current_timestamp", "", "CAST(timezone('UTC', now()) AS TIMESTAMP)");
    row("current_date", "", "CAST(timezone('UTC', now()) AS DATE)");
    row("current_datetime", "", "CAST(timezone('UTC', now()) AS TIMESTAMP)");
    row("date", "INT64, INT64, INT64", "bq_date(make_date($1, $2, $3))");
    row("date", "DATETIME", "CAST($1 AS DATE)");
    special("date", "TIMESTAMP, const STRING", call -> Times.zoned(call, "DATE"));
    row("date", "TIMESTAMP", "CAST($1 AS DATE)");
    special("timestamp", "DATE|DATETIME, const STRING", Times::inUtc);
    special("datetime", "TIMESTAMP, const STRING", call -> Times.zoned(call, "TIMESTAMP"));
    row("datetime", "TIMESTAMP", "$1");
    special("date_trunc", "DATE, any", Times::truncatedDate);
    special("datetime_trunc", "DATETIME, any", Times::truncated);
    special("timestamp_trunc", "TIMESTAMP, any", Times::truncated);
    row("date_diff", "DATE, DATE, 'DAY'", "date_diff('day', $2, $1)");
    special("timestamp_diff", "TIMESTAMP, TIMESTAMP, any", Times::difference);
    special("timestamp_add", "TIMESTAMP, INT64, any", call -> Times.moved(call, "+"));
    special("timestamp_sub", "TIMESTAMP, INT64, any", call -> Times.moved(call, "-"));
    row("date_add", "DATE, INT64, 'DAY'", "bq_date($1 + CAST($2 AS INTEGER))");
    row("date_sub", "DATE, INT64, 'DAY'", "bq_date($1 - CAST($2 AS INTEGER))");
    special("$extract", "DATE|DATETIME|TIMESTAMP, any", Times::extracted);
    row("$extract_date", "DATETIME|TIMESTAMP", "CAST($1 AS DATE)");

    // What is another value every time is not ZetaSQL's: it would fold it into one.
    row("rand", "", "random()");
    row("generate_uuid", "", "CAST(uuid() AS VARCHAR)");
    row("error", "STRING", "error($1)");
  }

  private FunctionTable() {}

  /** Nothing where no row fits. */
  static Optional<String> find(Call call) {
    return ROWS.getOrDefault(call.name(), List.of()).stream()
        .filter(row -> row.fits(call))
        .findFirst()
        .flatMap(row -> row.sql().apply(call));
  }

  /** One computation of a function. */
  public record Signature(String name, String arguments, boolean usesMacro) {}

  /** All rows, by name. */
  public static List<Signature> signatures() {
    return new TreeMap<>(ROWS)
        .entrySet().stream()
            .flatMap(
                entry ->
                    entry.getValue().stream()
                        .map(
                            row -> new Signature(entry.getKey(), row.signature(), row.usesMacro())))
            .toList();
  }

  private static void row(String name, String types, String template) {
    add(name, types, template.contains("bq_"), call -> Optional.of(filled(template, call)));
  }

  private static void special(
      String name, String types, Function<Call, Optional<String>> translation) {
    add(name, types, false, translation);
  }

  private static void add(
      String name, String types, boolean usesMacro, Function<Call, Optional<String>> translation) {
    boolean repeats = types.endsWith("...");
    List<String> each = types.isEmpty() ? List.of() : List.of(types.replace("...", "").split(", "));
    ROWS.computeIfAbsent(name, n -> new ArrayList<>())
        .add(new Row(types, usesMacro, each, repeats, translation));
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
