package io.gkp.sql.changelog;

import io.gkp.sql.model.Layer;
import io.gkp.sql.render.Datasets;
import io.gkp.sql.render.Identifiers;
import io.gkp.sql.render.SqlTemplate;
import io.gkp.sql.warehouse.RawColumn;
import io.gkp.sql.warehouse.RawTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Renders the queries that turn a raw table into states and histories. */
public final class ChangelogQueries {
  /** {@link LostKeys#expression} in a key's text. */
  public static final String LOST_KEY = "_cdc_lost_key";

  private final Datasets datasets;
  private final SqlTemplate latest = SqlTemplate.bundled("curated/latest/query.sql");
  private final SqlTemplate history = SqlTemplate.bundled("curated/history/query.sql");
  private final SqlTemplate foldPlan = SqlTemplate.bundled("curated/shared/fold_plan.sql");

  public ChangelogQueries(Datasets datasets) {
    this.datasets = datasets;
  }

  /**
   * The latest state of each key.
   *
   * @param state the state table to start from; empty reads the whole changelog
   */
  public String latest(RawTable table, Optional<FoldedState> state) {
    Map<String, Object> values = values(table, state);
    values.put("scope", values.get("row_key"));
    return latest.render(values);
  }

  /**
   * The latest state of some keys as it was at another moment.
   *
   * @param raw the changes up to then, a query in parentheses in place of the raw table
   * @param published the epoch and the batch of that moment, in place of {@code published_epochs}
   * @param keys texts of keys, a query in parentheses; null for all
   */
  public String latestOf(
      RawTable table,
      Optional<FoldedState> state,
      String raw,
      String published,
      @Nullable String keys) {
    Map<String, Object> values = values(table, state);
    values.put("scope", values.get("row_key"));
    values.put("raw", raw);
    values.put("published_epochs", published);
    if (keys != null) {
      values.put("only", keyText(table.key(), "") + " IN " + keys);
      values.put("only_folded", keyText(table.key(), "folded.") + " IN " + keys);
    }
    return latest.render(values);
  }

  /**
   * The same text for the same key, whatever its types are: JSON, of its columns and {@link
   * #LOST_KEY}.
   *
   * @param alias with its dot, of the table that has the columns
   */
  public static String keyText(List<String> key, String alias) {
    return key.stream()
        .map(name -> alias + Identifiers.column(name))
        .collect(
            Collectors.joining(
                ", ",
                "TO_JSON_STRING(STRUCT(",
                ", " + LostKeys.expression(key, alias) + " AS " + LOST_KEY + "))"));
  }

  /**
   * All versions of each row, with their times.
   *
   * @param state the state table, for rows whose last change is no longer in raw
   */
  public String history(RawTable table, Optional<FoldedState> state) {
    Map<String, Object> values = values(table, state);
    for (String name : List.of("valid_from", "valid_to", "is_current")) {
      values.put(name, table.ownColumn(name));
    }
    values.put("scope", "_cdc_epoch, _cdc_truncates_before, " + values.get("row_key"));
    return history.render(values);
  }

  /** What a fold would take in; one row, or none where the changelog is empty. */
  String foldPlan(RawTable table, Optional<FoldedState> state) {
    return foldPlan.render(values(table, state));
  }

  /** An epoch of which raw holds all rows; an error where it would pass off a part for them all. */
  private static String wholeEpoch(RawTable table) {
    return table.prunedEpoch() == 0
        ? "epoch"
        : "IF(epoch <= %d, ERROR(%s), epoch) AS epoch"
            .formatted(
                table.prunedEpoch(),
                Identifiers.literal(
                    """
                    %s is gone, and %s does not hold all rows any more: restore it, or run \
                    offsets reset --table %s"""
                        .formatted(table.stateName(), table.rawName(), table.source())));
  }

  /** A row where another epoch than the one that was folded is published. */
  String successor(RawTable table, Watermark watermark) {
    return "SELECT epoch FROM %s WHERE table_name = %s AND (epoch > %d%s)"
        .formatted(
            datasets.path(Layer.CURATED, "published_epochs"),
            Identifiers.literal(table.source()),
            watermark.epoch(),
            watermark.completed() == null
                ? ""
                : " OR completed_at != TIMESTAMP '" + watermark.completed() + "'");
  }

