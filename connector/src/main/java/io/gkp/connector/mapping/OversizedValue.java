package io.gkp.connector.mapping;

import java.util.BitSet;

/** What becomes of the values that make a row longer than BigQuery loads. */
final class OversizedValue {
  private OversizedValue() {}

  /**
   * The column of the longest value that is still in the row.
   *
   * @throws IllegalStateException when there is none left: the limit is below the row's metadata
   */
  static int longest(String[] values, BitSet leftOut) {
    int longest = -1;
    for (int i = 0; i < values.length; i++) {
      boolean candidate = values[i] != null && !leftOut.get(i);
      if (candidate && (longest < 0 || values[i].length() > values[longest].length())) {
        longest = i;
      }
    }
    if (longest < 0) {
      throw new IllegalStateException("the row is too long without any value");
    }
    return longest;
  }

  /** Enough to find the value in Postgres, and to tell whether it is the same. */
  static String describe(String text) {
    return text.length() + " characters, sha256 " + StableHash.hex(text, 64);
  }
}
