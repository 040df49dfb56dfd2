package io.gkp.offsets;

import io.gkp.name.Lsn;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Starts over: a new slot, and a new snapshot of every table. Covers a slot that is lost, missing,
 * ahead of the ledger, or without one, and a server that is not the one of before.
 *
 * <p>The caller holds {@link ReplicationSlot#lock}. The order makes a crash at any point harmless:
 *
 * <ol>
 *   <li>Nobody reads from the slot; otherwise nothing is done.
 *   <li>The request is recorded.
 *   <li>A new epoch is requested for every table that has one, captured now or not. Until here the
 *       position stands; a run after a crash takes the snapshots and goes on from it.
 *   <li>The ledger gives the position up. Every table will be snapshotted by now, so whatever slot
 *       a run finds after a crash, no change is missing from it. The other way round a run could
 *       stream from a new slot into an old epoch, over a gap.
 *   <li>The old slot is dropped: only now is nothing in it needed any more.
 *   <li>The new slot is created. A run that finds none creates it.
 *   <li>The request is recorded as done.
 * </ol>
 *
 * <p>Running it again after a crash does all steps again and is as good as once.
 */
public final class ResetAll {
  private final ControlStore store;
  private final Shard shard;
  private final ReplicationSlot slot;
  private final Clock clock;

  /**
   * @param shard the one that starts over; the others go on
   * @param slot the shard's
   */
  public ResetAll(ControlStore store, Shard shard, ReplicationSlot slot, Clock clock) {
    this.store = store;
    this.shard = shard;
    this.slot = slot;
    this.clock = clock;
  }

  /**
   * What was done.
   *
   * @param tables tables whose next epoch was requested
   * @param checkpoint newest row of the ledger
   * @param slotStart where the new slot stands
   */
  public record Outcome(
      String requestId, List<Epoch> tables, Checkpoint checkpoint, Lsn slotStart) {}

  /**
   * @throws io.gkp.failure.ExportException {@code SLOT_BUSY} while somebody reads from the slot
   */
  public Outcome run(String by, @Nullable String reason) throws SQLException {
    requireIdle();
    String id = RequestIds.create(Request.Kind.RESET_ALL, clock);
    Requests requests = new Requests(store);
    Request request =
        Request.of(id, Request.Kind.RESET_ALL, null, null, clock.instant(), by, reason);
    requests.record(request);
    Ledger ledger = new Ledger(store, shard);
    Optional<Checkpoint> last = ledger.last();
    List<Epoch> asked = requestEpochs(id, last, by, reason);
    Checkpoint begun =
        last.isPresent()
            ? ledger.giveUp(last.get(), id, clock.instant())
            : ledger.create(id, clock.instant());
    slot.drop();
    Lsn start = slot.create();
    requests.record(request.done(begun.n(), asked.size(), List.of(), null, clock.instant()));
    return new Outcome(id, asked, begun, start);
  }

  private void requireIdle() throws SQLException {
    Optional<String> holder = slot.state().flatMap(SlotState::holder);
    if (holder.isPresent()) {
      throw slot.busy(holder.get());
    }
  }

  private List<Epoch> requestEpochs(
      String id, Optional<Checkpoint> last, String by, @Nullable String reason) {
    Epochs epochs = new Epochs(store, shard, last.map(Checkpoint::lineage).orElse("none"), id);
    long batch = last.map(Checkpoint::n).orElse(0L);
    List<Epoch> asked = new ArrayList<>();
    for (Epoch newest :
        epochs.newest().values().stream().sorted(Comparator.comparing(Epoch::table)).toList()) {
      asked.add(
          newest.state() == Epoch.State.REQUESTED
              ? newest
              : epochs.request(
                  id,
                  newest.table(),
                  epochs.numberAfter(newest),
                  batch,
                  clock.instant(),
                  by,
                  reason));
    }
    return asked;
  }
}
