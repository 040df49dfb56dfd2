package io.gkp.connector.mapping.row;

/**
 * What one row came to.
 *
 * @param bytes its length in the load file, line break included, before compression
 * @param lossyValues how many of its values BigQuery could not hold; SQL NULL arrays are not
 *     counted, since nothing of them is lost
 * @param unavailableValues how many of them Postgres did not send again, since they stayed the same
 */
public record RowStats(long bytes, int lossyValues, int unavailableValues) {}
