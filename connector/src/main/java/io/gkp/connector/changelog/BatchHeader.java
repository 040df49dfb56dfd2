package io.gkp.connector.changelog;

import io.gkp.connector.mapping.RowMeta;
import java.time.Instant;

/** What all rows of one batch have in common. */
record BatchHeader(String lineage, long number, String runId, Instant ingestedAt) {
  PartId partId(String table, int part) {
    return new PartId(lineage, number, table, part);
  }

  RowMeta meta(TableParts.Origin origin, long epoch, long row) {
    return new RowMeta(
        epoch,
        number,
        row,
        origin.lsn(),
        origin.transactionId(),
        origin.committedAt(),
        ingestedAt,
        runId);
  }
}
