package io.gkp.connector.property;

import io.gkp.connector.export.Deployment;
import io.gkp.name.Lsn;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** The ledger and the epochs as they stand, and what they say about what analysts may see. */
final class ControlTables {
  private final TreeMap<Long, Map<String, Object>> checkpoints = new TreeMap<>();
  private final List<Map<String, Object>> epochs;

  ControlTables(Deployment deployment) {
    if (WarehouseTable.exists(deployment, "checkpoints")) {
      deployment
          .rows("checkpoints")
          .forEach(row -> checkpoints.put(Deployment.number(row, "n"), row));
    }
    epochs = WarehouseTable.exists(deployment, "epochs") ? deployment.rows("epochs") : List.of();
  }

  /** Whether anything can have been exported. */
  boolean havePosition() {
    return checkpoints.size() > 1;
  }

  /** Where the slot was created. */
  Lsn start() {
    return lsn(1);
  }

  long lastBatch() {
    return checkpoints.lastKey();
  }

  Lsn lsn(long batch) {
    return new Lsn(Deployment.number(checkpoints.get(batch), "lsn"));
  }

  Lsn lastLsn() {
    return lsn(lastBatch());
  }

  /** The newest batch before anything that was read again and that no fence has followed. */
  private long published() {
    long fence = batches("fence"::equals).max().orElse(-1);
    long unsettled =
        batches("snapshot"::equals).filter(n -> n > fence).min().orElse(Long.MAX_VALUE);
    return batches(kind -> !kind.equals("snapshot")).filter(n -> n < unsettled).max().orElseThrow();
  }

  private LongStream batches(Predicate<Object> kind) {
    return checkpoints.values().stream()
        .filter(row -> kind.test(row.get("kind")))
        .mapToLong(row -> Deployment.number(row, "n"));
  }

  /** The epoch that analysts see; empty before the first is complete. */
  OptionalLong visibleEpoch(SourceTable table) {
    return reached(table, "completed")
        .filter(row -> Deployment.number(row, "batch") <= published())
        .mapToLong(row -> Deployment.number(row, "epoch"))
        .max();
  }

  /**
   * The batch up to which analysts see a table: the one before ends where a newer epoch is asked
   * for.
   */
  long visibleBatch(SourceTable table) {
    long epoch = visibleEpoch(table).orElseThrow();
    return Math.min(
        published(),
        Stream.concat(reached(table, "requested"), reached(table, "snapshotting"))
            .filter(row -> Deployment.number(row, "epoch") > epoch)
            .mapToLong(row -> Deployment.number(row, "batch"))
            .min()
            .orElse(Long.MAX_VALUE));
  }

  /** The epoch of what a run loads of the stream in a batch; 0 for none. */
  long streamEpoch(SourceTable table, long batch) {
    return reached(table, "converging")
        .filter(row -> Deployment.number(row, "batch") < batch)
        .mapToLong(row -> Deployment.number(row, "epoch"))
        .max()
        .orElse(0);
  }

  /** Batches of finished snapshots, by epoch. */
  Map<Long, Long> snapshots(SourceTable table) {
    Map<Long, Long> snapshots = new TreeMap<>(Comparator.naturalOrder());
    reached(table, "converging")
        .forEach(
            row -> snapshots.put(Deployment.number(row, "epoch"), Deployment.number(row, "batch")));
    return snapshots;
  }

  private Stream<Map<String, Object>> reached(SourceTable table, String state) {
    return epochs.stream()
        .filter(
            row -> row.get("table_name").equals(table.table()) && row.get("state").equals(state));
  }
}
