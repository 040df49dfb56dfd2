package io.gkp.connector.export;

import static java.util.Objects.requireNonNull;

import io.gkp.connector.changelog.ChangelogTable;
import io.gkp.connector.changelog.StreamBatcher.EpochTable;
import io.gkp.connector.source.CapturedTable;
import io.gkp.connector.source.table.SourceTable;
import io.gkp.name.TableName;
import io.gkp.offsets.Checkpoint;
import io.gkp.offsets.Epoch;
import io.gkp.offsets.Epochs;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * The epochs that tables stream into once more before they are read anew.
 *
 * <p>A snapshot is read behind the fence of a stream, and what that stream brings of the table
 * would be passed over. It goes where it belongs, into the former epoch: so raw keeps every change,
 * and what analysts see of the table goes on until its snapshot is complete. Where rows have
 * changed without an event, or have another key, what is still waiting must not come over the
 * snapshot at all: some changes were never sent, are another table's that had the name before, hold
 * values from before DDL has rewritten them, or have another key.
 */
final class FormerEpochs {
  private final RunParts run;
  private final Epochs epochs;
  private final Map<String, Epoch> newest;

  /**
   * @param newest the newest epoch of every table
   */
  FormerEpochs(RunParts run, Epochs epochs, Map<String, Epoch> newest) {
    this.run = run;
    this.epochs = epochs;
    this.newest = newest;
  }

  /**
   * Where what is still waiting of these tables goes: empty for one that has streamed into nothing
   * since the slot was created, or whose raw table is gone.
   */
  Map<TableName, EpochTable> targets(List<CapturedTable> unread) {
    Map<TableName, EpochTable> targets = new LinkedHashMap<>();
    Map<String, Epoch> former = epochs.newestStreaming(slotCreated());
    for (CapturedTable table : unread) {
      TableName name = table.name();
      Epoch epoch = former.get(name.display());
      if (epoch == null) {
        continue;
      }
      if (requireNonNull(newest.get(name.display())).isStreaming()) {
        targets.put(name, target(name, epoch, run.destination()::existingTable));
      } else if (run.destination().rawRows(name).isPresent()) {
        // A new epoch was asked for: rows may be written otherwise than those of the former one.
        targets.put(name, target(name, epoch, run.destination()::table));
      }
    }
    return targets;
  }

  /** In which batch the slot began that changes come from. */
  private long slotCreated() {
    return run.ledger().ofKind(Checkpoint.Kind.CREATED).stream()
        .mapToLong(Checkpoint::n)
        .max()
        .orElse(0);
  }

  private EpochTable target(
      TableName name,
      Epoch epoch,
      BiFunction<SourceTable, SchemaSentences, ChangelogTable> rawTable) {
    ChangelogTable raw =
        rawTable.apply(run.catalogue().table(name), new SchemaSentences(run.statistics(), name));
    return new EpochTable(raw, epoch);
  }
}
