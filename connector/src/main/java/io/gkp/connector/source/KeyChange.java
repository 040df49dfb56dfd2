package io.gkp.connector.source;

import io.gkp.connector.mapping.DebeziumTextConverter;
import io.gkp.connector.mapping.SourceTable;

/**
 * Whether an update gave a row another key, and so is the end of one row and the beginning of
 * another. Told from what Postgres sent, so that it stays the same whenever the update is read
 * again: by then the table may have another key, or none.
 */
final class KeyChange {
  private KeyChange() {}

  /**
   * @param before the old row where Postgres sends whole ones, otherwise nothing but its key
   */
  static boolean isOne(SourceTable table, String[] before, String[] after) {
    for (int i = 0; i < before.length; i++) {
      boolean key = table.wholeOldRows() ? table.columns().get(i).isKey() : before[i] != null;
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
