package io.gkp.connector.changelog;

import io.gkp.connector.config.Compression;
import io.gkp.connector.mapping.row.ChangeOp;
import io.gkp.connector.mapping.row.RowStats;
import java.io.OutputStream;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Rows of one part. */
final class PartBuffer {
  private final PartId id;
  private final int attempt;
  private final PartContent out;
  private final long[] rowsByOp = new long[ChangeOp.values().length];
  private long jsonBytes;
  private long lossy;
  private long unavailable;
  private @Nullable Instant lastCommittedAt;

  PartBuffer(PartId id, int attempt, Compression compression) {
    this.id = id;
    this.attempt = attempt;
    this.out = PartContent.of(compression);
  }

  /** Where the next row is written to; {@link #rowWritten} follows. */
  OutputStream out() {
    return out;
  }

  void rowWritten(ChangeOp op, @Nullable Instant committedAt, RowStats row) {
    rowsByOp[op.ordinal()]++;
    jsonBytes += row.bytes();
    lossy += row.lossyValues();
    unavailable += row.unavailableValues();
    if (committedAt != null) {
      lastCommittedAt = committedAt;
    }
  }

  long jsonBytes() {
    return jsonBytes;
  }

  Part finish(ChangelogTable table, Cut cut, Instant ingestedAt) {
    return new Part(
        id,
        table.schema(),
        out.finish(),
        new PartContents(rowsByOp, jsonBytes, lossy, unavailable, lastCommittedAt),
        cut,
        ingestedAt,
        attempt);
  }
}
