package io.gkp.offsets;

import io.gkp.name.Lsn;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One table's share of one run, as the {@code runs} table keeps it.
 *
 * @param lastChangeAt newest commit time among its changes; null without changes
 * @param verified how comparing it with the source ended, such as {@code equal}; null where it was
 *     not compared
 * @param schemaChanges what changed about the raw table's columns, a sentence each
 */
public record RunRecord(
    Run run,
    String table,
    Counts counts,
    @Nullable Instant lastChangeAt,
    List<String> loadJobs,
    @Nullable String verified,
    List<String> schemaChanges) {
  /**
   * What the records of all its tables say alike.
   *
   * @param status {@code drained}, {@code stopped_early} or {@code failed}
   * @param errorCode null unless failed
   * @param fenceLsn null where the fence was not reached
   * @param checkpointLsn position at the run's end; null where there was none
   * @param lagBefore bytes of WAL after the position at the run's start; null where unknown
   * @param lagAfter the same at its end
   * @param phasesMs how long the run's phases took, in milliseconds, in their order
   */
  public record Run(
      String id,
      Instant startedAt,
      Instant finishedAt,
      String status,
      @Nullable String errorCode,
      @Nullable Lsn fenceLsn,
      @Nullable Lsn checkpointLsn,
      @Nullable Long lagBefore,
      @Nullable Long lagAfter,
      Map<String, Long> phasesMs) {}

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
