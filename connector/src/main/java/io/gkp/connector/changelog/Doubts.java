package io.gkp.connector.changelog;

import io.gkp.name.TableName;
import io.gkp.offsets.Epoch;

/** Told where the stream brings what a table's epoch cannot hold. */
@FunctionalInterface
public interface Doubts {
  /**
   * Returns when it is written down that the table must be read anew: the change that gave the
   * reason may be committed then.
   *
   * @param why a sentence
   */
  void doubt(TableName table, Epoch epoch, String why);
}
