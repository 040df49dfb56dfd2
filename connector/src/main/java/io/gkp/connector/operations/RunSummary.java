package io.gkp.connector.operations;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One run as the dataset has it. What is unknown is null; times are RFC 3339, positions are in
 * PostgreSQL's form.
 *
 * @param status {@code drained}, {@code stopped_early} or {@code failed}
 * @param phasesMs how long its phases took, in milliseconds; empty for runs of older versions
 * @param tables by configured name
 */
public record RunSummary(
    String runId,
    String status,
    @Nullable String errorCode,
    String startedAt,
    String finishedAt,
    long durationMs,
    @Nullable String fenceLsn,
    @Nullable String checkpointLsn,
    @Nullable Long lagBytesBefore,
    @Nullable Long lagBytesAfter,
    long rowsLoaded,
    long bytesLoaded,
    long lossyValues,
    Map<String, Long> phasesMs,
    Map<String, Table> tables) {
  /**
   * One table's share.
   *
   * @param schemaChanges what changed about the raw table's columns, a sentence each
   */
  public record Table(
      long snapshotRows,
      long inserts,
      long updates,
      long deletes,
      long truncates,
      long rowsLoaded,
      long bytesLoaded,
      long lossyValues,
      long unavailableValues,
      @Nullable String lastChangeAt,
      @Nullable String verified,
      List<String> schemaChanges,
      List<String> loadJobs) {}

  /**
   * What a run has committed at a time.
   *
   * @param fromLsn where the batch before ended; null where that had no position
   */
  public record Batch(
      long n,
      String kind,
      @Nullable String fromLsn,
      @Nullable String lsn,
      long rows,
      String committedAt) {}
}
