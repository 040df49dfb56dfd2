package io.gkp.connector.mapping.value;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/**
 * Whether a number in a JSON document comes out of BigQuery's JSON type unchanged: it keeps
 * integers of 64 bits, signed or not, and everything else as FLOAT64.
 */
final class JsonNumber {
  private static final BigDecimal LOWEST = new BigDecimal(Long.MIN_VALUE);
  private static final BigDecimal HIGHEST =
      new BigDecimal(Long.MAX_VALUE).multiply(BigDecimal.valueOf(2)).add(BigDecimal.ONE);

  /** A decimal of up to 15 digits survives the way through a double. */
  private static final int SAFE_DIGITS = 15;

  private static final int MOST_DIGITS = 17;

  private JsonNumber() {}

  static boolean survives(String text, int start, int end) {
    if (end - start <= SAFE_DIGITS && !hasExponent(text, start, end)) {
      return true;
    }
    if (end - start > 4_000) {
      return false; // far beyond both, and parsing it would cost time quadratic in its length
    }
    BigDecimal number;
    try {
      number = new BigDecimal(text.substring(start, end));
    } catch (NumberFormatException e) {
      return false; // an exponent of more than 32 bits
    }
    if (isInteger(text, start, end)
        && number.compareTo(LOWEST) >= 0
        && number.compareTo(HIGHEST) <= 0) {
      return true;
    }
    return number.signum() == 0 || survivesAsDouble(number.stripTrailingZeros());
  }

  /** True if this is how a double's shortest decimal form reads. */
  private static boolean survivesAsDouble(BigDecimal number) {
    int digits = number.precision();
    double nearest = number.doubleValue();
    if (digits > MOST_DIGITS || Double.isInfinite(nearest) || nearest == 0) {
      return false;
    }
    BigDecimal exact = new BigDecimal(nearest);
    boolean subnormal = Math.abs(nearest) < Double.MIN_NORMAL;
    for (int fewer = subnormal ? 1 : SAFE_DIGITS; fewer < digits; fewer++) {
      if (closest(exact, nearest, fewer) != null) {
        return false; // a shorter form exists, and it is another number
      }
    }
    BigDecimal closest = closest(exact, nearest, digits);
    return closest != null && closest.compareTo(number) == 0;
  }

  /** Of the decimals with so many digits that read as the double, the closest; null if none do. */
  private static @Nullable BigDecimal closest(BigDecimal exact, double nearest, int digits) {
    BigDecimal rounded = exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
    if (readsAs(rounded, exact, nearest)) {
      return rounded;
    }
    // Beside a power of two, the next one on the other side may do.
    boolean up = rounded.compareTo(exact) > 0;
    BigDecimal other =
        exact.round(new MathContext(digits, up ? RoundingMode.FLOOR : RoundingMode.CEILING));
    return readsAs(other, exact, nearest) ? other : null;
  }

  /**
   * Not where another double is just as near: neither Postgres nor GoogleSQL prints 1e23, which
   * reads as 9.999999999999999e22.
   */
  private static boolean readsAs(BigDecimal number, BigDecimal exact, double nearest) {
    if (number.doubleValue() != nearest) {
      return false;
    }
    double next = number.compareTo(exact) > 0 ? Math.nextUp(nearest) : Math.nextDown(nearest);
    return !Double.isFinite(next)
        || number.add(number).compareTo(exact.add(new BigDecimal(next))) != 0;
  }

  private static boolean isInteger(String text, int start, int end) {
    int point = text.indexOf('.', start);
    return (point < 0 || point >= end) && !hasExponent(text, start, end);
  }

  private static boolean hasExponent(String text, int start, int end) {
    for (int i = start; i < end; i++) {
      if ((text.charAt(i) | 0x20) == 'e') {
        return true;
      }
    }
    return false;
  }
}
