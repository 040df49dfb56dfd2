package io.gkp.offsets;

import io.gkp.name.Lsn;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One row of the ledger: everything up to {@code lsn} is durable in the destination.
 *
 * @param lineage random name of this ledger; part of every job id, so that a recreated dataset
 *     never meets old job ids
 * @param n batch number, from 0 (the ledger's creation) upwards; without gaps but for the numbers
 *     that are reserved several at a time
 * @param lsn commit-end LSN of the last transaction in batch {@code n}; {@link Lsn#NONE} until the
 *     slot exists
 * @param kind what the batch was
 * @param runId the run that committed it
 * @param committedAt when it was committed, by the run's clock
 * @param rows changelog rows in the batch
 * @param timeline the server's timeline that {@code lsn} is a position of; null where unknown
 */
public record Checkpoint(
    String lineage,
    long n,
    Lsn lsn,
    Kind kind,
    String runId,
    Instant committedAt,
    long rows,
    @Nullable Long timeline) {

  /** What a batch number was used for. */
  public enum Kind {
    /** The ledger's first row, and the one with the slot's first position. */
    CREATED,
    /** Reserved for rows that are read again, before the first is loaded; moves no position. */
    SNAPSHOT,
    /** Whole transactions of the stream. */
    STREAM,
    /**
     * The same, up to a run's fence: everything that was read again under an earlier number had
     * been read before this position.
     */
    FENCE,
    /** An operator gave the position up ({@code offsets reset --all}). */
    RESET,
    /** An operator left one transaction out ({@code offsets skip}). */
    SKIP
  }

  /** The checkpoint after this one. */
  public Checkpoint next(Kind nextKind, Lsn nextLsn, String nextRunId, Instant at, long nextRows) {
    return new Checkpoint(lineage, n + 1, nextLsn, nextKind, nextRunId, at, nextRows, timeline);
  }

  /** The same position, for rows that are read under a number that was reserved. */
  public Checkpoint numbered(long reserved) {
    return new Checkpoint(lineage, reserved, lsn, kind, runId, committedAt, rows, timeline);
  }

  /** The same position, now that it is known to be one of this timeline's history. */
  public Checkpoint on(@Nullable Long newTimeline) {
    return new Checkpoint(lineage, n, lsn, kind, runId, committedAt, rows, newTimeline);
  }

  /**
   * A time that does not lie before this checkpoint's: clocks are set back now and then, and
   * partitions are pruned on the promise that batches are ingested one after the other.
   */
  public Instant orLater(Instant now) {
    return now.isBefore(committedAt) ? committedAt : now;
  }
}
