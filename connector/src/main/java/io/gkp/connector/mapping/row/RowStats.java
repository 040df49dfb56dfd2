package io.gkp.connector.mapping.row;

/**
 * What one row came to.
 *
 * @param bytes its length in the load file, line break included, before compression
 * @param lossyValues how many of its values BigQuery could not hold; SQL NULL arrays are not
 *     counted, since nothing of them is lost
 */
public record RowStats(long bytes, int lossyValues) {}
