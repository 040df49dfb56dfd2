package io.gkp.connector.export;

import io.gkp.connector.config.SourceConfig;
import io.gkp.connector.source.SourceDatabase;
import io.gkp.connector.source.WalHistory;
import io.gkp.failure.ExportException;
import io.gkp.failure.Failure;
import io.gkp.offsets.Checkpoint;
import io.gkp.offsets.ReplicationSlot;
import io.gkp.offsets.SlotState;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/** Puts the slot where a checkpoint says, or refuses where that would hide a loss. */
final class SlotPlace {
  /** What to do about a position that is lost. */
  static final String RESET =
      "Run offsets reset --all --yes to take new snapshots from a new slot.";

  private static final Duration WAIT_FOR_RELEASE = Duration.ofSeconds(5);
  private static final long POLL_MILLIS = 100;

  private final ReplicationSlot slot;
  private final WalHistory history;

  SlotPlace(ReplicationSlot slot, WalHistory history) {
    this.slot = slot;
    this.history = history;
  }

  /** {@link #moveTo} of whoever has no connection, or one that may be lost. */
  static Checkpoint move(SourceDatabase database, Checkpoint to) throws InterruptedException {
    SourceConfig source = database.config();
    return database.<Checkpoint, InterruptedException>ask(
        connection ->
            new SlotPlace(
                    new ReplicationSlot(connection, source.slot()),
                    new WalHistory(connection, source))
                .moveTo(to));
  }

  /**
   * Makes the slot stand at a checkpoint, once nobody reads from it: the stream then begins with
   * the first transaction that the checkpoint does not hold.
   *
   * @return the same position, to go on from
   */
  Checkpoint moveTo(Checkpoint to) throws SQLException, InterruptedException {
    checkSlot(to, released());
    Checkpoint here = history.require(to);
    slot.advance(to.lsn());
    return here;
  }

  private void checkSlot(Checkpoint last, Optional<SlotState> state) {
    if (state.isEmpty()) {
      throw new ExportException(
          Failure.SLOT_MISSING,
          "Replication slot %s does not exist any more; changes since LSN %s cannot be read."
              .formatted(slot.name(), last.lsn()),
          "If the dataset belongs to another deployment, choose another --dataset. If the slot was"
              + " lost: "
              + RESET);
    }
    if (state.get().isLost()) {
      throw new ExportException(
          Failure.SLOT_INVALIDATED,
          """
          Replication slot %s was invalidated by the server; changes since LSN %s cannot be \
          read."""
              .formatted(slot.name(), last.lsn()),
          RESET
              + " Then run more often, or raise max_slot_wal_keep_size and, from PostgreSQL 18 on,"
              + " idle_replication_slot_timeout.");
    }
    if (state.get().confirmed().isAfter(last.lsn())) {
      throw new ExportException(
          Failure.SLOT_AHEAD,
          """
          Replication slot %s stands at LSN %s, ahead of the ledger's %s: the changes between \
          them were given to somebody else."""
              .formatted(slot.name(), state.get().confirmed(), last.lsn()),
          RESET);
    }
  }

  /** The slot once nobody reads from it; a run that was killed lets go within moments. */
  Optional<SlotState> released() throws SQLException, InterruptedException {
    long giveUp = System.nanoTime() + WAIT_FOR_RELEASE.toNanos();
    while (true) {
      Optional<SlotState> state = slot.state();
      Optional<String> holder = state.flatMap(SlotState::holder);
      if (state.isPresent()) {
        checkIsOurs(state.get());
      }
      if (holder.isEmpty()) {
        return state;
      }
      if (System.nanoTime() > giveUp) {
        throw slot.busy(holder.get());
      }
      Thread.sleep(POLL_MILLIS);
    }
  }

  /** Slots are named for the whole server, so another database's may have the name. */
  private void checkIsOurs(SlotState state) throws SQLException {
    if (slot.database().equals(state.database()) && ReplicationSlot.PLUGIN.equals(state.plugin())) {
      return;
    }
    throw new ExportException(
        Failure.SLOT_WITHOUT_LEDGER,
        "Replication slot %s belongs to something else: database %s, plugin %s."
            .formatted(slot.name(), state.database(), state.plugin()),
        "Correct the database in --source-url, or choose another --slot (and, for a deployment of"
            + " its own, another --dataset).");
  }
}
