package io.gkp.offsets;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Which source the ledger's positions are positions in, from which batch on. */
public final class Sources {
  private final ControlStore store;
  private final Shard shard;

  public Sources(ControlStore store, Shard shard) {
    this.store = store;
    this.shard = shard;
  }

  /** The source of the newest position; empty where none was recorded. */
  public Optional<SourceIdentity> newest() {
    return newestRow()
        .map(
            row ->
                new SourceIdentity(
                    row.text("system_identifier"),
                    row.number("database_oid"),
                    row.text("database_name"),
                    row.text("slot")));
  }

  /**
   * An id, of 64 bits, that transactions had from on that began when the slot was being created;
   * empty where the run that created it died then.
   */
  public OptionalLong slotCreatedBefore() {
    return newestRow()
        .map(row -> row.numberOrNull("next_transaction"))
        .map(OptionalLong::of)
        .orElse(OptionalLong.empty());
  }

  private Optional<ControlRow> newestRow() {
    return new ControlRows(store, ControlTable.SOURCES)
        .all("WHERE " + shard.batchCondition("n") + " ORDER BY n DESC LIMIT 1").stream()
            .findFirst()
            .map(ControlRow::new);
  }

  /**
   * Records a source; returns when that is durable. Recording it twice has no further effect.
   *
   * @param from the checkpoint from which on positions are positions in it
   * @param nextTransaction see {@link #slotCreatedBefore}
   * @throws io.gkp.failure.ExportException with {@code LINEAGE_TAKEN_OVER} when another one was
   *     recorded for it
   */
  public void record(
      SourceIdentity source,
      Checkpoint from,
      OptionalLong nextTransaction,
      String runId,
      Instant now) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("n", from.n());
    row.put("system_identifier", source.systemIdentifier());
    row.put("database_oid", source.databaseOid());
    row.put("database_name", source.database());
    row.put("slot", source.slot());
    nextTransaction.ifPresent(id -> row.put("next_transaction", id));
    row.put("run_id", runId);
    row.put("recorded_at", Timestamps.text(now));
    store.append(
        ControlTable.SOURCES,
        "gkp_" + from.lineage() + "_" + from.n() + "_source",
        source.systemIdentifier() + "-" + source.databaseOid(),
        List.of(row));
  }
}
