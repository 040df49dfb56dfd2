package io.gkp.connector.export;

import io.gkp.connector.mapping.row.RowKey;
import io.gkp.connector.source.table.SourceTable;
import io.gkp.name.TableName;
import io.gkp.offsets.Epoch;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Compares the keys that tables have with those of their epochs. Rows of another key need another
 * epoch: what is still waiting under the former key must not come over its snapshot.
 */
final class EpochKeys {
  private final RunParts run;
  private final Map<TableName, SourceTable> now;

  /**
   * @param now the tables as they are at the source
   */
  EpochKeys(RunParts run, Map<TableName, SourceTable> now) {
    this.run = run;
    this.now = now;
  }

  /**
   * What has become of the key; empty where it is the epoch's. Of an epoch that did not record its
   * key, the raw table tells it.
   */
  Optional<String> change(TableName table, @Nullable Epoch epoch) {
    SourceTable source = now.get(table);
    if (source == null || source.columns().isEmpty() || epoch == null || !epoch.isStreaming()) {
      return Optional.empty();
    }
    RowKey before = RowKey.parse(epoch.rowKey());
    RowKey key = RowKey.of(source);
    if (before != null) {
      return before.equals(key) ? Optional.empty() : Optional.of(before.changedTo(key));
    }
    return run.destination().isKeyedAs(source)
        ? Optional.empty()
        : Optional.of("The key is " + key.describe() + " now.");
  }
}
