package io.gkp.connector.changelog;

import io.gkp.connector.config.Compression;
import io.gkp.connector.mapping.row.RowMeta;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What all rows of one batch have in common.
 *
 * @param timeline the server's timeline that they are read on; null where unknown
 * @param snapshot whether they are snapshot rows, whose job ids are their run's alone
 * @param compression how its parts are loaded
 */
record BatchHeader(
    String lineage,
    long number,
    @Nullable Long timeline,
    String runId,
    Instant ingestedAt,
    boolean snapshot,
    Compression compression) {
  PartId partId(String table, int part) {
    return new PartId(lineage, number, table, part, snapshot ? runId : "");
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
