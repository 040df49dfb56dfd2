package io.gkp.localbigquery.rest;

import com.google.api.services.bigquery.model.TableFieldSchema;
import com.google.api.services.bigquery.model.TableSchema;
import io.gkp.localbigquery.api.ApiException;
import io.gkp.localbigquery.storage.Column;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The part of a schema that {@code selectedFields} names: columns, and fields within records after
 * a dot. It keeps the schema's order.
 */
final class SelectedFields {
  private final List<String> names;

  private SelectedFields(List<String> names) {
    this.names = names;
  }

  /** Throws {@code invalid} for a name that is not in the schema. */
  static TableSchema of(TableSchema schema, String selected) {
    return new TableSchema().setFields(of(selected).select(schema.getFields(), ""));
  }

  private static SelectedFields of(String selected) {
    return new SelectedFields(List.of(selected.split(" *, *")));
  }

  private List<TableFieldSchema> select(List<TableFieldSchema> fields, String prefix) {
    Map<String, List<String>> wanted = new LinkedHashMap<>();
    for (String name : names) {
      int dot = name.indexOf('.');
      List<String> inner =
          wanted.computeIfAbsent(
              name.substring(0, dot < 0 ? name.length() : dot).toLowerCase(Locale.ROOT),
              key -> new ArrayList<>());
      inner.add(dot < 0 ? "" : name.substring(dot + 1));
    }
    List<TableFieldSchema> selected = new ArrayList<>();
    for (TableFieldSchema field : fields) {
      List<String> inner = wanted.remove(field.getName().toLowerCase(Locale.ROOT));
      if (inner == null) {
        continue;
      }
      boolean isWhole = inner.contains("") || field.getFields() == null;
      selected.add(
          isWhole
              ? field
              : field
                  .clone()
                  .setFields(
                      new SelectedFields(inner)
                          .select(field.getFields(), prefix + field.getName() + ".")));
    }
    if (!wanted.isEmpty()) {
      throw ApiException.invalid(
          "Selected fields not found in schema: " + prefix + wanted.keySet().iterator().next());
    }
    return selected;
  }

  /** The values of the selected fields among those of all fields of a row. */
  static Object[] values(List<Column> all, List<Column> selected, Object[] row) {
    Object[] values = new Object[selected.size()];
    for (int i = 0; i < values.length; i++) {
      int position = Column.indexOf(all, selected.get(i).name());
      values[i] = value(all.get(position), selected.get(i), row[position]);
    }
    return values;
  }

  private static Object value(Column all, Column selected, Object value) {
    if (all.fields().size() == selected.fields().size() || value == null) {
      return value;
    }
    return all.repeated()
        ? ((List<?>) value)
            .stream()
                .<Object>map(e -> values(all.fields(), selected.fields(), (Object[]) e))
                .toList()
        : values(all.fields(), selected.fields(), (Object[]) value);
  }
}
