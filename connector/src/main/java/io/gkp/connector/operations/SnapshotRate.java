package io.gkp.connector.operations;

import io.gkp.name.TableName;
import io.gkp.offsets.Epoch;
import io.gkp.offsets.EpochChange;
import io.gkp.offsets.Epochs;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How fast a table was read last. */
final class SnapshotRate {
  private SnapshotRate() {}

  /** Seconds that so many rows take by the rate of the last snapshot; null where there was none. */
  static @Nullable Long seconds(Epochs epochs, TableName table, long rows) {
    Instant began = null;
    Double rowsPerSecond = null;
    for (EpochChange change : epochs.log()) {
      if (!change.epoch().table().equals(table.display())) {
        continue;
      }
      if (change.epoch().state() == Epoch.State.SNAPSHOTTING) {
        began = change.at();
      } else if (change.epoch().state() == Epoch.State.CONVERGING
          && change.epoch().rows() >= 0
          && began != null) {
        double seconds = Math.max(0.001, Duration.between(began, change.at()).toMillis() / 1000.0);
        rowsPerSecond = Math.max(1, change.epoch().rows()) / seconds;
      }
    }
    return rowsPerSecond == null ? null : Math.round(rows / rowsPerSecond);
  }
}
