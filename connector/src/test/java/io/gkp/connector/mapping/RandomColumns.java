package io.gkp.connector.mapping;

import static io.gkp.connector.mapping.RandomValues.arrays;
import static io.gkp.connector.mapping.RandomValues.bytes;
import static io.gkp.connector.mapping.RandomValues.dates;
import static io.gkp.connector.mapping.RandomValues.doubles;
import static io.gkp.connector.mapping.RandomValues.floats;
import static io.gkp.connector.mapping.RandomValues.integers;
import static io.gkp.connector.mapping.RandomValues.intervals;
import static io.gkp.connector.mapping.RandomValues.multiranges;
import static io.gkp.connector.mapping.RandomValues.numbers;
import static io.gkp.connector.mapping.RandomValues.numbersOfAnyScale;
import static io.gkp.connector.mapping.RandomValues.pairs;
import static io.gkp.connector.mapping.RandomValues.ranges;
import static io.gkp.connector.mapping.RandomValues.texts;
import static io.gkp.connector.mapping.RandomValues.times;
import static io.gkp.connector.mapping.RandomValues.timesWithZone;
import static io.gkp.connector.mapping.RandomValues.timestamps;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.RandomDistribution;

/** Columns of random types with random values. */
final class RandomColumns {
  private static final int MOST_COLUMNS = 24;
  private static final int MOST_VALUES = 24;
  private static final int MOST_DIGITS = 60;

  /** A type and values of it; printed as lines of {@code type-cases.txt}, but for what they are. */
  record Column(String type, List<String> values) {
    @Override
    public String toString() {
      return "\n" + type + "\n  " + String.join("\n  ", values);
    }
  }

  private RandomColumns() {}

  static Arbitrary<List<Column>> tables() {
    return columns()
        .list()
        .ofMinSize(1)
        .ofMaxSize(MOST_COLUMNS)
        .withSizeDistribution(RandomDistribution.uniform());
  }

  private static Arbitrary<Column> columns() {
    Arbitrary<String> moods = Arbitraries.of("'sad'", "'ok'", "'it''s \"odd\", {really}'");
    return Arbitraries.oneOf(
        List.of(
            anyNumeric(),
            column("numeric", numbersOfAnyScale()),
            arrayColumn("numeric", numbersOfAnyScale()),
            column("int8", integers(Long.MIN_VALUE, Long.MAX_VALUE)),
            column("float8", doubles()),
            arrayColumn("float8", doubles()),
            column("float4", floats()),
            arrayColumn("float4", floats()),
            column("text", texts()),
            arrayColumn("text", texts()),
            column("varchar(7)", texts(7)),
            column("char(7)", texts(7)),
            column("bytea", bytes()),
            arrayColumn("bytea", bytes()),
            column("date", dates()),
            arrayColumn("date", dates()),
            column("timestamp", timestamps("timestamp")),
            arrayColumn("timestamp", timestamps("timestamp")),
            column("timestamptz", timestamps("timestamptz")),
            arrayColumn("timestamptz", timestamps("timestamptz")),
            column("time", times()),
            arrayColumn("time", times()),
            column("interval", intervals()),
            arrayColumn("interval", intervals()),
            column("timetz", timesWithZone()),
            arrayColumn("timetz", timesWithZone()),
            column("json", RandomJson.takenByJson()),
            arrayColumn("json", RandomJson.takenByJson()),
            column("jsonb", RandomJson.takenByJsonb()),
            arrayColumn("jsonb", RandomJson.takenByJsonb()),
            column("numrange", numericRanges()),
            column("nummultirange", multiranges("nummultirange", numericRanges())),
            column("tstzrange", momentRanges()),
            column("tstzmultirange", multiranges("tstzmultirange", momentRanges())),
            arrayColumn("tstzmultirange", multiranges("tstzmultirange", momentRanges())),
            column("datemultirange", multiranges("datemultirange", dayRanges())),
            column("int8multirange", multiranges("int8multirange", integerRanges())),
            column("mood", moods),
            column("feeling", moods),
            arrayColumn("feeling", moods),
            column("positive", integers(1, 99_999_999)),
            column("tags", arrays("text", texts())),
            column("stamp", timestamps("timestamptz")),
            column("pair", pairs()),
            arrayColumn("pair", pairs())));
  }

  private static Arbitrary<String> numericRanges() {
    return ranges("numrange", "numeric", numbersOfAnyScale());
  }

  private static Arbitrary<String> momentRanges() {
    return ranges("tstzrange", "timestamptz", timestamps("timestamptz"));
  }

  private static Arbitrary<String> dayRanges() {
    return ranges("daterange", "date", dates());
  }

  /** An inclusive upper end is followed by another number. */
  private static Arbitrary<String> integerRanges() {
    return ranges("int8range", "int8", integers(Long.MIN_VALUE, Long.MAX_VALUE - 1));
  }

  private static Arbitrary<Column> anyNumeric() {
    return Combinators.combine(
            Arbitraries.integers().between(1, MOST_DIGITS),
            Arbitraries.integers().between(-5, MOST_DIGITS))
        .flatAs(
            (precision, scale) ->
                column("numeric(" + precision + ", " + scale + ")", numbers(precision, scale)));
  }

  private static Arbitrary<Column> arrayColumn(String type, Arbitrary<String> elements) {
    return column(type + "[]", arrays(type, elements));
  }

  private static Arbitrary<Column> column(String type, Arbitrary<String> values) {
    return values
        .list()
        .ofMinSize(1)
        .ofMaxSize(MOST_VALUES)
        .withSizeDistribution(RandomDistribution.uniform())
        .map(list -> new Column(type, list));
  }
}
