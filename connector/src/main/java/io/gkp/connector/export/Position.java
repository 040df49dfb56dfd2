package io.gkp.connector.export;

import io.gkp.failure.ExportException;
import io.gkp.failure.Failure;
import io.gkp.offsets.Checkpoint;
import io.gkp.offsets.Checkpoint.Kind;
import io.gkp.offsets.Ledger;
import io.gkp.offsets.Lsn;
import io.gkp.offsets.ReplicationSlot;
import io.gkp.offsets.SlotState;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/**
 * Brings ledger and slot into agreement at the start of a run, or refuses.
 *
 * <ol>
 *   <li>No ledger, no slot: a first run. The ledger is begun before the slot is created, so that a
 *       slot found without a ledger is known to be somebody else's.
 *   <li>A ledger without a position: an earlier first run died here. The slot, if there is one by
 *       now, is ours.
 *   <li>A position: the slot is moved to it. A slot that stands behind only repeats what is
 *       skipped; one that is ahead, lost or missing has lost changes, and only an operator can say
 *       what then.
 * </ol>
 */
final class Position {
  private static final Duration WAIT_FOR_RELEASE = Duration.ofSeconds(5);
  private static final long POLL_MILLIS = 100;

  private static final String RESET =
      "Run offsets reset --all --yes to take new snapshots from a new slot.";

  private final Ledger ledger;
  private final ReplicationSlot slot;
  private final Clock clock;

  Position(Ledger ledger, ReplicationSlot slot, Clock clock) {
    this.ledger = ledger;
    this.slot = slot;
    this.clock = clock;
  }

  /** The checkpoint to go on from; its LSN is where the slot stands. */
  Checkpoint agree(String runId) throws SQLException, InterruptedException {
    Optional<Checkpoint> last = ledger.last();
    Optional<SlotState> state = released();
    if (last.isPresent() && !last.get().lsn().equals(Lsn.NONE)) {
      checkSlot(last.get(), state);
      slot.advance(last.get().lsn());
      return last.get();
    }
    if (last.isEmpty() && state.isPresent()) {
      throw new ExportException(
          Failure.SLOT_WITHOUT_LEDGER,
          "Replication slot "
              + slot.name()
              + " exists, but the dataset has no ledger that goes with it: another deployment may"
              + " be using the slot, or the dataset was recreated.",
          "Choose another --slot; or, if the slot is this deployment's, "
              + Character.toLowerCase(RESET.charAt(0))
              + RESET.substring(1));
    }
    Checkpoint begun = last.isPresent() ? last.get() : ledger.create(runId, clock.instant());
    Lsn start = state.isPresent() ? state.get().confirmed() : slot.create();
    return new Checkpoint(
        begun.lineage(), begun.n(), start, Kind.CREATED, begun.runId(), begun.committedAt(), 0);
  }

  /** Moves the slot to where the run has come, once its own stream has let go of it. */
  void moveTo(Lsn reached) throws SQLException, InterruptedException {
    released();
    slot.advance(reached);
  }

  private void checkSlot(Checkpoint last, Optional<SlotState> state) {
    if (state.isEmpty()) {
      throw new ExportException(
          Failure.SLOT_MISSING,
          "Replication slot "
              + slot.name()
              + " does not exist any more; changes since LSN "
              + last.lsn()
              + " cannot be read.",
          RESET);
    }
    if (state.get().isLost()) {
      throw new ExportException(
          Failure.SLOT_INVALIDATED,
          "Replication slot "
              + slot.name()
              + " was invalidated by the server; changes since LSN "
              + last.lsn()
              + " cannot be read.",
          RESET + " Then raise max_slot_wal_keep_size or run more often.");
    }
    if (state.get().confirmed().isAfter(last.lsn())) {
      throw new ExportException(
          Failure.SLOT_AHEAD,
          "Replication slot "
              + slot.name()
              + " stands at LSN "
              + state.get().confirmed()
              + ", ahead of the ledger's "
              + last.lsn()
              + ": the changes between them were given to somebody else.",
          RESET);
    }
  }

  /** The slot once nobody reads from it; a run that was killed lets go within moments. */
  private Optional<SlotState> released() throws SQLException, InterruptedException {
    long giveUp = System.nanoTime() + WAIT_FOR_RELEASE.toNanos();
    while (true) {
      Optional<SlotState> state = slot.state();
      Optional<String> holder = state.flatMap(SlotState::holder);
      if (holder.isEmpty()) {
        return state;
      }
      if (System.nanoTime() > giveUp) {
        throw slot.busy(holder.get());
      }
      Thread.sleep(POLL_MILLIS);
    }
  }
}
