package io.gkp.offsets;

import io.gkp.name.Lsn;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One row of a control table. A column that {@link ColumnRule its rule} lets be NULL, or that an
 * older version has not written, is asked for by the methods that may return null.
 */
record ControlRow(Map<String, Object> values) {
  String text(String column) {
    return (String) present(column);
  }

  @Nullable String textOrNull(String column) {
    return (String) values.get(column);
  }

  long number(String column) {
    return (Long) present(column);
  }

  @Nullable Long numberOrNull(String column) {
    return (Long) values.get(column);
  }

  /** A count that older versions did not write is 0. */
  long count(String column) {
    Long count = numberOrNull(column);
    return count == null ? 0 : count;
  }

  Instant time(String column) {
    return Instant.parse(text(column));
  }

  @Nullable Instant timeOrNull(String column) {
    String text = textOrNull(column);
    return text == null ? null : Instant.parse(text);
  }

  @Nullable Lsn lsnOrNull(String column) {
    Long value = numberOrNull(column);
    return value == null ? null : new Lsn(value);
  }

  private Object present(String column) {
    return Objects.requireNonNull(values.get(column), column);
  }
}
