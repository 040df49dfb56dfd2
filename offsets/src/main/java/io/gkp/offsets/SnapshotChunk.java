package io.gkp.offsets;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Some blocks of a table whose snapshot may take several runs, and several tasks.
 *
 * @param table source table, as configured
 * @param epoch the epoch that its rows go into
 * @param number from 1
 * @param relation OID of the table or partition that holds the blocks
 * @param file its relfilenode when the blocks were listed
 * @param firstBlock the first block
 * @param endBlock the block behind the last one
 * @param offer under which batch numbers it may be read; null before the first one
 * @param reading how it was read; null while it was not
 */
public record SnapshotChunk(
    String table,
    long epoch,
    int number,
    State state,
    long relation,
    long file,
    long firstBlock,
    long endBlock,
    @Nullable Offer offer,
    @Nullable Reading reading) {

  /** In order of progress. */
  public enum State {
    /** The shard that the epoch is of has not come to a fence since. */
    LISTED,
    /** Whoever claims one of its batch numbers may read it. */
    OFFERED,
    /** All of its rows are durable. */
    READ
  }

  /**
   * Batch numbers that are reserved for a chunk. Each read of it claims one, so that no two reads
   * have rows at the same place, whatever became of the first one.
   *
   * @param runId the run that reserved them
   * @param firstBatch the first of {@link #MOST_READS}
   */
  public record Offer(String runId, long firstBatch) {
    /** Reads that begin under one offer; the shard's next run makes another one. */
    public static final int MOST_READS = 20;

    /** The number behind the last one. */
    public long endBatch() {
      return firstBatch + MOST_READS;
    }
  }

  /**
   * How all rows of a chunk became durable.
   *
   * @param runId the run that read it
   * @param took how long
   * @param at when it was done
   */
  public record Reading(String runId, long rows, Duration took, Instant at) {
    Instant began() {
      return at.minus(took);
    }
  }

  /** A chunk that nobody has read yet. */
  public static SnapshotChunk listed(
      Epoch epoch, int number, long relation, long file, long firstBlock, long endBlock) {
    return new SnapshotChunk(
        epoch.table(),
        epoch.number(),
        number,
        State.LISTED,
        relation,
        file,
        firstBlock,
        endBlock,
        null,
        null);
  }

  /** The same chunk, which may be read. */
  public SnapshotChunk offered(Offer newOffer) {
    return in(State.OFFERED, newOffer, null);
  }

  /** The same chunk, whose rows are durable. */
  public SnapshotChunk read(Reading how) {
    return in(State.READ, offer, how);
  }

  private SnapshotChunk in(State next, @Nullable Offer of, @Nullable Reading how) {
    return new SnapshotChunk(
        table, epoch, number, next, relation, file, firstBlock, endBlock, of, how);
  }

  public boolean isRead() {
    return state == State.READ;
  }

  /** What is known of a chunk from two rows about it. */
  static SnapshotChunk later(SnapshotChunk left, SnapshotChunk right) {
    if (left.state != right.state) {
      return left.state.compareTo(right.state) > 0 ? left : right;
    }
    return left.offer == null
            || (right.offer != null && right.offer.firstBatch > left.offer.firstBatch)
        ? right
        : left;
  }
}
