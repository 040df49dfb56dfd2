package io.gkp.offsets;

import io.gkp.name.Lsn;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * One table's share of one run, as the {@code runs} table keeps it.
 *
 * @param status {@code drained}, {@code stopped_early} or {@code failed}
 * @param errorCode null unless failed
 * @param fenceLsn null where the fence was not reached
 * @param checkpointLsn position at the run's end; null where there was none
 * @param lagBefore bytes of WAL after the position at the run's start; null where unknown
 * @param lagAfter the same at its end
 * @param lastChangeAt newest commit time among its changes; null without changes
 * @param verified how comparing it with the source ended, such as {@code equal}; null where it was
 *     not compared
 * @param schemaChanges what changed about the raw table's columns, a sentence each
 * @param phasesMs how long the run's phases took, in milliseconds, in their order
 */
public record RunRecord(
    String runId,
    String table,
    Instant startedAt,
    Instant finishedAt,
    String status,
    String errorCode,
    Lsn fenceLsn,
    Lsn checkpointLsn,
    Long lagBefore,
    Long lagAfter,
    Counts counts,
    Instant lastChangeAt,
    List<String> loadJobs,
    String verified,
    Map<String, Long> phasesMs,
    List<String> schemaChanges) {
  /**
   * @param rowsLoaded changelog rows, snapshot included
   * @param bytesLoaded newline-delimited JSON before compression
   */
  public record Counts(
      long snapshotRows,
      long inserts,
      long updates,
      long deletes,
      long truncates,
      long rowsLoaded,
      long bytesLoaded,
      long lossyValues,
      long unavailableValues) {
    /** Events of the stream. */
    public long changes() {
      return inserts + updates + deletes + truncates;
    }
  }
}
