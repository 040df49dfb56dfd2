package io.gkp.sql.model;

/**
 * One column of a model.
 *
 * @param type GoogleSQL type, e.g. {@code INT64} or {@code ARRAY<STRING>}
 * @param pii whether it holds or may hold personal data
 */
public record Column(String name, String type, String description, boolean pii) {}
