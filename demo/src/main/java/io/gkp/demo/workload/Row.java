package io.gkp.demo.workload;

import static java.util.Objects.requireNonNull;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A row by column name, in the order in which the columns were set. */
public final class Row {
  private final Map<String, Object> values = new LinkedHashMap<>();

  /** Sets a column to a String, Integer, Long, Boolean or null; returns this. */
  Row set(String column, @Nullable Object value) {
    values.put(column, value);
    return this;
  }

  @Nullable Object get(String column) {
    return values.get(column);
  }

  String text(String column) {
    return (String) requireNonNull(values.get(column));
  }

  long number(String column) {
    return ((Number) requireNonNull(values.get(column))).longValue();
  }

  boolean has(String column, @Nullable Object value) {
    return Objects.equals(values.get(column), value);
  }

  Set<String> columns() {
    return values.keySet();
  }

  Iterable<Object> values() {
    return values.values();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Row row && values.equals(row.values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }

  @Override
  public String toString() {
    return values.toString();
  }
}
