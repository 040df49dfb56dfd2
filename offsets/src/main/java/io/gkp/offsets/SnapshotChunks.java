package io.gkp.offsets;

import static java.util.Objects.requireNonNull;

import io.gkp.offsets.SnapshotChunk.Offer;
import io.gkp.offsets.SnapshotChunk.State;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The log of chunks in the destination dataset. An epoch's chunks are listed once, in one append,
 * by the run that begins it. The runs of its shard offer them, and any task may read what is
 * offered. Each is recorded as read once its rows are durable.
 */
public final class SnapshotChunks {
  private final ControlStore store;
  private final String lineage;
  private final @Nullable String runId;

  /**
   * @param runId null where nothing is recorded
   */
  public SnapshotChunks(ControlStore store, String lineage, @Nullable String runId) {
    this.store = store;
    this.lineage = lineage;
    this.runId = runId;
  }

  /** The chunks of epochs in their order; none of those whose tables were read whole. */
  public Map<Epoch, List<SnapshotChunk>> of(Collection<Epoch> epochs) {
    if (epochs.isEmpty()) {
      return Map.of();
    }
    String numbers =
        epochs.stream()
            .map(epoch -> Long.toString(epoch.number()))
            .distinct()
            .collect(Collectors.joining(", "));
    List<SnapshotChunk> all =
        new ControlRows(store, ControlTable.SNAPSHOT_CHUNKS)
            .all("WHERE epoch IN (" + numbers + ")").stream().map(SnapshotChunks::fromRow).toList();
    Map<Epoch, List<SnapshotChunk>> chunks = new LinkedHashMap<>();
    for (Epoch epoch : epochs) {
      Map<Integer, SnapshotChunk> numbered = new TreeMap<>();
      all.stream()
          .filter(c -> c.table().equals(epoch.table()) && c.epoch() == epoch.number())
          .forEach(chunk -> numbered.merge(chunk.number(), chunk, SnapshotChunk::later));
      chunks.put(epoch, new ArrayList<>(numbered.values()));
    }
    return chunks;
  }

  /**
   * Lists the chunks of an epoch; returns when that is durable.
   *
   * @param batch newest batch number at that moment
   */
  public void list(List<SnapshotChunk> chunks, long batch, Instant now) {
    SnapshotChunk first = chunks.get(0);
    store.append(
        ControlTable.SNAPSHOT_CHUNKS,
        key(first) + "_chunks",
        "listed-" + runId,
        chunks.stream().map(chunk -> row(chunk, batch, now)).toList());
  }

  /**
   * Lets chunks of an epoch be read by whoever claims one of the numbers that are reserved for
   * them; returns when that is durable.
   *
   * @param reserved the last of those numbers
   */
  public void offer(List<SnapshotChunk> chunks, long reserved, Instant now) {
    store.append(
        ControlTable.SNAPSHOT_CHUNKS,
        key(chunks.get(0)) + "_chunks_offered_" + reserved,
        "offered-" + runId,
        chunks.stream()
            .map(chunk -> row(chunk, requireNonNull(chunk.offer()).firstBatch(), now))
            .toList());
  }

  /**
   * Records that all rows of a chunk are durable. Recording it twice has no further effect.
   *
   * @param batch the batch number of its rows
   */
  public void record(SnapshotChunk read, long batch, Instant now) {
    store.append(
        ControlTable.SNAPSHOT_CHUNKS,
        key(read) + "_chunk_" + read.number() + "_read",
        "read",
        List.of(row(read, batch, now)));
  }

  private String key(SnapshotChunk chunk) {
    return "gkp_" + lineage + "_" + chunk.table() + "_" + chunk.epoch();
  }

  private Map<String, Object> row(SnapshotChunk chunk, long batch, Instant now) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("table_name", chunk.table());
    row.put("epoch", chunk.epoch());
    row.put("chunk", (long) chunk.number());
    row.put("state", chunk.state().name().toLowerCase(Locale.ROOT));
    row.put("relation", chunk.relation());
    row.put("file", chunk.file());
    row.put("first_block", chunk.firstBlock());
    row.put("end_block", chunk.endBlock());
    row.put("batch", batch);
    row.put("rows", chunk.isRead() ? chunk.rows() : null);
    row.put("duration_ms", chunk.isRead() ? chunk.took().toMillis() : null);
    row.put("run_id", runId);
    row.put("changed_at", Timestamps.text(now));
    return row;
  }

  private static SnapshotChunk fromRow(Map<String, Object> values) {
    ControlRow row = new ControlRow(values);
    State state = State.valueOf(row.text("state").toUpperCase(Locale.ROOT));
    return new SnapshotChunk(
        row.text("table_name"),
        row.number("epoch"),
        (int) row.number("chunk"),
        state,
        row.number("relation"),
        row.number("file"),
        row.number("first_block"),
        row.number("end_block"),
        state == State.OFFERED ? new Offer(row.text("run_id"), row.number("batch")) : null,
        row.count("rows"),
        Duration.ofMillis(row.count("duration_ms")));
  }
}
