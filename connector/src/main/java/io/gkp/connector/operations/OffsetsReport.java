package io.gkp.connector.operations;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the export stands; the JSON of {@code offsets show}. What is unknown is null, times are RFC
 * 3339, positions are in PostgreSQL's form.
 *
 * @param checkpoint null where the dataset has no ledger
 * @param tables by configured name
 * @param pending requests that wait for a run
 * @param shards where each shard stands, by its number; the rest is of the one that is furthest
 *     behind then, and {@code tables} are all. Empty where there are none
 */
public record OffsetsReport(
    String asOf,
    @Nullable Position checkpoint,
    Slot slot,
    Lag lag,
    Wal wal,
    Map<String, Table> tables,
    List<Pending> pending,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<Integer, OffsetsReport> shards) {

  /** Of several shards, by their numbers. */
  static OffsetsReport of(Map<Integer, OffsetsReport> shards) {
    OffsetsReport last =
        shards.values().stream()
            .max(
                Comparator.comparing(
                    (OffsetsReport shard) -> shard.lag().seconds(),
                    Comparator.nullsLast(Comparator.naturalOrder())))
            .orElseThrow();
    Map<String, Table> tables = new LinkedHashMap<>();
    shards.values().forEach(shard -> tables.putAll(shard.tables()));
    List<Pending> pending =
        shards.values().stream().flatMap(shard -> shard.pending().stream()).distinct().toList();
    return new OffsetsReport(
        last.asOf(),
        last.checkpoint(),
        last.slot(),
        last.lag(),
        last.wal(),
        tables,
        pending,
        shards);
  }

  /**
   * The newest row of the ledger.
   *
   * @param lsn null where the ledger has no position yet
   */
  public record Position(
      long n,
      @Nullable String lsn,
      String kind,
      String runId,
      String committedAt,
      String lineage) {}

  /**
   * The replication slot as the server has it.
   *
   * @param state {@code missing}, or PostgreSQL's {@code wal_status}
   * @param activeBy session that reads from it
   * @param run session of the run that has the right to it
   */
  public record Slot(
      String name,
      String state,
      @Nullable String confirmedLsn,
      @Nullable String restartLsn,
      @Nullable String activeBy,
      @Nullable String run) {}

  /**
   * What the destination lacks.
   *
   * @param bytes WAL behind the checkpoint, of uncaptured tables too
   * @param completeAsOf every change committed before this moment is in: the start of the newest
   *     run that reached its fence
   * @param seconds since then
   */
  public record Lag(@Nullable Long bytes, @Nullable Long seconds, @Nullable String completeAsOf) {}

  /**
   * WAL that the slot makes the server keep.
   *
   * @param limitBytes {@code max_slot_wal_keep_size}; null where there is none
   * @param bytesUntilLost WAL that may still be written before the slot can be invalidated
   */
  public record Wal(
      @Nullable Long retainedBytes, @Nullable Long limitBytes, @Nullable Long bytesUntilLost) {}

  /**
   * One captured table.
   *
   * @param epoch null before its first snapshot
   * @param state of the newest epoch
   * @param snapshotRows of that epoch
   * @param rawRows rows in the raw table
   * @param lastChangeAt commit time of the newest change that was loaded
   * @param snapshot how far a snapshot is that is read in chunks; null where none is under way
   */
  public record Table(
      @Nullable Long epoch,
      @Nullable String state,
      @Nullable Long snapshotRows,
      @Nullable Long rawRows,
      @Nullable String lastChangeAt,
      @Nullable LastRun lastRun,
      @Nullable Snapshot snapshot) {}

  /**
   * A snapshot that takes several runs.
   *
   * @param rows rows of the chunks that are read
   * @param rowsPerSecond while chunks are read
   * @param secondsLeft what reading the others takes at this rate
   */
  public record Snapshot(
      int chunks,
      int chunksRead,
      long rows,
      @Nullable Long rowsPerSecond,
      @Nullable Long secondsLeft) {}

  /** The newest run that had the table. */
  public record LastRun(
      String runId, String status, String finishedAt, long changes, long rowsLoaded) {}

  /** A request that waits for a run. */
  public record Pending(
      @Nullable String requestId,
      String kind,
      @Nullable String table,
      @Nullable String filter,
      String at,
      @Nullable String by) {}
}
