package io.gkp.localbigquery.storage;

/**
 * Rows that came to a table together.
 *
 * @param file its name in the table's directory, or in staging while no table lists it
 */
public record Segment(String file, long rows, long bytes) {}
