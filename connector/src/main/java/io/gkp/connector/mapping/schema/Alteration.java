package io.gkp.connector.mapping.schema;

import org.jspecify.annotations.Nullable;

/**
 * One change of a column's or a key's declaration at the source since the last run.
 *
 * @param column the column's name before the change; null for a change of the key
 * @param from what it was; null where there was nothing, or nothing to say
 * @param to what it is now; null where there is nothing, or nothing to say
 */
public record Alteration(
    Kind kind, @Nullable String column, @Nullable String from, @Nullable String to) {
  /** What was changed. */
  public enum Kind {
    DROPPED,
    /** {@code to} is the new name. */
    RENAMED,
    /** {@code from} and {@code to} are types. */
    RETYPED,
    /** Dropped, and another column added under its name; {@code to} is that one's type. */
    REPLACED,
    /** Added under the name of one that was dropped earlier; {@code to} is its type. */
    RETURNED,
    NOT_NULL_ADDED,
    NOT_NULL_DROPPED,
    DEFAULT_ADDED,
    DEFAULT_DROPPED,
    /** {@code from} and {@code to} are lists of fields. */
    KEY_CHANGED
  }
}
