package io.gkp.connector.source;

import io.gkp.connector.mapping.DebeziumTextConverter;
import io.gkp.connector.mapping.SourceTable;

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
   */
  static boolean isOne(SourceTable table, String[] before, String[] after) {
    for (int i = 0; i < before.length; i++) {
      boolean key = before[i] != null && (!table.wholeOldRows() || table.columns().get(i).isKey());
      if (key && !isUnavailable(after[i]) && !before[i].equals(after[i])) {
        return true;
      }
    }
    return false;
  }

  /** A long key is sent along although it has not changed. */
  @SuppressWarnings("StringEquality") // the marker is an object, not a text
  private static boolean isUnavailable(String text) {
    return text == DebeziumTextConverter.UNAVAILABLE;
  }
}
