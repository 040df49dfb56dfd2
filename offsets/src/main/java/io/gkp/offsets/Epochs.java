package io.gkp.offsets;

import io.gkp.offsets.Epoch.State;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The log of table epochs in the destination dataset. */
public final class Epochs {
  private final ControlStore store;
  private final String lineage;
  private final String runId;

  public Epochs(ControlStore store, String lineage, String runId) {
    this.store = store;
    this.lineage = lineage;
    this.runId = runId;
  }

  /** The newest epoch of every table that has one. */
  public Map<String, Epoch> newest() {
    Map<String, Epoch> newest = new HashMap<>();
    for (Map<String, Object> row : store.read(ControlTable.EPOCHS, "WHERE kind != 'backfill'")) {
      Object rows = row.get("rows");
      newest.merge(
          (String) row.get("table_name"),
          new Epoch(
              (String) row.get("table_name"),
              (Long) row.get("epoch"),
              State.valueOf(((String) row.get("state")).toUpperCase(Locale.ROOT)),
              rows == null ? -1 : (Long) rows),
          Epochs::later);
    }
    return newest;
  }

  /**
   * Records that an epoch reached a state; returns when that is durable. Recording it twice has no
   * further effect, except that only one run can begin an epoch's snapshot.
   *
   * @param batch batch number at that moment
   */
  public void record(Epoch epoch, long batch, Instant now) {
    String state = epoch.state().name().toLowerCase(Locale.ROOT);
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("table_name", epoch.table());
    row.put("epoch", epoch.number());
    row.put("state", state);
    row.put("kind", epoch.number() == 1 ? "initial" : "reset");
    row.put("batch", batch);
    row.put("rows", epoch.rows() < 0 ? null : epoch.rows());
    row.put("run_id", runId);
    row.put("changed_at", Timestamps.text(now));
    store.append(
        ControlTable.EPOCHS,
        "gkp_" + lineage + "_epoch_" + epoch.table() + "_" + epoch.number() + "_" + state,
        epoch.state() == State.SNAPSHOTTING ? "state-" + state + "-" + runId : "state-" + state,
        List.of(row));
  }

  private static Epoch later(Epoch left, Epoch right) {
    if (left.number() != right.number()) {
      return left.number() > right.number() ? left : right;
    }
    return left.state().compareTo(right.state()) > 0 ? left : right;
  }
}
