package io.gkp.connector.mapping.row;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the export knows about a row beside its values.
 *
 * @param epoch the table's snapshot generation
 * @param batch the batch that loads the row
 * @param row its position within the batch
 * @param lsn the event's WAL position; null when there is none
 * @param txId the transaction; null for a snapshot read
 * @param committedAt when Postgres committed it; kept to the microsecond; null when unknown
 * @param ingestedAt the same for all rows of a batch
 * @param runId the run that loads the row
 */
public record RowMeta(
    long epoch,
    long batch,
    long row,
    Long lsn,
    @Nullable Long txId,
    @Nullable Instant committedAt,
    Instant ingestedAt,
    String runId) {}
