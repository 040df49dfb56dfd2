package io.gkp.connector.source.stream;

import io.gkp.connector.source.table.SourceTable;
import io.gkp.connector.wire.Tuple;

/**
 * Whether an update gave a row another key, and so is the end of one row and the beginning of
 * another.
 *
 * <p>Where Postgres sends nothing but the key of the old row, that tells. Whole old rows do not say
 * which of their columns were the key: there it is the key of the moment of reading, so that the
 * same update may be told in another way when it is read again. Nothing may be counted by it.
 */
final class KeyChange {
  private KeyChange() {}

  /**
   * @param before the old row where Postgres sends whole ones, otherwise nothing but its key
   * @param after the new row; what Postgres did not send of it, because it is long and unchanged,
   *     was taken from {@code before}
   */
  static boolean isOne(SourceTable table, Tuple before, Tuple after) {
    for (int i = 0; i < before.size(); i++) {
      boolean key = !before.isNull(i) && (!table.wholeOldRows() || table.columns().get(i).isKey());
      if (key && !before.hasSame(i, after)) {
        return true;
      }
    }
    return false;
  }
}
