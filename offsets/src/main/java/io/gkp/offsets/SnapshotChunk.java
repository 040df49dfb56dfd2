package io.gkp.offsets;

import java.time.Duration;

/**
 * Some blocks of a table whose snapshot may take several runs.
 *
 * @param table source table, as configured
 * @param epoch the epoch that its rows go into
 * @param number from 1
 * @param relation OID of the table or partition that holds the blocks
 * @param file its relfilenode when the blocks were listed
 * @param firstBlock the first block
 * @param endBlock the block behind the last one
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
    long rows,
    Duration took) {

  /** In order of progress. */
  public enum State {
    /** It waits for a run that reads it. */
    LISTED,
    /** All of its rows are durable. */
    READ
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
        0,
        Duration.ZERO);
  }

  /** The same chunk, whose rows are durable. */
  public SnapshotChunk read(long count, Duration duration) {
    return new SnapshotChunk(
        table, epoch, number, State.READ, relation, file, firstBlock, endBlock, count, duration);
  }

  public boolean isRead() {
    return state == State.READ;
  }
}
