package io.gkp.connector.operations;

import io.gkp.connector.export.SkippedBatches;
import io.gkp.connector.source.WalHistory;
import io.gkp.failure.ExportException;
import io.gkp.failure.Failure;
import io.gkp.name.Lsn;
import io.gkp.offsets.Checkpoint;
import io.gkp.offsets.Request;
import io.gkp.offsets.RequestIds;
import io.gkp.offsets.SlotState;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Leaves one transaction out for ever: the first one behind the checkpoint with changes of captured
 * tables, or one before it, of which nothing would have been kept.
 *
 * <ol>
 *   <li>The right to run is taken, and the slot moved to the checkpoint.
 *   <li>The request is recorded with what it leaves out.
 *   <li>The ledger moves behind the transaction, under a new lineage.
 *   <li>What an earlier run had loaded of the batches behind the old checkpoint is deleted: the
 *       stream brings it again, except for the transaction. All its jobs are waited for first.
 *   <li>The request is done.
 * </ol>
 *
 * <p>A crash before the third step changes nothing. After it, the next call, or the next run,
 * finishes the fourth before it does anything else.
 */
public final class Skips {
  private final BothSides sides;
  private final Clock clock;

  public Skips(BothSides sides, Clock clock) {
    this.sides = sides;
    this.clock = clock;
  }

  /**
   * The transactions that the next run begins with, up to the first one that it would keep; empty
   * when there is none.
   *
   * @throws ExportException {@code SLOT_BUSY} while a run is going
   */
  public List<PendingTransaction> pending() {
    lock();
    try {
      Checkpoint last = here();
      Optional<SlotState> slot = sides.slot().state();
      if (slot.isEmpty() || slot.get().isLost() || slot.get().confirmed().isAfter(last.lsn())) {
        throw refused("Slot and ledger do not agree", "Run doctor first.");
      }
      sides.slot().advance(last.lsn());
      return PendingTransaction.upToCaptured(sides.connection(), sides.config().source());
    } catch (SQLException e) {
      throw sides.failure(e);
    }
  }

  /**
   * Leaves a transaction out, with those before it.
   *
   * @param xid must be the number of one that is {@link #pending}, so that nobody skips another one
   *     than they looked at
   */
  public PendingTransaction skip(long xid, String by, @Nullable String reason)
      throws InterruptedException {
    lock();
    sides.ledger().finishLineage(sides.ledger().newest(), clock.instant());
    batches().finishAll();
    List<PendingTransaction> pending = pending();
    if (pending.isEmpty()) {
      throw refused("No transaction is waiting", "Nothing needs to be skipped.");
    }
    PendingTransaction next =
        pending.stream()
            .filter(transaction -> transaction.xid() == xid)
            .findFirst()
            .orElseThrow(
                () ->
                    refused(
                        "The next transaction is %s, not %s"
                            .formatted(pending.get(pending.size() - 1).xid(), xid),
                        "Only the first one can be skipped; look at it with --dry-run."));
    Checkpoint last = here();
    Request request =
        Request.skip(
            RequestIds.create(Request.Kind.SKIP, clock),
            "transaction " + xid + " up to " + next.end() + ": " + next.changes(),
            last.n(),
            next.changes().values().stream().mapToLong(Long::longValue).sum(),
            clock.instant(),
            by,
            reason);
    sides.requests().record(request);
    sides.ledger().skipTo(last, next.end(), request.id(), clock.instant());
    batches().finish(request);
    return next;
  }

  /** The same session may take it more than once. */
  private void lock() {
    try {
      sides.slot().lock();
    } catch (SQLException e) {
      throw sides.failure(e);
    }
  }

  private SkippedBatches batches() {
    return new SkippedBatches(
        sides.destination(),
        sides.store(),
        sides.ledger(),
        sides.config().source().tables(),
        clock);
  }

  /** The last checkpoint, as one of the server's present timeline. */
  private Checkpoint here() {
    try {
      return new WalHistory(sides.connection(), sides.config().source()).require(last());
    } catch (SQLException e) {
      throw sides.failure(e);
    }
  }

  private Checkpoint last() {
    return sides
        .ledger()
        .last()
        .filter(checkpoint -> !checkpoint.lsn().equals(Lsn.NONE))
        .orElseThrow(() -> refused("Nothing has been exported yet", "Run export-bigquery first."));
  }

  private static ExportException refused(String what, String remedy) {
    return new ExportException(Failure.SKIP_REFUSED, what + "; nothing was changed.", remedy);
  }
}
