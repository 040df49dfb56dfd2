package io.gkp.connector.source.snapshot;

import java.util.Set;

/**
 * The words that a condition may have. What is not here is a column, or refused: no subquery, no
 * function of the source's own, none that writes, waits, signals, or reads anything but its
 * arguments. A test asks every version of PostgreSQL that none of these is volatile.
 *
 * @see <a href="https://www.postgresql.org/docs/current/xfunc-volatility.html">PostgreSQL:
 *     volatility</a>
 */
final class ConditionWords {
  /** Reserved: never a column without quotes. */
  static final Set<String> RESERVED =
      words(
          """
          all and any array as asymmetric both case cast current_date current_time
          current_timestamp distinct else end false for from ilike in is isnull leading like
          localtime localtimestamp not notnull null or overlaps similar some symmetric then to
          trailing true when with
          """);

  /** What follows these may stand in parentheses. */
  static final Set<String> BEFORE_PARENTHESIS =
      words("all and any between case else from ilike in like not or overlaps some then to when");

  /** Keywords that may be columns too: a column of this name is meant first. */
  static final Set<String> OTHERS =
      words(
          """
          at between century day decade dow doy epoch escape hour isodow isoyear microseconds
          millennium milliseconds minute month quarter second unknown week without year zone
          """);

  static final Set<String> TYPES =
      words(
          """
          bigint bool boolean bpchar bytea char character cidr date decimal double float float4
          float8 inet int int2 int4 int8 integer interval json jsonb numeric precision real
          smallint text time timestamp timestamptz timetz uuid varchar varying
          """);

  static final Set<String> FUNCTIONS =
      words(
          """
          abs age array_length array_lower array_position array_to_string array_upper ascii
          bit_length btrim cardinality cast ceil ceiling char_length character_length coalesce
          concat concat_ws date_bin date_part date_trunc decode div encode exp extract floor
          greatest hashint4 hashint8 hashtext hashtextextended initcap isempty isfinite
          json_array_length json_extract_path_text json_typeof jsonb_array_length
          jsonb_extract_path_text jsonb_typeof least left length ln log lower ltrim make_date
          make_interval make_timestamp md5 mod now nullif num_nonnulls num_nulls octet_length
          position power regexp_match regexp_replace replace reverse right round rtrim sign
          split_part sqrt starts_with statement_timestamp string_to_array strpos substr substring
          to_char to_date to_number to_timestamp transaction_timestamp translate trim trunc upper
          width_bucket
          """);

  private ConditionWords() {}

  private static Set<String> words(String text) {
    return Set.of(text.strip().split("\\s+"));
  }
}
