package io.gkp.connector.changelog;

import io.gkp.connector.changelog.StreamBatcher.EpochTable;
import io.gkp.connector.mapping.row.ChangeOp;
import io.gkp.connector.mapping.row.RowKey;
import io.gkp.connector.source.stream.Change;
import io.gkp.connector.source.stream.ChangeHandler;
import io.gkp.connector.source.table.SourceColumn;
import io.gkp.connector.source.table.SourceTable;
import io.gkp.name.TableName;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Sees that changes tell rows apart as their table's epoch does. It goes by the table's shape as
 * the stream announces it, and by the keys that deletes bring: the table may have had another key
 * for a while.
 */
public final class KeyWatch extends Watch {
  private final Map<TableName, EpochTable> tables;
  private final Doubts doubts;
  private final Map<TableName, Watched> watched = new HashMap<>();

  /** A table's key in its epoch, and the shape that was compared with it last. */
  private static final class Watched {
    private final @Nullable RowKey key;
    private @Nullable SourceTable layout;

    private Watched(@Nullable RowKey key) {
      this.key = key;
    }
  }

  public KeyWatch(ChangeHandler next, Map<TableName, EpochTable> tables, Doubts doubts) {
    super(next);
    this.tables = tables;
    this.doubts = doubts;
  }

  @Override
  void see(Change change) {
    EpochTable table = tables.get(change.table());
    if (table != null && table.epoch().rowKey() != null) {
      check(table, change);
    }
  }

  private void check(EpochTable table, Change change) {
    Watched known =
        watched.computeIfAbsent(
            change.table(), name -> new Watched(RowKey.parse(table.epoch().rowKey())));
    if (known.key == null) {
      return; // what the dataset says is no key
    }
    SourceTable layout = change.layout();
    if (known.layout != layout) {
      known.layout = layout;
      RowKey now = RowKey.of(layout);
      if (!now.equals(known.key)) {
        doubts.doubt(change.table(), table.epoch(), known.key.changedTo(now));
      }
    }
    if (known.key.columns().isEmpty()) {
      return;
    }
    for (Change.Row row : change.rows()) {
      if (row.operation() == ChangeOp.DELETE && !brings(known.key, layout, row)) {
        doubts.doubt(
            change.table(),
            table.epoch(),
            "The key was another one than " + known.key.describe() + " for a while.");
      }
    }
  }

  /** Where Postgres sends nothing but an old row's key, what came is the key. */
  private static boolean brings(RowKey key, SourceTable layout, Change.Row row) {
    for (int i = 0; i < row.values().size(); i++) {
      SourceColumn column = layout.columns().get(i);
      boolean came = !row.values().isNull(i);
      boolean shall = key.columns().contains(column.name());
      if (!column.protection().isExcluded() && (shall ? !came : came && !layout.wholeOldRows())) {
        return false;
      }
    }
    return true;
  }
}
