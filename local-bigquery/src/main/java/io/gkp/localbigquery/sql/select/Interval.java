package io.gkp.localbigquery.sql.select;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Values of one type between two bounds, {@code null} for none.
 *
 * @param lowIncluded whether {@code low} itself belongs to it
 */
record Interval(Object low, boolean lowIncluded, Object high, boolean highIncluded) {
  static final Interval ALL = new Interval(null, false, null, false);

  static Interval point(Object value) {
    return new Interval(value, true, value, true);
  }

  static Interval atLeast(Object low) {
    return new Interval(low, true, null, false);
  }

  static Interval above(Object low) {
    return new Interval(low, false, null, false);
  }

  static Interval atMost(Object high) {
    return new Interval(null, false, high, true);
  }

  static Interval below(Object high) {
    return new Interval(null, false, high, false);
  }

  boolean contains(Object value) {
    return overlaps(point(value));
  }

  boolean overlaps(Interval other) {
    return reaches(this, other) && reaches(other, this);
  }

  /** Whether {@code a} starts before {@code b} ends. */
  private static boolean reaches(Interval a, Interval b) {
    if (a.low == null || b.high == null) {
      return true;
    }
    int order = compare(a.low, b.high);
    return order < 0 || (order == 0 && a.lowIncluded && b.highIncluded);
  }

  /** As GoogleSQL orders values: strings by their UTF-8 bytes. */
  @SuppressWarnings({"unchecked", "rawtypes"})
  private static int compare(Object a, Object b) {
    if (a instanceof String left && b instanceof String right) {
      return Arrays.compareUnsigned(
          left.getBytes(StandardCharsets.UTF_8), right.getBytes(StandardCharsets.UTF_8));
    }
    return ((Comparable) a).compareTo(b);
  }
}
