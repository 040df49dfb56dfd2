package io.gkp.connector.export;

import io.gkp.name.Lsn;
import io.gkp.name.TableName;
import io.gkp.offsets.Checkpoint;
import java.util.Map;

/** Told how a run gets on; calls come from several threads and must return quickly. */
public interface Progress {
  /** Shows nothing. */
  Progress SILENT = new Progress() {};

  /** A part of the run begins. */
  default void phase(String what) {}

  /**
   * A table is about to be read.
   *
   * @param estimatedRows the planner's estimate, negative where there is none
   */
  default void reading(TableName table, long estimatedRows) {}

  /**
   * @param rows rows read so far
   */
  default void read(TableName table, long rows) {}

  /** All rows of a table are read and loaded. */
  default void readAll(TableName table, long rows) {}

  /**
   * The stream is about to begin.
   *
   * @param fence where it will end, or a little behind
   */
  default void streaming(Lsn from, Lsn fence) {}

  /**
   * @param position the farthest that was read so far
   * @param changes changes of each table so far, as configured; to be looked at during the call
   *     only
   */
  default void streamed(Lsn position, Map<TableName, Long> changes) {}

  /**
   * A load job has ended well.
   *
   * @param table as configured
   * @param bytes newline-delimited JSON before compression
   */
  default void loaded(String table, long rows, long bytes) {}

  /** The same, by which job. */
  default void loadedBy(String jobId, String table, long rows) {}

  default void committed(Checkpoint checkpoint) {}
}
