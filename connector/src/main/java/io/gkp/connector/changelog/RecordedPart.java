package io.gkp.connector.changelog;

import java.time.Instant;

/**
 * What the destination remembers of a part that was accepted earlier.
 *
 * @param rows how many rows it holds
 * @param ingestedAt the batch's {@code _cdc_ingested_at}
 * @param durable whether its rows are in; false when the load failed and has to be made again
 */
public record RecordedPart(Cut cut, long rows, Instant ingestedAt, boolean durable) {}
