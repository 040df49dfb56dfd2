package io.gkp.sql.model;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A statement about a model's rows, counted by a query. Exactly one of the rule components is set.
 *
 * @param name unique within the model
 * @param reason why it should hold, or what to do when it does not; may be null
 * @param unique rule: no two rows agree on all these columns
 * @param notNull rule: none of these columns is NULL
 * @param acceptedValues rule: the column is NULL or one of the values
 * @param references rule: the column is NULL or found in the other model
 * @param fresh rule: the newest value is not older than the interval
 * @param holds rule: this condition is TRUE (not NULL either) for every row
 */
public record Check(
    String name,
    Severity severity,
    @Nullable String reason,
    List<String> unique,
    @Nullable List<String> notNull,
    @Nullable AcceptedValues acceptedValues,
    @Nullable References references,
    @Nullable Fresh fresh,
    @Nullable String holds) {

  /** Values that a column may have. */
  public record AcceptedValues(String column, List<String> values) {}

  /** A column whose values are the other model's {@code key}. */
  public record References(String column, String to, String key) {}

  /** A TIMESTAMP column and a GoogleSQL interval such as {@code 2 DAY}. */
  public record Fresh(String column, String within) {}

  /** A check that no two rows agree on the key. */
  public static Check uniqueKey(List<String> key) {
    return new Check("unique_key", Severity.FAIL, null, key, null, null, null, null, null);
  }

  long rules() {
    return Stream.of(unique, notNull, acceptedValues, references, fresh, holds)
        .filter(Objects::nonNull)
        .count();
  }
}
