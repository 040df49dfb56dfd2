package io.gkp.offsets;

import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which shard exports which table, in the destination dataset. Written seldom, under {@link
 * ReplicationSlot#lockShards}; a process that loses that lock does no harm, because an epoch is one
 * shard's whoever believes what.
 */
public final class Assignments {
  private final ControlStore store;

  public Assignments(ControlStore store) {
    this.store = store;
  }

  /** The one in force; empty where none was ever written. */
  public Optional<Assignment> newest() {
    List<Map<String, Object>> rows = newestRows();
    return rows.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Assignment(
                (int) new ControlRow(rows.get(0)).number("shard_count"),
                rows.stream()
                    .map(ControlRow::new)
                    .collect(
                        Collectors.toMap(
                            row -> row.text("table_name"),
                            row -> (int) row.number("shard"),
                            (left, right) -> left))));
  }

  private List<Map<String, Object>> newestRows() {
    List<Map<String, Object>> rows =
        new ControlRows(store, ControlTable.SHARDS)
            .all("ORDER BY generation DESC, assigned_at, assigned_by");
    return rows.stream()
        .filter(row -> isSame(row, rows.get(0), "generation"))
        .filter(row -> isSame(row, rows.get(0), "assigned_by"))
        .toList();
  }

  private static boolean isSame(Map<String, Object> row, Map<String, Object> first, String column) {
    return Objects.equals(first.get(column), row.get(column));
  }

  /**
   * Puts another assignment in force; returns when that is durable.
   *
   * @param by the run, or the operator's request
   */
  public void record(Assignment assignment, String by, @Nullable String reason, Instant now) {
    long generation =
        newestRows().stream()
                .map(row -> new ControlRow(row).number("generation"))
                .max(Comparator.naturalOrder())
                .orElse(0L)
            + 1;
    List<Map<String, Object>> rows =
        assignment.shards().entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .map(entry -> row(assignment, generation, entry, by, reason, now))
            .toList();
    store.append(
        ControlTable.SHARDS, "gkp_shards_" + generation + "_" + by, "rows-" + rows.size(), rows);
  }

  private static Map<String, Object> row(
      Assignment assignment,
      long generation,
      Map.Entry<String, Integer> table,
      String by,
      @Nullable String reason,
      Instant now) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("generation", generation);
    row.put("table_name", table.getKey());
    row.put("shard", table.getValue().longValue());
    row.put("shard_count", (long) assignment.count());
    row.put("assigned_at", Timestamps.text(now));
    row.put("assigned_by", by);
    row.put("reason", reason);
    return row;
  }
}
