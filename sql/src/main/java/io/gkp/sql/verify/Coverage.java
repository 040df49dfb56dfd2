package io.gkp.sql.verify;

import org.jspecify.annotations.Nullable;

/**
 * Which rows were read.
 *
 * @param condition what a row of the warehouse satisfies that would have been read if the source
 *     had it, in GoogleSQL; null where that cannot be told
 */
public record Coverage(@Nullable String condition) {
  /** All rows. */
  public static final Coverage WHOLE = new Coverage("TRUE");

  /** Some, by a condition that the source alone can evaluate. */
  public static final Coverage UNKNOWN = new Coverage(null);

  /** Whether rows that the source does not have can be found. */
  public boolean findsExtra() {
    return condition != null;
  }
}
