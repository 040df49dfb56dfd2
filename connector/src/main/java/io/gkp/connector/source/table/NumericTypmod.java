package io.gkp.connector.source.table;

/**
 * Precision and scale of {@code numeric(precision, scale)}.
 *
 * @param precision digits in all; 0 for a numeric without limits
 * @param scale digits after the point; negative (PostgreSQL 15 and later) for digits rounded away
 *     before it
 */
public record NumericTypmod(int precision, int scale) {
  private static final int HEADER = 4;
  private static final int SCALE_BITS = 0x7ff;
  private static final int SCALE_SIGN = 0x400;

  private static final int NUMERIC_INTEGER_DIGITS = 29;
  private static final int NUMERIC_SCALE = 9;

  private static final NumericTypmod UNLIMITED = new NumericTypmod(0, 0);

  /**
   * Decodes {@code atttypmod}.
   *
   * @see <a
   *     href="https://github.com/postgres/postgres/blob/REL_18_STABLE/src/backend/utils/adt/numeric.c">make_numeric_typmod</a>
   */
  public static NumericTypmod decode(int typmod) {
    if (typmod < HEADER) {
      return UNLIMITED;
    }
    int bits = typmod - HEADER;
    return new NumericTypmod(bits >> 16 & 0xffff, ((bits & SCALE_BITS) ^ SCALE_SIGN) - SCALE_SIGN);
  }

  /** Whether every value, {@code NaN} apart, fits BigQuery's NUMERIC. */
  public boolean fitsNumeric() {
    return precision > 0 && scale <= NUMERIC_SCALE && precision - scale <= NUMERIC_INTEGER_DIGITS;
  }
}
