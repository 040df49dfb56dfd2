package io.gkp.sql.changelog;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gkp.sql.changelog.SourceTable.Event;
import io.gkp.sql.changelog.SourceTable.Row;
import io.gkp.sql.changelog.SourceTable.Transaction;
import io.gkp.sql.testing.Changelog;
import io.gkp.sql.testing.TestWarehouse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongPredicate;
import java.util.random.RandomGenerator;

/**
 * What the export writes for a source table, step by step as it would, and what the latest view
 * must show at each of them.
 */
final class SimulatedExport {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final TestWarehouse warehouse;
  private final RandomGenerator random;
  private final SourceTable source;
  private final List<Transaction> unread = new ArrayList<>();

  private long batch;
  private long streamEpoch;
  private boolean isConverging;

  /** Whether rows were read again since the last fence. */
  private boolean isUnsettled;

  private Map<Long, Row> streamed = new TreeMap<>();

  /** What analysts must see. */
  private Map<Long, Row> expected = new TreeMap<>();

  SimulatedExport(TestWarehouse warehouse, RandomGenerator random) {
    this.warehouse = warehouse;
    this.random = random;
    this.source = new SourceTable(random);
    warehouse.append("checkpoints", List.of(Changelog.checkpoint(0, "created")));
  }

  Map<Long, Row> expected() {
    return expected;
  }

  void change(int transactions) {
    for (int i = 0; i < transactions; i++) {
      unread.add(source.transaction());
    }
  }

  /** One batch of the stream, loaded in parts; {@code between} sees the warehouse half-loaded. */
  void stream(int transactions, Runnable between) {
    stream(transactions, between, "stream");
    if (!isConverging && !isUnsettled) {
      expected = streamed;
    }
  }

  private void stream(int transactions, Runnable between, String kind) {
    List<Transaction> taken = unread.subList(0, Math.min(transactions, unread.size()));
    batch++;
    List<ObjectNode> rows = new ArrayList<>();
    for (Transaction transaction : taken) {
      for (Event event : transaction.events()) {
        rows.add(row(event, rows.size()));
      }
      streamed = transaction.after();
    }
    taken.clear();
    int half = rows.size() / 2;
    load(rows.subList(0, half));
    between.run();
    load(rows.subList(half, rows.size()));
    warehouse.append("checkpoints", List.of(Changelog.checkpoint(batch, kind)));
  }

  /** Streams all there is; whatever was converging has converged then. */
  void reachFence(Runnable between) {
    while (unread.size() > 3) {
      stream(3, between);
    }
    stream(3, between, "fence");
    isUnsettled = false;
    if (isConverging) {
      epoch(streamEpoch, "completed");
      isConverging = false;
    }
    expected = streamed;
  }

  /** A snapshot, ahead of the stream: the unread changes come after it. */
  void snapshot() {
    streamEpoch++;
    epoch(streamEpoch, "snapshotting");
    load(snapshotRows(id -> true));
    epoch(streamEpoch, "converging");
    isConverging = true;
  }

  /** A snapshot that dies half-way, and the one that takes its place. */
  void failSnapshot() {
    streamEpoch++;
    epoch(streamEpoch, "snapshotting");
    List<ObjectNode> rows = snapshotRows(id -> true);
    load(rows.subList(0, rows.size() / 2));
    epoch(streamEpoch, "dead");
    snapshot();
  }

  /** Reads some rows again, ahead of the stream. */
  void backfill() {
    batch++;
    warehouse.append("checkpoints", List.of(Changelog.checkpoint(batch, "snapshot")));
    long remainder = random.nextInt(2);
    load(snapshotRows(id -> id % 2 == remainder));
    isUnsettled = true;
  }

  private void epoch(long number, String state) {
    warehouse.append("epochs", List.of(Changelog.epoch("notes", number, state, batch)));
  }

  private List<ObjectNode> snapshotRows(LongPredicate which) {
    List<ObjectNode> rows = new ArrayList<>();
    source
        .rows()
        .forEach(
            (id, row) -> {
              if (which.test(id)) {
                Map<String, Object> values = values(id, row, List.of());
                rows.add(
                    Changelog.change("r", streamEpoch, batch, rows.size(), time(), values)
                        .put("_cdc_lsn", source.lsn()));
              }
            });
    return rows;
  }

  private ObjectNode row(Event event, int index) {
    ObjectNode change =
        Changelog.change(
            event.op(),
            streamEpoch,
            batch,
            index,
            time(),
            values(event.id(), event.row(), event.unavailable()));
    Changelog.at(change, event.txId(), event.lsn());
    return Changelog.unavailable(change, event.unavailable());
  }

  private static Map<String, Object> values(Long id, Row row, List<String> unavailable) {
    Map<String, Object> values = new HashMap<>();
    values.put("id", id);
    if (row != null) {
      values.put("body", unavailable.contains("body") ? null : row.body());
      values.put("note", unavailable.contains("note") ? null : row.note());
      values.put("stars", row.stars());
    }
    return values;
  }

  /** Six hours from batch to batch, so that some days hold several and the watermark moves on. */
  private Instant time() {
    return START.plus(Duration.ofHours(6 * batch));
  }

  private void load(List<ObjectNode> rows) {
    if (!rows.isEmpty()) {
      warehouse.append("raw_notes", rows);
    }
  }
}
