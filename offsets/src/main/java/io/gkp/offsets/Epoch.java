package io.gkp.offsets;

import org.jspecify.annotations.Nullable;

/**
 * One generation of a table's changelog: a snapshot and the changes that follow it.
 *
 * <p>States only move forward. An epoch is completed by the first fence <em>after</em> its
 * snapshot: until then replayed older changes may still stand over newer snapshot rows.
 *
 * @param table source table, as configured
 * @param number ascending per table, from 1
 * @param rows snapshot rows, -1 while unknown
 * @param composition what the table consisted of at the source, and how its changes were sent, when
 *     a run last found the epoch's rows to be right; that of the epoch before where this one was
 *     only asked for; null where that is not known
 * @param rowKey by what its rows are told apart; null where that is not known
 */
public record Epoch(
    String table,
    long number,
    State state,
    long rows,
    @Nullable String composition,
    @Nullable String rowKey) {

  /** In order of progress; a later state wins whatever the order of the log's rows. */
  public enum State {
    /** An operator asked for a new snapshot. */
    REQUESTED,
    /** Its snapshot is being read; when the run dies here the epoch is dead. */
    SNAPSHOTTING,
    /** Its snapshot is loaded; the stream has not reached a fence since. */
    CONVERGING,
    /** What analysts see. */
    COMPLETED,
    /** Given up; its rows are never read and may be purged. */
    DEAD
  }

  /** The same epoch, of which something else is known. */
  public Epoch consistingOf(@Nullable String now) {
    return new Epoch(table, number, state, rows, now, rowKey);
  }

  /** The same epoch in another state. */
  public Epoch to(State next) {
    return new Epoch(table, number, next, rows, composition, rowKey);
  }

  /** Whether the table's changes belong to this epoch without a new snapshot. */
  public boolean isStreaming() {
    return state == State.CONVERGING || state == State.COMPLETED;
  }

  /** Whether its snapshot was begun and never came to its end. */
  public boolean isCut() {
    return state == State.SNAPSHOTTING || state == State.DEAD;
  }
}
