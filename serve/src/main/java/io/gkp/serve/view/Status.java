package io.gkp.serve.view;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.gkp.connector.operations.OffsetsReport;
import io.gkp.connector.operations.RunSummary;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the export stands, in one object; {@code GET /api/status}. What is unknown is null.
 *
 * @param health {@code ok}, {@code warning} or {@code failing}
 * @param sentence what that means, for people
 * @param remedy what to do; null where there is nothing to do
 * @param completeAsOf every change committed before this moment is in
 * @param run what is going now; null where nothing is
 * @param tables by configured name
 * @param pending requests that wait for a run
 * @param lastRun the newest run that left a record
 * @param shards where each shard stands, by its number; the rest is of the one that is furthest
 *     behind then, {@code health} of the one that is worst, and {@code tables} are all. Empty where
 *     there are none
 */
public record Status(
    String asOf,
    String health,
    String sentence,
    @Nullable String remedy,
    @Nullable String completeAsOf,
    OffsetsReport.Lag lag,
    OffsetsReport.Wal wal,
    OffsetsReport.Slot slot,
    OffsetsReport.@Nullable Position checkpoint,
    @Nullable Going run,
    Map<String, Table> tables,
    List<OffsetsReport.Pending> pending,
    @Nullable RunSummary lastRun,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<Integer, Status> shards) {
  /**
   * A run that has the right to run.
   *
   * @param runId null where its session does not tell
   */
  public record Going(@Nullable String runId, String session) {}

  /**
   * One captured table.
   *
   * @param freshnessSeconds since the moment up to which it is complete; null before its first
   *     epoch is
   * @param lastError code of the newest run with it, where that failed
   * @param snapshot how far a snapshot is that is read in chunks; null where none is under way
   */
  public record Table(
      @Nullable Long epoch,
      @Nullable String state,
      @Nullable Long snapshotRows,
      @Nullable Long rawRows,
      @Nullable String lastChangeAt,
      @Nullable Long freshnessSeconds,
      @Nullable String lastError,
      OffsetsReport.@Nullable LastRun lastRun,
      OffsetsReport.@Nullable Snapshot snapshot) {
    /** Whether there is something to do or to wait for. */
    @JsonIgnore
    public boolean isUnfinished() {
      return !"completed".equals(state) || lastError != null;
    }
  }
}
