package io.gkp.localbigquery.sql.text;

import static java.util.Map.entry;

import io.gkp.localbigquery.library.LibraryFunction;
import io.gkp.localbigquery.library.RangeSessionize;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Writes aggregate functions that ZetaSQL's reference engine lacks by means of those that it has.
 *
 * <p>MAX_BY and MIN_BY are documented as synonyms. Of the approximate functions the exact answer is
 * one that the real service may give; quantiles take the rank by which all examples of the
 * documentation come out. A subquery of patterns is an array of them. Positions in error messages
 * may be off on the line of such a call.
 *
 * @see <a
 *     href="https://cloud.google.com/bigquery/docs/reference/standard-sql/approximate_aggregate_functions">Approximate
 *     aggregate functions</a>
 */
final class Synonyms {
  private static final Pattern CALL =
      Pattern.compile(
          "(?i)(MAX_BY|MIN_BY|APPROX_COUNT_DISTINCT|APPROX_QUANTILES|APPROX_TOP_COUNT|APPROX_TOP_SUM"
              + "|RANGE_SESSIONIZE|CONTAINS_SUBSTR|SESSION_USER|TO_BASE32|FROM_BASE32"
              + "|HLL_COUNT\\.(?:INIT|MERGE|MERGE_PARTIAL|EXTRACT)"
              + "|KLL_QUANTILES\\.(?:MERGE_PARTIAL|(?:INIT|(?:MERGE|EXTRACT)(?:_POINT)?)"
              + "_(?:INT64|FLOAT64)))\\s*\\(");
  private static final Pattern PRECISION = Pattern.compile("\\s*(1[0-9]|2[0-4])\\s*");
  private static final Pattern PRECISION_OF_QUANTILES = Pattern.compile("\\s*([1-9]\\d*)\\s*");
  private static final Pattern JSON_SCOPE =
      Pattern.compile(
          "(?i)\\s*json_scope\\s*=>\\s*['\"](JSON_VALUES|JSON_KEYS|JSON_KEYS_AND_VALUES)['\"]\\s*");
  private static final Pattern DISTINCT = Pattern.compile("(?is)^\\s*DISTINCT\\b(.*)");
  private static final Pattern NULLS =
      Pattern.compile("(?is)(.*\\S)\\s+(RESPECT|IGNORE)\\s+NULLS\\s*");

  private static final Map<String, Function<List<String>, String>> REPLACEMENTS =
      Map.ofEntries(
          entry("MAX_BY", arguments -> having("MAX", arguments)),
          entry("MIN_BY", arguments -> having("MIN", arguments)),
          entry(
              "APPROX_COUNT_DISTINCT",
              arguments ->
                  arguments.size() == 1 ? "COUNT(DISTINCT " + arguments.get(0) + ")" : null),
          entry("APPROX_QUANTILES", Synonyms::quantiles),
          entry("APPROX_TOP_COUNT", arguments -> top("TOP_COUNT", arguments, 2, "1")),
          entry("APPROX_TOP_SUM", arguments -> top("TOP_SUM", arguments, 3, null)),
          entry("RANGE_SESSIONIZE", RangeSessionize::query),
          entry("CONTAINS_SUBSTR", Synonyms::contains),
          library("SESSION_USER"),
          library("TO_BASE32"),
          library("FROM_BASE32"),
          entry("HLL_COUNT.INIT", arguments -> sketch("HLL_COUNT.INIT", PRECISION, arguments)),
          ofQuantiles("INIT_INT64"),
          ofQuantiles("INIT_FLOAT64"),
          ofQuantiles("MERGE_INT64"),
          ofQuantiles("MERGE_FLOAT64"),
          ofQuantiles("MERGE_POINT_INT64"),
          ofQuantiles("MERGE_POINT_FLOAT64"),
          library("KLL_QUANTILES.MERGE_PARTIAL"),
          library("KLL_QUANTILES.EXTRACT_INT64"),
          library("KLL_QUANTILES.EXTRACT_FLOAT64"),
          library("KLL_QUANTILES.EXTRACT_POINT_INT64"),
          library("KLL_QUANTILES.EXTRACT_POINT_FLOAT64"),
          library("HLL_COUNT.MERGE"),
          library("HLL_COUNT.MERGE_PARTIAL"),
          library("HLL_COUNT.EXTRACT"));

  private static final Pattern QUANTIFIED =
      Pattern.compile("(?i)LIKE\\s+(ANY|SOME|ALL)\\s*\\((?=\\s*(SELECT|WITH)\\b)");

  private Synonyms() {}

  private static Map.Entry<String, Function<List<String>, String>> library(String function) {
    return entry(function, arguments -> library(function, arguments));
  }

  private static String library(String function, List<String> arguments) {
    return LibraryFunction.nameOf(function) + "(" + String.join(",", arguments) + ")";
  }

  private static String contains(List<String> arguments) {
    Matcher scope =
        arguments.size() == 3 ? JSON_SCOPE.matcher(arguments.get(2)) : JSON_SCOPE.matcher("");
    if (!scope.matches()) {
      return library("CONTAINS_SUBSTR", arguments);
    }
    String keys = scope.group(1).toUpperCase(Locale.ROOT);
    return library(
        keys.equals("JSON_VALUES") ? "CONTAINS_SUBSTR" : "CONTAINS_SUBSTR." + keys,
        arguments.subList(0, 2));
  }

