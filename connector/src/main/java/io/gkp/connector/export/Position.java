package io.gkp.connector.export;

import io.gkp.connector.source.WalHistory;
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
import java.util.Optional;

/**
 * Brings ledger and slot into agreement at the start of a run, or refuses.
 *
 * <ol>
 *   <li>No ledger, no slot: a first run. The ledger is begun before the slot is created, so that a
 *       slot found without a ledger is known to be somebody else's.
 *   <li>A ledger without a position: an earlier first run died here. The slot, if there is one by
 *       now, is ours. Its position is written down before anything is read.
 *   <li>A position: the slot is moved to it. A slot that stands behind is moved forward; one that
 *       is ahead, lost or missing has lost changes, and only an operator can say what then.
 * </ol>
 */
final class Position {
  private final Ledger ledger;
  private final ReplicationSlot slot;
  private final SlotPlace place;
  private final WalHistory history;
  private final Clock clock;

  Position(Ledger ledger, ReplicationSlot slot, SlotPlace place, WalHistory history, Clock clock) {
    this.ledger = ledger;
    this.slot = slot;
    this.place = place;
    this.history = history;
    this.clock = clock;
  }

  /** The checkpoint to go on from; its LSN is where the slot stands. */
  Checkpoint agree(String runId) throws SQLException, InterruptedException {
    Optional<Checkpoint> last = ledger.last();
    if (last.isPresent() && !last.get().lsn().equals(Lsn.NONE)) {
      return place.moveTo(last.get());
    }
    Optional<SlotState> state = place.released();
    if (last.isEmpty() && state.isPresent()) {
      throw new ExportException(
          Failure.SLOT_WITHOUT_LEDGER,
          "Replication slot "
              + slot.name()
              + " exists, but the dataset has no ledger that goes with it: another deployment may"
              + " be using the slot, or the dataset was recreated.",
          "Choose another --slot; or, if the slot is this deployment's, "
              + Character.toLowerCase(SlotPlace.RESET.charAt(0))
              + SlotPlace.RESET.substring(1));
    }
    Checkpoint begun = last.isPresent() ? last.get() : ledger.create(runId, clock.instant());
    Lsn start = state.isPresent() ? state.get().confirmed() : slot.create();
    Checkpoint placed =
        begun.on(history.timeline()).next(Kind.CREATED, start, runId, clock.instant(), 0);
    ledger.append(placed);
    return placed;
  }
}
