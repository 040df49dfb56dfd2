package io.gkp.offsets;

import java.time.Duration;
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
 * @param rows how many rows were read, 0 while none were
 * @param took how long reading them took, zero while none were
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
    long rows,
    Duration took) {

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
        0,
        Duration.ZERO);
  }

  /** The same chunk, which may be read. */
  public SnapshotChunk offered(Offer newOffer) {
    return in(State.OFFERED, newOffer, 0, Duration.ZERO);
  }

  /** The same chunk, whose rows are durable. */
  public SnapshotChunk read(long count, Duration duration) {
    return in(State.READ, offer, count, duration);
  }

  private SnapshotChunk in(State next, @Nullable Offer of, long count, Duration duration) {
    return new SnapshotChunk(
        table, epoch, number, next, relation, file, firstBlock, endBlock, of, count, duration);
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
