package io.gkp.connector.changelog;

import io.gkp.connector.mapping.row.ChangeOp;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is in a part.
 *
 * @param jsonBytes newline-delimited JSON before compression
 * @param lossyValues values that went to {@code _cdc_lossy}
 * @param unavailableValues values named in {@code _cdc_unavailable}
 * @param lastCommittedAt newest commit time of its changes; null where it has none
 */
public record PartContents(
    long[] rowsByOp,
    long jsonBytes,
    long lossyValues,
    long unavailableValues,
    @Nullable Instant lastCommittedAt) {
  public long rows(ChangeOp op) {
    return rowsByOp[op.ordinal()];
  }

  public long rows() {
    long rows = 0;
    for (long count : rowsByOp) {
      rows += count;
    }
    return rows;
  }
}
