package io.gkp.connector.mapping;

import java.math.BigInteger;
import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.Tuple;

/** SQL expressions of any value of a type, quoted so that each stays on one line. */
final class RandomValues {
  private static final int LONGEST_TEXT = 12;

  /** Days from 2000 on, the range of {@code date} and {@code timestamp} but for its very ends. */
  private static final int FIRST_DAY = -2_451_500;

  private static final int LAST_DATE = 2_145_031_000;
  private static final int LAST_TIMESTAMP = 106_750_000;
  private static final int YEAR_1 = -730_119;
  private static final int YEAR_10000 = 2_921_940;
  private static final long MICROS_OF_DAY = 86_400_000_000L;

  /** Seconds from UTC that {@code timetz} takes. */
  private static final int MOST_OFFSET = 16 * 3600 - 1;

  private RandomValues() {}

  static Arbitrary<String> integers(long least, long most) {
    return Arbitraries.longs().between(least, most).map(n -> "'" + n + "'");
  }

  /** Of up to so many digits, the last of which is worth 10 to the power of minus the scale. */
  static Arbitrary<String> numbers(int precision, int scale) {
    return Combinators.combine(
            Arbitraries.strings().numeric().ofMinLength(1).ofMaxLength(precision),
            Arbitraries.of("", "-"))
        .as((digits, sign) -> "'" + sign + new BigInteger(digits) + "e" + -scale + "'");
  }

  static Arbitrary<String> numbersOfAnyScale() {
    return Arbitraries.frequencyOf(
        Tuple.of(1, Arbitraries.of("'NaN'", "'Infinity'", "'-Infinity'")),
        Tuple.of(12, Arbitraries.integers().between(-20, 60).flatMap(scale -> numbers(80, scale))));
  }

  static Arbitrary<String> doubles() {
    return Arbitraries.frequencyOf(
        Tuple.of(1, Arbitraries.of("'-0'", "'NaN'", "'Infinity'", "'-Infinity'")),
        Tuple.of(
            6,
            Arbitraries.longs()
                .withDistribution(RandomDistribution.uniform())
                .map(bits -> "'" + Double.longBitsToDouble(bits) + "'")),
        Tuple.of(3, Arbitraries.doubles().map(value -> "'" + value + "'")));
  }

  static Arbitrary<String> floats() {
    return Arbitraries.frequencyOf(
        Tuple.of(1, Arbitraries.of("'-0'", "'NaN'", "'Infinity'", "'-Infinity'")),
        Tuple.of(
            6,
            Arbitraries.integers()
                .withDistribution(RandomDistribution.uniform())
                .map(bits -> "'" + Float.intBitsToFloat(bits) + "'")));
  }

  static Arbitrary<String> texts() {
    return texts(LONGEST_TEXT);
  }

  static Arbitrary<String> texts(int longest) {
    return characters()
        .list()
        .ofMaxSize(longest)
        .map(
            text ->
                text.stream()
                    .map(RandomValues::sqlCharacter)
                    .collect(Collectors.joining("", "E'", "'")));
  }

  /** All that Postgres stores: not U+0000, and no half of a surrogate pair. */
  static Arbitrary<Integer> characters() {
    return Arbitraries.frequencyOf(
        Tuple.of(4, Arbitraries.integers().between(0x20, 0x7e)),
        Tuple.of(2, Arbitraries.integers().between(1, 0x9f)),
        Tuple.of(1, Arbitraries.of(0x2028, 0xfeff, 0xffff, 0xfffd, 0x202e, 0x85)),
        Tuple.of(
            2,
            Arbitraries.integers()
                .between(0xa0, Character.MAX_CODE_POINT)
                .withDistribution(RandomDistribution.uniform())
                .filter(c -> c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE)));
  }

  private static String sqlCharacter(int character) {
    boolean plain = Character.isLetterOrDigit(character) && character < 0x7f;
    return plain ? Character.toString(character) : "\\U%08x".formatted(character);
  }

  static Arbitrary<String> bytes() {
    return Arbitraries.integers()
        .between(0, 255)
        .map("%02x"::formatted)
        .list()
        .ofMaxSize(LONGEST_TEXT)
        .map(bytes -> "'\\x" + String.join("", bytes) + "'");
  }

  static Arbitrary<String> dates() {
    return Arbitraries.frequencyOf(
        Tuple.of(1, Arbitraries.of("'infinity'", "'-infinity'")),
        Tuple.of(10, days(LAST_DATE).map(days -> "('2000-01-01'::date + " + days + ")")));
  }

