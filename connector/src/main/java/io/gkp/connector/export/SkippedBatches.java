package io.gkp.connector.export;

import static java.util.Objects.requireNonNull;

import io.gkp.connector.bigquery.BigQueryDestination;
import io.gkp.connector.changelog.PartId;
import io.gkp.failure.Failure;
import io.gkp.name.TableName;
import io.gkp.offsets.Checkpoint;
import io.gkp.offsets.ControlStore;
import io.gkp.offsets.Ledger;
import io.gkp.offsets.Request;
import io.gkp.offsets.Requests;
import io.gkp.raw.RawNames;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/**
 * What runs had loaded of the batches that a skip has passed over: the stream brings it again,
 * except for the transaction that is left out. The caller has the right to run.
 */
public final class SkippedBatches {
  /** A run loads at most so many batches that have no checkpoint yet. */
  private static final int BATCHES_IN_FLIGHT = 2;

  private final BigQueryDestination destination;
  private final Ledger ledger;
  private final Requests requests;
  private final List<TableName> tables;
  private final Clock clock;

  /**
   * @param ledger the shard's
   * @param tables the shard's
   */
  public SkippedBatches(
      BigQueryDestination destination,
      ControlStore store,
      Ledger ledger,
      List<TableName> tables,
      Clock clock) {
    this.destination = destination;
    this.ledger = ledger;
    this.requests = new Requests(store);
    this.tables = tables;
    this.clock = clock;
  }

  /** Finishes skips that died on the way; before anything else is loaded. */
  public void finishAll() throws InterruptedException {
    for (Request unfinished : requests.pending(Request.Kind.SKIP)) {
      if (ledger.shard().hasBatch(requireNonNull(unfinished.outcome().batch()))) {
        finish(unfinished);
      }
    }
  }

  /** Whether the ledger moved decides whether there is anything to delete. */
  public void finish(Request request) throws InterruptedException {
    Optional<Checkpoint> moved =
        ledger.ofKind(Checkpoint.Kind.SKIP).stream()
            .filter(checkpoint -> checkpoint.runId().equals(request.id()))
            .findFirst();
    if (moved.isEmpty()) {
      requests.record(request.failed(Failure.SKIP_REFUSED.code(), null, clock.instant()));
      return;
    }
    String lineage = moved.get().lineage();
    long batch = requireNonNull(request.outcome().batch());
    for (TableName table : tables) {
      String raw = RawNames.raw(table.schema(), table.table());
      if (destination.rawRows(table).isEmpty()) {
        continue;
      }
      for (int i = 1; i <= BATCHES_IN_FLIGHT; i++) {
        settle(lineage, batch + i, raw);
      }
      destination.deleteBatches(raw, batch + 1, BATCHES_IN_FLIGHT);
    }
    requests.record(
        request.done(
            batch + 1, requireNonNull(request.outcome().rows()), List.of(), null, clock.instant()));
  }

  private void settle(String lineage, long batch, String raw) throws InterruptedException {
    for (int part = 0; ; part++) {
      if (destination.settle(new PartId(lineage, batch, raw, part)).recorded().isEmpty()) {
        return;
      }
    }
  }
}