  /** The precision makes no difference: the sketch is exact. */
  private static String sketch(String function, Pattern precision, List<String> arguments) {
    boolean precise = arguments.size() == 2 && precision.matcher(arguments.get(1)).matches();
    return library(function, precise ? arguments.subList(0, 1) : arguments);
  }

  /** What sketches that are merged give is what the sketch of all gives. */
  private static Map.Entry<String, Function<List<String>, String>> ofQuantiles(String name) {
    String function = "KLL_QUANTILES." + name;
    if (name.startsWith("INIT")) {
      return entry(function, arguments -> sketch(function, PRECISION_OF_QUANTILES, arguments));
    }
    return entry(
        function,
        arguments ->
            arguments.size() == 2
                ? library(
                    function.replace("MERGE", "EXTRACT"),
                    List.of(
                        library("KLL_QUANTILES.MERGE_PARTIAL", arguments.subList(0, 1)),
                        arguments.get(1)))
                : null);
  }

  /**
   * @param weight of each value; {@code null} where the second argument gives it
   */
  private static String top(String function, List<String> arguments, int number, String weight) {
    if (arguments.size() != number) {
      return null;
    }
    String pair =
        "STRUCT("
            + arguments.get(0)
            + " AS value, "
            + (weight == null ? arguments.get(1) : weight)
            + " AS weight)";
    return library(function, List.of("ARRAY_AGG(" + pair + ")", arguments.get(number - 1)));
  }

  static String replace(String sql) {
    StringBuilder result = new StringBuilder();
    Matcher call = CALL.matcher(sql);
    Matcher quantified = QUANTIFIED.matcher(sql).useTransparentBounds(true);
    int i = 0;
    while (i < sql.length()) {
      boolean startsCall =
          Character.isLetter(sql.charAt(i)) && (i == 0 || !isWordPart(sql.charAt(i - 1)));
      if (startsCall && quantified.region(i, sql.length()).lookingAt()) {
        int close = close(sql, quantified.end());
        if (close >= 0) {
          result
              .append("LIKE ")
              .append(quantified.group(1))
              .append(" UNNEST(ARRAY(")
              .append(replace(sql.substring(quantified.end(), close)))
              .append("))");
          i = close + 1;
          continue;
        }
      }
      if (startsCall && call.region(i, sql.length()).lookingAt()) {
        int close = close(sql, call.end());
        String replacement =
            close < 0 ? null : replacement(call.group(1), sql.substring(call.end(), close));
        if (replacement != null) {
          result.append(replacement);
          i = close + 1;
          continue;
        }
      }
      int end = Lexer.endOfToken(sql, i);
      result.append(sql, i, end);
      i = end;
    }
    return result.toString();
  }

  private static boolean isWordPart(char c) {
    return Character.isLetterOrDigit(c) || c == '_' || c == '.' || c == '@';
  }

  private static String replacement(String function, String inside) {
    List<String> arguments = new ArrayList<>();
    int start = 0;
    int depth = 0;
    for (int i = 0; i < inside.length(); i = Lexer.endOfToken(inside, i)) {
      char c = inside.charAt(i);
      depth += c == '(' || c == '[' ? 1 : c == ')' || c == ']' ? -1 : 0;
      if (c == ',' && depth == 0) {
        arguments.add(replace(inside.substring(start, i)));
        start = i + 1;
      }
    }
    arguments.add(replace(inside.substring(start)));
    return REPLACEMENTS.get(function.toUpperCase(Locale.ROOT)).apply(arguments);
  }

  private static int close(String sql, int start) {
    int depth = 1;
    for (int i = start; i < sql.length(); i = Lexer.endOfToken(sql, i)) {
      char c = sql.charAt(i);
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
      if (depth == 0) {
        return i;
      }
    }
    return -1;
  }

  private static String having(String extreme, List<String> arguments) {
    return arguments.size() == 2
        ? "ANY_VALUE("
            + arguments.get(0)
            + " HAVING "
            + extreme
            + " "
            + arguments.get(1).strip()
            + ")"
        : null;
  }

  private static String quantiles(List<String> arguments) {
    if (arguments.size() != 2) {
      return null;
    }
    Matcher distinct = DISTINCT.matcher(arguments.get(0));
    Matcher nulls = NULLS.matcher(arguments.get(1));
    String values = distinct.matches() ? distinct.group(1) : arguments.get(0);
    String number = nulls.matches() ? nulls.group(1) : arguments.get(1);
    String kept = nulls.matches() ? nulls.group(2) : "IGNORE";
    return "WITH(_sorted_ AS ARRAY_AGG("
        + (distinct.matches() ? "DISTINCT " : "")
        + values
        + " "
        + kept
        + " NULLS ORDER BY "
        + values
        + "), IF(_sorted_ IS NULL, NULL, ARRAY(SELECT _sorted_[OFFSET(GREATEST(DIV(_i_ *"
        + " ARRAY_LENGTH(_sorted_) + ("
        + number
        + ") - 1, "
        + number
        + "), 1) - 1)] FROM UNNEST(GENERATE_ARRAY(0, "
        + number
        + ")) AS _i_ ORDER BY _i_)))";
  }
}
