package io.gkp.connector.changelog;

/**
 * A durable part.
 *
 * @param jobId the load job that brought the rows in
 * @param rows rows that the destination says it has taken
 */
public record Receipt(Part part, String jobId, long rows) {}
