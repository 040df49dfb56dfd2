package io.gkp.connector.mapping.row;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gkp.connector.mapping.schema.FieldType;
import io.gkp.connector.source.table.SourceColumn;
import io.gkp.connector.source.table.SourceTable;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * By what a table's rows are told apart. An epoch holds to one: rows before and after a change of
 * it cannot be compared.
 *
 * @param columns the source columns' names in the key's order; none where there is no key
 * @param types what each becomes in BigQuery: another type may go to another field
 * @param deferrable whether a key may be two rows' while a transaction goes on
 */
public record RowKey(List<String> columns, List<String> types, boolean deferrable) {
  private static final ObjectMapper JSON = new ObjectMapper();

  public RowKey {
    columns = List.copyOf(columns);
    types = List.copyOf(types);
  }

  /** The key that a table has. */
  public static RowKey of(SourceTable table) {
    List<SourceColumn> key =
        table.columns().stream()
            .filter(SourceColumn::isKey)
            .sorted(Comparator.comparingInt(SourceColumn::keyPosition))
            .toList();
    return new RowKey(
        key.stream().map(SourceColumn::name).toList(),
        key.stream().map(RowKey::type).toList(),
        table.keysMayMove());
  }

  private static String type(SourceColumn column) {
    FieldType type = FieldType.of(column.type(), column.typmod());
    return type.type() + (type.repeated() ? "[]" : "");
  }

  /** Reads what {@link #text} has written; null for null, and for what somebody else has. */
  public static @Nullable RowKey parse(@Nullable String text) {
    try {
      return text == null ? null : JSON.readValue(text, RowKey.class);
    } catch (JsonProcessingException e) {
      return null;
    }
  }

  /** As an epoch keeps it. */
  public String text() {
    try {
      return JSON.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A sentence on another key in place of this one. */
  public String changedTo(RowKey now) {
    return columns.equals(now.columns) && !types.equals(now.types)
        ? "The key " + describe() + " changed its type."
        : "The key changed from " + describe() + " to " + now.describe() + ".";
  }

  /** As people read it. */
  public String describe() {
    return columns.isEmpty()
        ? "none"
        : columns.stream().collect(Collectors.joining(", ", "(", ")"))
            + (deferrable ? " DEFERRABLE" : "");
  }
}
