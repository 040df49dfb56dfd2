package io.gkp.connector.mapping.row;

import io.gkp.connector.mapping.schema.ColumnMapping;
import io.gkp.connector.wire.Tuple;
import io.gkp.raw.StableHash;
import java.util.BitSet;
import java.util.List;

/** What becomes of the values that make a row longer than BigQuery loads. */
final class OversizedValue {
  private OversizedValue() {}

  /**
   * The column of the longest value that is still in the row.
   *
   * @throws IllegalStateException when there is none left: the limit is below the row's metadata
   */
  static int longest(List<ColumnMapping> columns, Tuple row, BitSet leftOut) {
    int longest = -1;
    int most = -1;
    for (int i = 0; i < columns.size(); i++) {
      ColumnMapping column = columns.get(i);
      boolean candidate = !column.isAbsent(row, i) && !row.isUnchanged(i) && !leftOut.get(i);
      if (candidate && column.length(row, i) > most) {
        longest = i;
        most = column.length(row, i);
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