  private Map<String, Object> values(RawTable table, Optional<FoldedState> state) {
    Map<String, Object> values = new HashMap<>();
    List<Map<String, Object>> columns = new ArrayList<>();
    List<Map<String, Object>> key = new ArrayList<>();
    List<Map<String, Object>> fillable = new ArrayList<>();
    for (RawColumn column : table.columns()) {
      Map<String, Object> entry = entry(column, state);
      columns.add(entry);
      boolean isKey = table.key().stream().anyMatch(column.name()::equalsIgnoreCase);
      if (!isKey && column.mayBeUnavailable()) {
        fillable.add(entry);
      }
    }
    for (String name : table.key()) {
      key.add(Map.of("name", Identifiers.column(name)));
    }
    values.put("table", table.table());
    values.put("source", Identifiers.literal(table.source()));
    values.put("columns", columns);
    values.put("key", key);
    String keyList = String.join(", ", key.stream().map(k -> (String) k.get("name")).toList());
    boolean mayLoseKey = LostKeys.mayBe(table);
    values.put("key_list", keyList);
    values.put("may_lose_key", mayLoseKey);
    values.put("row_key", mayLoseKey ? keyList + ", " + LOST_KEY : keyList);
    values.put("lost_key_in_raw", LostKeys.expression(table.key(), "raw."));
    values.put("first_key", key.isEmpty() ? "" : key.get(0).get("name"));
    values.put("fillable", fillable);
    values.put("has_fillable", !fillable.isEmpty());
    values.put("raw", datasets.path(Layer.RAW, table.rawName()));
    values.put("state", datasets.path(Layer.CURATED, table.stateName()));
    values.put("published_epochs", datasets.path(Layer.CURATED, "published_epochs"));
    values.put("epochs", datasets.path(Layer.RAW, "epochs"));
    values.put("checkpoints", datasets.path(Layer.RAW, "checkpoints"));
    values.put("keyed_since", table.keyedSince());
    values.put("published_epoch", state.isPresent() ? "epoch" : wholeEpoch(table));
    values.put("watermark", state.isPresent());
    values.put("only", false);
    state.ifPresent(
        folded -> {
          values.put("comment", folded.watermark().comment());
          values.put("epoch", folded.watermark().epoch());
          values.put("batch", folded.watermark().batch());
          values.put("since", folded.watermark().since());
          values.put(
              "completed",
              Optional.ofNullable(folded.watermark().completed())
                  .<Object>map(at -> Map.of("completed_at", "TIMESTAMP '" + at + "'"))
                  .orElse(false));
          values.put(
              "lost_key_in_state",
              LostKeys.expression(table.key(), "state.", name -> folded.typeOf(name).isPresent()));
        });
    return values;
  }

  private static Map<String, Object> entry(RawColumn column, Optional<FoldedState> state) {
    String name = Identifiers.column(column.name());
    Map<String, Object> entry = new HashMap<>();
    entry.put("name", name);
    // Within a literal: column names hold neither quotes nor backslashes.
    entry.put("text", column.name());
    entry.put("known", Identifiers.column("_cdc_known_" + column.name()));
    entry.put("snapshot", Identifiers.column("_cdc_snapshot_" + column.name()));
    entry.put("inherited", Identifiers.column("_cdc_inherited_" + column.name()));
    state.ifPresent(folded -> entry.put("folded", fromState(column, folded)));
    return entry;
  }

  /** A column as the state table gives it, which may know it in a narrower type or not at all. */
  private static String fromState(RawColumn column, FoldedState state) {
    String name = Identifiers.column(column.name());
    Optional<String> type = state.typeOf(column.name());
    if (type.isPresent() && type.get().equals(column.type())) {
      return "state." + name;
    }
    String value = type.isPresent() ? "state." + name : "NULL";
    return "CAST(%s AS %s) AS %s".formatted(value, column.type(), name);
  }
}
