package io.gkp.localbigquery.load;

import io.gkp.localbigquery.storage.Column;
import io.gkp.localbigquery.storage.FieldType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/**
 * The limits of NUMERIC and BIGNUMERIC: more fraction digits are rounded half away from zero, more
 * integer digits are an error.
 *
 * @see <a
 *     href="https://cloud.google.com/bigquery/docs/reference/standard-sql/data-types#decimal_types">Decimal
 *     types</a>
 */
final class Decimals {
  private static final int NUMERIC_SCALE = 9;
  private static final int BIGNUMERIC_SCALE = 38;
  private static final BigInteger NUMERIC_LIMIT = BigInteger.TEN.pow(38);

  /** Without the sign: the lowest value is one step further from zero than the highest. */
  private static final int BIGNUMERIC_BITS = 255;

  /** Beyond this many digits before or after the point, no arithmetic is worth its cost. */
  private static final int ABSURD = 100;

  private Decimals() {}

  static BigDecimal fit(Column column, BigDecimal value) {
    boolean numeric = column.type() == FieldType.NUMERIC;
    int typeScale = numeric ? NUMERIC_SCALE : BIGNUMERIC_SCALE;
    int integerDigits = value.precision() - value.scale();
    if (value.signum() == 0 || integerDigits < -ABSURD) {
      return BigDecimal.ZERO;
    }
    if (integerDigits > ABSURD) {
      throw new ArithmeticException("too large");
    }
    int scale =
        column.precision() == null
            ? typeScale
            : column.scale() == null ? 0 : column.scale().intValue();
    BigDecimal rounded = value.setScale(scale, RoundingMode.HALF_UP);
    BigInteger unscaled = rounded.setScale(typeScale).unscaledValue();
    boolean fits =
        (numeric
                ? unscaled.abs().compareTo(NUMERIC_LIMIT) < 0
                : unscaled.bitLength() <= BIGNUMERIC_BITS)
            && (column.precision() == null || rounded.precision() <= column.precision());
    if (!fits) {
      throw new ArithmeticException("too large");
    }
    BigDecimal stripped = rounded.stripTrailingZeros();
    return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
  }
}
