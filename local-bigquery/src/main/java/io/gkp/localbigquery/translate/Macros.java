package io.gkp.localbigquery.translate;

import java.util.List;

/** Functions made of DuckDB's own, for where these differ in some values only. */
public final class Macros {
  /** Each as CREATE MACRO takes it. */
  public static final List<String> ALL =
      List.of(
          "bq_double_text(x) AS regexp_replace(CAST(x AS VARCHAR), '\\.0$', '')",
          "bq_divide(a, b) AS CASE"
              + " WHEN b = 0 THEN error('division by zero: ' || bq_double_text(a) || ' / '"
              + " || bq_double_text(b))"
              + " WHEN isinf(a / b) AND NOT isinf(a) THEN error('double overflow: '"
              + " || bq_double_text(a) || ' / ' || bq_double_text(b))"
              + " ELSE a / b END",
          "bq_safe_divide(a, b) AS CASE"
              + " WHEN b = 0 OR isinf(a / b) AND NOT isinf(a) THEN NULL ELSE a / b END",
          "bq_finite(r, a, b) AS CASE WHEN isinf(r) AND NOT isinf(a) AND NOT isinf(b)"
              + " THEN error('double overflow') ELSE r END",
          "bq_div(a, b) AS CASE WHEN b = 0 THEN error('division by zero: ' || a || ' / ' || b)"
              + " ELSE a // b END",
          "bq_mod(a, b) AS CASE WHEN b = 0 THEN error('division by zero: MOD(' || a || ', ' || b || ')')"
              + " ELSE a % b END",
          "bq_floor_div(a, b) AS (a - ((a % b) + b) % b) // b",
          "bq_int64(x) AS CASE WHEN x BETWEEN -9223372036854775808 AND 9223372036854775807"
              + " THEN CAST(x AS BIGINT) WHEN x IS NULL THEN NULL ELSE error('int64 overflow') END",
          "bq_numeric(x) AS CASE WHEN abs(x) <= 99999999999999999999999999999.999999999"
              + " THEN CAST(x AS DECIMAL(38,9)) WHEN x IS NULL THEN NULL"
              + " ELSE error('numeric overflow') END",
          "bq_equal(a, b) AS CASE WHEN isnan(a) AND b IS NOT NULL THEN FALSE ELSE a = b END",
          "bq_compare(r, a, b) AS CASE WHEN r IS NULL THEN NULL"
              + " ELSE r AND NOT isnan(a) AND NOT isnan(b) END",
          // Ranges are texts, such as [UNBOUNDED, 2024-02-29T00:00:00Z). No start is before every
          // start; without its Z a second is before its fractions.
          "bq_range_ordered(r) AS replace(replace(r, '[UNBOUNDED', '['), 'Z', '')",
          // A key of ICU's has a byte 01 between letters, accents and cases: the cases go.
          "bq_und_ci(s) AS regexp_replace(icu_sort_key(s, 'und'),"
              + " '^((?:..)*?01(?:..)*?)01(?:..)*$', '\\1')",
          "bq_range_key(x) AS CASE WHEN isnan(x) THEN CAST('-inf' AS DOUBLE)"
              + " WHEN x = CAST('-inf' AS DOUBLE)"
              + " THEN error('RANGE with offsets over -inf is not supported') ELSE x END",
          "bq_no_null(l, r) AS CASE WHEN list_count(l) < len(l) THEN NULL ELSE r END",
          "bq_no_null_list(l, r) AS CASE WHEN list_count(l) < len(l) THEN NULL ELSE r END",
          "bq_no_nulls(l) AS CASE WHEN list_count(l) < len(l)"
              + " THEN error('Array cannot have a null element') ELSE l END",
          "bq_in_array(x, l) AS CASE WHEN l IS NULL OR len(l) = 0 THEN FALSE WHEN x IS NULL THEN NULL"
              + " WHEN list_contains(l, x) THEN TRUE WHEN len(l) > list_count(l) THEN NULL ELSE FALSE END",
          // The index as it was given: it counts from 0 or from 1.
          "bq_element(l, i, first) AS CASE WHEN i < first"
              + " THEN error('Array index ' || i || ' is out of bounds (underflow)')"
              + " WHEN i - first >= len(l)"
              + " THEN error('Array index ' || i || ' is out of bounds (overflow)')"
              + " ELSE l[i - first + 1] END",
          "bq_iteration(n) AS CASE WHEN n < 500 THEN n + 1 ELSE"
              + " error('A recursive CTE has reached the maximum number of iterations: 500') END",
          "bq_safe_offset(l, i) AS CASE WHEN i < 0 OR i >= len(l) THEN NULL ELSE l[i + 1] END",
          "bq_generate_array(a, b, s) AS CASE WHEN s = 0"
              + " THEN error('Sequence step cannot be 0.') ELSE generate_series(a, b, s) END",
          "bq_date(d) AS CASE WHEN d BETWEEN DATE '0001-01-01' AND DATE '9999-12-31' THEN d"
              + " WHEN d IS NULL THEN NULL ELSE error('date out of range') END",
          "bq_timestamp(us) AS CASE WHEN us BETWEEN -62135596800000000 AND 253402300799999999"
              + " THEN make_timestamp(us) WHEN us IS NULL THEN NULL"
              + " ELSE error('timestamp out of range') END",
          "bq_in_range(t) AS CASE WHEN t >= TIMESTAMP '0001-01-01' AND t < TIMESTAMP '10000-01-01'"
              + " THEN t WHEN t IS NULL THEN NULL ELSE error('datetime out of range') END",
          "bq_timestamp_seconds(x) AS CASE WHEN x BETWEEN -62135596800 AND 253402300799"
              + " THEN make_timestamp(x * 1000000) WHEN x IS NULL THEN NULL"
              + " ELSE error('TIMESTAMP_SECONDS out of range: ' || x) END",
          "bq_safe_timestamp_seconds(x) AS CASE WHEN x BETWEEN -62135596800 AND 253402300799"
              + " THEN make_timestamp(x * 1000000) END",
          "bq_timestamp_millis(x) AS CASE WHEN x BETWEEN -62135596800000 AND 253402300799999"
              + " THEN make_timestamp(x * 1000) WHEN x IS NULL THEN NULL"
              + " ELSE error('TIMESTAMP_MILLIS out of range: ' || x) END",
          "bq_substr(s, p, n) AS CASE"
              + " WHEN n < 0 THEN error('Third argument in SUBSTR() cannot be negative')"
              + " WHEN p > length(s) THEN CASE WHEN n IS NOT NULL THEN '' END"
              + " WHEN p = 0 OR p < -length(s)"
              + " THEN substring(s, 1, CASE WHEN n > 2147483647 THEN 2147483647 ELSE n END)"
              + " ELSE substring(s, p, CASE WHEN n > 2147483647 THEN 2147483647 ELSE n END) END",
          "bq_months(i) AS date_part('year', i) * 12 + date_part('month', i)",
          "bq_days(i) AS date_part('day', i)",
          "bq_micros(i) AS (date_part('hour', i) * 60 + date_part('minute', i)) * 60000000"
              + " + date_part('microsecond', i)",
          "bq_json_integer(x) AS CASE WHEN abs(x::HUGEINT) > 9007199254740992"
              + " THEN '\"' || x || '\"' ELSE x::VARCHAR END",
          "bq_sorted_doubles(l) AS list_concat(list_filter(l, lambda x: x IS NULL),"
              + " list_filter(l, lambda x: isnan(x)),"
              + " list_sort(list_filter(l, lambda x: NOT isnan(x))))",
          // Between NULL and a value is the value.
          "bq_between(a, b, f) AS CASE WHEN f = 0 OR b IS NULL THEN a WHEN a IS NULL THEN b"
              + " ELSE a * (1 - f) + b * f END",
          "bq_percentile(l, p) AS CASE WHEN p < 0 OR p > 1"
              + " THEN error('The second argument of PERCENTILE_CONT must be between 0 and 1')"
              + " WHEN len(l) > 0 THEN bq_between(l[CAST(floor(p * (len(l) - 1)) AS BIGINT) + 1],"
              + " l[CAST(ceil(p * (len(l) - 1)) AS BIGINT) + 1],"
              + " p * (len(l) - 1) - floor(p * (len(l) - 1))) END",
          "bq_percentile_disc(l, p) AS CASE WHEN p < 0 OR p > 1"
              + " THEN error('The second argument of PERCENTILE_DISC must be between 0 and 1')"
              + " ELSE l[greatest(CAST(ceil(p * len(l)) AS BIGINT), 1)] END");

  private Macros() {}
}
