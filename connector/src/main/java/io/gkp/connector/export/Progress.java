package io.gkp.connector.export;

import io.gkp.connector.config.TableName;
import io.gkp.offsets.Checkpoint;

/** Told how a run gets on; calls come from several threads and must return quickly. */
public interface Progress {
  /** Shows nothing. */
  Progress SILENT = new Progress() {};

  /** A part of the run begins. */
  default void phase(String what) {}

  /**
   * @param estimatedRows the planner's estimate, negative where there is none
   */
  default void snapshotRows(TableName table, long rows, long estimatedRows) {}

  /**
   * @param changes changes read from the stream so far
   */
  default void streamed(long changes) {}

  /**
   * A load job has ended well.
   *
   * @param table as configured
   * @param bytes newline-delimited JSON before compression
   */
  default void loaded(String table, long rows, long bytes) {}

  default void committed(Checkpoint checkpoint) {}
}
