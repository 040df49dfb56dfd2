package io.gkp.connector.mapping;

import java.math.BigInteger;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** SQL literals of JSON documents, some of which BigQuery does not hold. */
final class RandomJson {
  private static final int DEEPEST = 3;

  private final Arbitrary<String> strings;
  private final Arbitrary<String> names;
  private final Arbitrary<String> numbers;
  private final Arbitrary<String> spaces;

  private RandomJson(
      Arbitrary<String> strings,
      Arbitrary<String> names,
      Arbitrary<String> numbers,
      Arbitrary<String> spaces) {
    this.strings = strings;
    this.names = names;
    this.numbers = numbers;
    this.spaces = spaces;
  }

  /** What {@code jsonb} takes, too. */
  static Arbitrary<String> takenByJsonb() {
    Arbitrary<String> strings = strings(RandomValues.characters().map(RandomJson::escaped));
    return new RandomJson(strings, strings, numbers(), Arbitraries.of("", " ")).literals();
  }

  /**
   * All that {@code json} takes: names that are there twice, NUL and halves of surrogate pairs,
   * numbers of any length, line breaks between tokens.
   */
  static Arbitrary<String> takenByJson() {
    Arbitrary<String> strings =
        strings(
            Arbitraries.frequencyOf(
                Tuple.of(12, RandomValues.characters().map(RandomJson::escaped)),
                Tuple.of(12, RandomValues.characters().map(RandomJson::raw)),
                Tuple.of(2, Arbitraries.of("\\/", "\\b", "\\f", "\\n", "\\r", "\\t", "/", "'")),
                Tuple.of(
                    1,
                    Arbitraries.of(
                        "\\u0000", "\\uD800", "\\udfff", "\\ud83c\\udf89", "\\udf89\\ud83c"))));
    Arbitrary<String> names =
        Arbitraries.oneOf(
            strings, Arbitraries.of("\"a\"", "\"\\u0061\"", "\"b\"", "\"\"", "\"A\""));
    Arbitrary<String> numbers =
        Arbitraries.frequencyOf(
            Tuple.of(8, numbers()),
            Tuple.of(
                1,
                Arbitraries.of(
                    "1e131072",
                    "-1E+131072",
                    "1e-16384",
                    "0e400",
                    "0.0E-9999",
                    "1e999999",
                    "1e-99999999999",
                    "9".repeat(5000),
                    "0." + "0".repeat(400) + "1",
                    "1" + "0".repeat(22),
                    "1" + "0".repeat(23),
                    "18446744073709551615",
                    "18446744073709551616",
                    "-9223372036854775808",
                    "-9223372036854775809",
                    "9007199254740993",
                    "9007199254740993.0",
                    "1.7976931348623157e308",
                    "1.7976931348623159e308",
                    "4.9e-324",
                    "5e-324",
                    "2e-324",
                    "2.2250738585072014E-308")));
    return new RandomJson(strings, names, numbers, Arbitraries.of("", "", " ", "\n", "\r\n\t"))
        .literals();
  }

  private Arbitrary<String> literals() {
    return Combinators.combine(spaces, documents(DEEPEST), spaces)
        .as((before, document, after) -> literal(before + document + after));
  }

  /** On one line. */
  private static String literal(String document) {
    return document
        .codePoints()
        .mapToObj(
            c ->
                c == '\\' || c == '\'' || c < ' ' || c > '~'
                    ? "\\U%08x".formatted(c)
                    : Character.toString(c))
        .collect(Collectors.joining("", "E'", "'"));
  }

  private Arbitrary<String> documents(int deepest) {
    Arbitrary<String> scalar =
        Arbitraries.oneOf(Arbitraries.of("null", "true", "false", "0", "-0"), numbers, strings);
    if (deepest == 0) {
      return scalar;
    }
    Arbitrary<String> inner =
        Combinators.combine(spaces, documents(deepest - 1), spaces)
            .as((before, document, after) -> before + document + after);
    return Arbitraries.oneOf(
        scalar,
        inner.list().ofMaxSize(3).map(list -> "[" + String.join(",", list) + "]"),
        Combinators.combine(spaces, names, inner)
            .as((space, name, value) -> space + name + " :" + value)
            .list()
            .ofMaxSize(3)
            .map(list -> "{" + String.join(",", list) + "}"));
  }

  private static Arbitrary<String> strings(Arbitrary<String> characters) {
    return characters.list().ofMaxSize(4).map(text -> "\"" + String.join("", text) + "\"");
  }

  private static Arbitrary<String> numbers() {
    return Combinators.combine(
            Arbitraries.of("", "-"),
            Arbitraries.strings().numeric().ofMinLength(1).ofMaxLength(21),
            Arbitraries.strings().numeric().ofMaxLength(18),
            Arbitraries.of("", "", "e5", "E-7", "e+300", "e-320"))
        .as(
            (sign, whole, fraction, exponent) ->
                sign
                    + new BigInteger(whole)
                    + (fraction.isEmpty() ? "" : "." + fraction)
                    + exponent);
  }

  private static String escaped(int character) {
    boolean plain = Character.isLetterOrDigit(character) && character < 0x7f;
    return plain
        ? Character.toString(character)
        : Character.toString(character)
            .chars()
            .mapToObj("\\u%04x"::formatted)
            .collect(Collectors.joining());
  }

  private static String raw(int character) {
    boolean mayStandSo = character >= ' ' && character != '"' && character != '\\';
    return mayStandSo ? Character.toString(character) : escaped(character);
  }
}
