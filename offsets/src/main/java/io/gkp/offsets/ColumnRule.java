package io.gkp.offsets;

import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What the export writes into a column of a control table, and nothing else. Others may write
 * there, too.
 *
 * @param holds whether a value may be one of the export's; null for NULL
 * @param sql the same in GoogleSQL, as a condition on the column that is {@code %1$s}
 */
public record ColumnRule(Predicate<Object> holds, String sql) {
  /** Numbers of batches and epochs count up from here; there is room for that. */
  static final long MOST = 1L << 62;

  static final ColumnRule ANY = new ColumnRule(value -> true, "TRUE");
  static final ColumnRule PRESENT = new ColumnRule(value -> value != null, "%1$s IS NOT NULL");
  static final ColumnRule COUNT = between(0, MOST);

  /** A batch's number is that of a shard. */
  static final ColumnRule BATCH = between(0, Shard.LAST_BATCH);

  /** So is an epoch's. */
  static final ColumnRule EPOCH =
      new ColumnRule(
          value -> value instanceof Long number && number <= MOST && Shard.isEpoch(number),
          Shard.epochRule());

  /** A name that goes into job ids, and is printed. */
  static final ColumnRule NAME = matching("[ -~]{1,200}");

  /** No clock is wrong by more, though some are by years. */
  private static final String END = "2200-01-01T00:00:00Z";

  /** What partitions of later batches are named by: they never go back. */
  static final ColumnRule NOT_FAR_AHEAD =
      new ColumnRule(
          value -> value instanceof String at && Instant.parse(at).isBefore(Instant.parse(END)),
          "%1$s < TIMESTAMP '" + END + "'");

  static ColumnRule between(long least, long most) {
    return new ColumnRule(
        value -> value instanceof Long number && number >= least && number <= most,
        "%1$s BETWEEN " + least + " AND " + most);
  }

  /**
   * @param pattern means the same to Java and to RE2, and holds neither quotes nor percent signs
   */
  static ColumnRule matching(String pattern) {
    Pattern compiled = Pattern.compile(pattern);
    return new ColumnRule(
        value -> value instanceof String text && compiled.matcher(text).matches(),
        "REGEXP_CONTAINS(%1$s, r'^(?:" + pattern + ")$')");
  }

  static ColumnRule oneOf(Enum<?>[] values, String... more) {
    String names =
        Arrays.stream(values)
                .map(value -> value.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining("|"))
            + Arrays.stream(more).map(name -> "|" + name).collect(Collectors.joining());
    return matching(names);
  }

  ColumnRule orNull() {
    return new ColumnRule(
        value -> value == null || holds.test(value), "(%1$s IS NULL OR " + sql + ")");
  }

  String sql(String column) {
    return sql.formatted("`" + column + "`");
  }
}
