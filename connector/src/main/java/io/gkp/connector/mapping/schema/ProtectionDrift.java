package io.gkp.connector.mapping.schema;

import com.google.cloud.bigquery.Field;
import com.google.cloud.bigquery.FieldList;
import com.google.cloud.bigquery.Schema;
import io.gkp.connector.mapping.schema.SchemaChanges.Redirection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the columns that are protected otherwise than when their field was last written: the
 * fields' descriptions tell. Their values must not follow those that are there, of which readers
 * would take them for the same.
 */
final class ProtectionDrift {
  private final FieldList existing;
  private final Map<String, Field> fields = new HashMap<>();
  private final List<ColumnMapping> changed = new ArrayList<>();

  private ProtectionDrift(FieldList existing) {
    this.existing = existing;
    existing.forEach(field -> fields.put(ColumnNames.fold(field.getName()), field));
  }

  static ProtectionDrift between(
      FieldList existing, List<ColumnMapping> columns, List<Redirection> redirected) {
    ProtectionDrift drift = new ProtectionDrift(existing);
    for (ColumnMapping column : columns) {
      Field present = drift.fieldOf(column, redirected);
      if (present != null && !column.source().protection().isOf(present.getDescription())) {
        drift.changed.add(column);
      }
    }
    return drift;
  }

  /** Where the column's values were written until now; null where it is new. */
  private @Nullable Field fieldOf(ColumnMapping column, List<Redirection> redirected) {
    Field field = fields.get(ColumnNames.fold(column.fieldName()));
    return field != null
        ? field
        : redirected.stream()
            .filter(redirection -> redirection.target().equals(column.fieldName()))
            .map(redirection -> fields.get(ColumnNames.fold(redirection.field())))
            .findFirst()
            .orElse(null);
  }

  List<ColumnMapping> changed() {
    return changed;
  }

  /** The existing fields, described as they will be written from now on. */
  Schema redescribed() {
    Map<String, String> descriptions = new HashMap<>();
    changed.forEach(
        column ->
            descriptions.put(
                ColumnNames.fold(column.fieldName()), column.field().getDescription()));
    List<Field> redescribed = new ArrayList<>();
    for (Field field : existing) {
      String description = descriptions.get(ColumnNames.fold(field.getName()));
      redescribed.add(
          description == null ? field : field.toBuilder().setDescription(description).build());
    }
    return Schema.of(redescribed);
  }
}
