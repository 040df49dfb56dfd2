package io.gkp.connector.changelog;

import io.gkp.offsets.Lsn;
import java.time.Instant;
import java.util.Optional;

/**
 * What the destination remembers of a part that was accepted earlier.
 *
 * @param rows how many rows of the table it holds, counted from where the part before it ended
 * @param batchEnd where its batch was cut; empty when it was not its table's last part
 * @param ingestedAt the batch's {@code _cdc_ingested_at}
 * @param durable whether its rows are in; false when the load failed and has to be made again
 */
public record RecordedPart(
    long rows, Optional<Lsn> batchEnd, Instant ingestedAt, boolean durable) {}
