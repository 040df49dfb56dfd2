package io.gkp.connector.mapping.value;

import java.math.BigDecimal;

/**
 * A {@code numeric} for NUMERIC or BIGNUMERIC, as a JSON string of the same digits. Never rounds.
 *
 * @see <a
 *     href="https://cloud.google.com/bigquery/docs/reference/standard-sql/data-types#decimal_types">BigQuery:
 *     decimal types</a>
 */
final class DecimalEncoder implements ValueEncoder {
  static final DecimalEncoder NUMERIC =
      new DecimalEncoder(9, "99999999999999999999999999999.999999999");

  /** BIGNUMERIC's range ends inside the 39-digit numbers: its unscaled value has 256 bits. */
  static final DecimalEncoder BIGNUMERIC =
      new DecimalEncoder(
          38,
          "578960446186580977117854925043439539266.34992332820282019728792003956564819967",
          // The lowest value is one step further from zero.
          "578960446186580977117854925043439539266.34992332820282019728792003956564819968");

  private final int scale;
  private final BigDecimal highest;
  private final BigDecimal lowest;
  private final int safeIntegerDigits;

  private DecimalEncoder(int scale, String highest) {
    this(scale, highest, highest);
  }

  private DecimalEncoder(int scale, String highest, String lowestAbsolute) {
    this.scale = scale;
    this.highest = new BigDecimal(highest);
    this.lowest = new BigDecimal(lowestAbsolute).negate();
    // The highest value's own length in digits holds numbers beyond it, one digit less does not.
    this.safeIntegerDigits = this.highest.precision() - this.highest.scale() - 1;
  }

  @Override
  public String encode(String text) throws Unrepresentable {
    int start = text.startsWith("-") ? 1 : 0;
    char first = text.charAt(start);
    if (first < '0' || first > '9') {
      throw special(text);
    }
    int point = text.indexOf('.', start);
    int integerEnd = point < 0 ? text.length() : point;
    int end = point < 0 ? text.length() : withoutTrailingZeros(text, point);
    if (end - integerEnd - 1 > scale) {
      throw Unrepresentable.because(
          integerEnd - start > safeIntegerDigits + 1
              ? LossyReason.OVERFLOW
              : LossyReason.FRACTION_DIGITS);
    }
    if (integerEnd - start > safeIntegerDigits) {
      checkRange(text, integerEnd - start, end);
    }
    return end == text.length() ? text : text.substring(0, end);
  }

  private void checkRange(String text, int integerDigits, int end) throws Unrepresentable {
    if (integerDigits > safeIntegerDigits + 1) {
      throw Unrepresentable.because(LossyReason.OVERFLOW);
    }
    BigDecimal value = new BigDecimal(text.substring(0, end));
    if (value.compareTo(highest) > 0 || value.compareTo(lowest) < 0) {
      throw Unrepresentable.because(LossyReason.OVERFLOW);
    }
  }

  /** Zeros after the last digit say nothing, and beyond the scale they would be refused. */
  private int withoutTrailingZeros(String text, int point) {
    if (text.length() - point - 1 <= scale) {
      return text.length();
    }
    int end = text.length();
    while (text.charAt(end - 1) == '0') {
      end--;
    }
    return end - 1 == point ? point : end;
  }

  private static Unrepresentable special(String text) {
    return Unrepresentable.because(
        switch (text) {
          case "NaN" -> LossyReason.NOT_A_NUMBER;
          case "Infinity", "-Infinity" -> LossyReason.INFINITY;
          default -> LossyReason.MALFORMED;
        });
  }
}
