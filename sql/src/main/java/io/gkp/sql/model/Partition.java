package io.gkp.sql.model;

/**
 * Daily partitioning by a DATE column, or by the day of a TIMESTAMP column.
 *
 * @param reason what it saves, and for whom
 */
public record Partition(String by, String reason) {}
