package io.gkp.connector.changelog;

import com.google.cloud.bigquery.Schema;
import io.gkp.bigquery.Content;
import java.time.Instant;

/**
 * Rows that are loaded by one load job.
 *
 * @param schema full schema of the raw table as these rows need it
 * @param content newline-delimited JSON, gzipped or not
 * @param ingestedAt the batch's {@code _cdc_ingested_at}
 * @param attempt first attempt number that is free
 */
public record Part(
    PartId id,
    Schema schema,
    Content content,
    PartContents contents,
    Cut cut,
    Instant ingestedAt,
    int attempt) {
  /** Lines in {@link #content}. */
  public long rows() {
    return contents.rows();
  }
}