  static Arbitrary<String> timestamps(String type) {
    return Arbitraries.frequencyOf(
        Tuple.of(1, Arbitraries.of("'infinity'", "'-infinity'")),
        Tuple.of(
            10,
            Combinators.combine(days(LAST_TIMESTAMP), microseconds())
                .as(
                    (days, micros) ->
                        "('2000-01-01'::%s + '%d days %d microseconds')"
                            .formatted(type, days, micros))));
  }

  private static Arbitrary<Integer> days(int last) {
    return Arbitraries.frequencyOf(
        Tuple.of(
            4,
            Arbitraries.integers()
                .between(YEAR_1, YEAR_10000)
                .withDistribution(RandomDistribution.uniform())),
        Tuple.of(1, Arbitraries.integers().between(YEAR_1 - 2, YEAR_1 + 2)),
        Tuple.of(1, Arbitraries.integers().between(YEAR_10000 - 2, YEAR_10000 + 2)),
        Tuple.of(
            1,
            Arbitraries.integers()
                .between(FIRST_DAY, last)
                .withDistribution(RandomDistribution.uniform())));
  }

  private static Arbitrary<Long> microseconds() {
    return Arbitraries.longs()
        .between(0, MICROS_OF_DAY - 1)
        .withDistribution(RandomDistribution.uniform());
  }

  static Arbitrary<String> times() {
    return Arbitraries.longs()
        .between(0, MICROS_OF_DAY)
        .map(
            micros ->
                "'%02d:%02d:%02d.%06d'"
                    .formatted(
                        micros / 3_600_000_000L,
                        micros / 60_000_000 % 60,
                        micros / 1_000_000 % 60,
                        micros % 1_000_000));
  }

  static Arbitrary<String> timesWithZone() {
    return Combinators.combine(times(), Arbitraries.integers().between(-MOST_OFFSET, MOST_OFFSET))
        .as(
            (time, offset) ->
                "%s%s%02d:%02d:%02d'"
                    .formatted(
                        time.substring(0, time.length() - 1),
                        offset < 0 ? "-" : "+",
                        Math.abs(offset) / 3600,
                        Math.abs(offset) / 60 % 60,
                        Math.abs(offset) % 60));
  }

  static Arbitrary<String> intervals() {
    return Combinators.combine(Arbitraries.integers(), Arbitraries.integers(), Arbitraries.longs())
        .as("'%d months %d days %d microseconds'"::formatted);
  }

  /** Arrays of the type: with NULLs, of two dimensions, or beginning elsewhere than at 1. */
  static Arbitrary<String> arrays(String type, Arbitrary<String> elements) {
    Arbitrary<String> cast = elements.map(element -> element + "::" + type);
    Arbitrary<String> flat = cast.list().ofMaxSize(4).map(list -> array(type, list));
    Arbitrary<String> withNulls =
        Arbitraries.frequencyOf(Tuple.of(1, Arbitraries.just("NULL")), Tuple.of(2, cast))
            .list()
            .ofMaxSize(4)
            .map(list -> array(type, list));
    Arbitrary<String> square =
        cast.list().ofSize(4).map(e -> "ARRAY[[%s, %s], [%s, %s]]".formatted(e.toArray()));
    Arbitrary<String> elsewhere =
        Combinators.combine(cast, Arbitraries.integers().between(-3, 3))
            .as("array_fill(%s, ARRAY[2], ARRAY[%d])"::formatted);
    return Arbitraries.frequencyOf(
        Tuple.of(6, flat), Tuple.of(1, withNulls), Tuple.of(1, square), Tuple.of(1, elsewhere));
  }

  private static String array(String type, List<String> elements) {
    return "ARRAY[" + String.join(", ", elements) + "]::" + type + "[]";
  }

  static Arbitrary<String> ranges(String range, String type, Arbitrary<String> bounds) {
    return Combinators.combine(bounds, bounds, Arbitraries.of("[)", "[]", "()", "(]"))
        .as(
            (one, other, ends) ->
                "%1$s(LEAST(%2$s::%4$s, %3$s::%4$s), GREATEST(%2$s::%4$s, %3$s::%4$s), '%5$s')"
                    .formatted(range, one, other, type, ends));
  }

  static Arbitrary<String> multiranges(String multirange, Arbitrary<String> ranges) {
    return ranges.list().ofMaxSize(4).map(list -> multirange + "(" + String.join(", ", list) + ")");
  }

  static Arbitrary<String> pairs() {
    return Combinators.combine(
            orNull(integers(Integer.MIN_VALUE, Integer.MAX_VALUE)),
            orNull(texts()),
            orNull(timestamps("timestamptz")))
        .as("ROW(%s, %s, %s)::pair"::formatted);
  }

  private static Arbitrary<String> orNull(Arbitrary<String> values) {
    return Arbitraries.frequencyOf(Tuple.of(1, Arbitraries.just("NULL")), Tuple.of(3, values));
  }
}
