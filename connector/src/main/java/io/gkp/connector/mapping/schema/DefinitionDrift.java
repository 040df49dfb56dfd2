package io.gkp.connector.mapping.schema;

import com.google.cloud.bigquery.Field;
import com.google.cloud.bigquery.FieldList;
import io.gkp.connector.mapping.schema.Alteration.Kind;
import io.gkp.connector.source.table.ColumnDefinition;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Compares the columns with what the fields' descriptions say about them, which is how they were
 * when a run last looked.
 */
final class DefinitionDrift {
  private final Map<Integer, ColumnDefinition> before = new LinkedHashMap<>();
  private final Map<Integer, ColumnDefinition> now = new LinkedHashMap<>();
  private final Map<Integer, String> keyBefore = new TreeMap<>();
  private final Map<Integer, String> keyNow = new TreeMap<>();
  private final List<ColumnDefinition> returned = new ArrayList<>();
  private final Map<String, String> descriptions = new LinkedHashMap<>();
  private final List<Alteration> alterations = new ArrayList<>();

  private DefinitionDrift() {}

  static DefinitionDrift between(FieldList fields, List<ColumnMapping> mappings) {
    DefinitionDrift drift = new DefinitionDrift();
    Map<String, ColumnMapping> byField =
        mappings.stream().collect(Collectors.toMap(ColumnMapping::fieldName, Function.identity()));
    for (ColumnMapping mapping : mappings) {
      ColumnDefinition definition = mapping.source().definition();
      if (definition != null) {
        note(definition, mapping.fieldName(), drift.now, drift.keyNow);
      }
    }
    for (Field field : fields) {
      ColumnDefinition.parse(field.getDescription())
          .ifPresent(found -> note(found, field.getName(), drift.before, drift.keyBefore));
      drift.describe(field, byField.get(field.getName()));
    }
    if (!drift.before.isEmpty() && !drift.now.isEmpty()) {
      drift.compare();
    }
    return drift;
  }

  private static void note(
      ColumnDefinition definition,
      String field,
      Map<Integer, ColumnDefinition> columns,
      Map<Integer, String> key) {
    columns.put(definition.number(), definition);
    if (definition.keyPosition() > 0) {
      key.put(definition.keyPosition(), field);
    }
  }

  private void describe(Field field, @Nullable ColumnMapping mapping) {
    String present = field.getDescription() == null ? "" : field.getDescription();
    if (mapping != null && ColumnDefinition.isRetired(present)) {
      returned.add(mapping.source().definition());
    }
    int own = present.indexOf(ColumnDefinition.START);
    String wanted =
        mapping == null
            ? ColumnDefinition.retired(present)
            : (own < 0 ? "" : present.substring(0, own)) + mapping.field().getDescription();
    if (!Objects.equals(present, wanted)) {
      descriptions.put(field.getName(), wanted);
    }
  }

  private void compare() {
    before.forEach(
        (number, old) -> {
          ColumnDefinition column = now.get(number);
          if (column != null) {
            compare(old, column);
          } else {
            ColumnDefinition namesake = named(old.name());
            add(
                namesake == null ? Kind.DROPPED : Kind.REPLACED,
                old.name(),
                null,
                namesake == null ? null : namesake.type());
          }
        });
    returned.stream()
        .filter(column -> column != null && !before.containsKey(column.number()))
        .filter(column -> before.values().stream().noneMatch(b -> b.name().equals(column.name())))
        .forEach(column -> add(Kind.RETURNED, column.name(), null, column.type()));
    if (!keyBefore.equals(keyNow)) {
      add(Kind.KEY_CHANGED, null, list(keyBefore), list(keyNow));
    }
  }

  private void compare(ColumnDefinition old, ColumnDefinition column) {
    if (!old.name().equals(column.name())) {
      add(Kind.RENAMED, old.name(), null, column.name());
    }
    if (!old.type().equals(column.type())) {
      add(Kind.RETYPED, column.name(), old.type(), column.type());
    }
    if (old.notNull() != column.notNull()) {
      add(
          column.notNull() ? Kind.NOT_NULL_ADDED : Kind.NOT_NULL_DROPPED,
          column.name(),
          null,
          null);
    }
    if (old.hasDefault() != column.hasDefault()) {
      add(
          column.hasDefault() ? Kind.DEFAULT_ADDED : Kind.DEFAULT_DROPPED,
          column.name(),
          null,
          null);
    }
  }

  private @Nullable ColumnDefinition named(String name) {
    return now.values().stream()
        .filter(column -> column.name().equals(name))
        .filter(column -> !before.containsKey(column.number()))
        .findFirst()
        .orElse(null);
  }

  private static @Nullable String list(Map<Integer, String> key) {
    return key.isEmpty() ? null : String.join(", ", key.values());
  }

  private void add(Kind kind, @Nullable String column, @Nullable String from, @Nullable String to) {
    alterations.add(new Alteration(kind, column, from, to));
  }

  /** What was altered at the source, as far as the descriptions tell. */
  List<Alteration> alterations() {
    return alterations;
  }

  /** Descriptions that are not right any more, and what they have to be, by field. */
  Map<String, String> descriptions() {
    return descriptions;
  }
}
