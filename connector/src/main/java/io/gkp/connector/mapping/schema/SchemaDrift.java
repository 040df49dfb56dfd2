package io.gkp.connector.mapping.schema;

import com.google.cloud.bigquery.Field;
import com.google.cloud.bigquery.FieldList;
import com.google.cloud.bigquery.StandardSQLTypeName;
import io.gkp.connector.mapping.schema.SchemaChanges.Redirection;
import io.gkp.connector.mapping.schema.SchemaChanges.Widening;
import io.gkp.connector.source.table.ColumnDefinition;
import io.gkp.connector.source.table.SourceColumn;
import io.gkp.raw.StableHash;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Fits a source table's columns to the fields that a raw table already has.
 *
 * <ol>
 *   <li>A column whose field does not exist gets one.
 *   <li>A field of the column's type takes its values; so does a wider decimal field.
 *   <li>A narrower decimal field is widened: INT64, NUMERIC, BIGNUMERIC in this order.
 *   <li>Anything else goes to {@code <field>__<type>}, by the same rules.
 *   <li>Fields without a column stay.
 * </ol>
 *
 * @see <a
 *     href="https://cloud.google.com/bigquery/docs/managing-table-schemas#change_a_columns_data_type">BigQuery:
 *     change a column's data type</a>
 */
final class SchemaDrift {
  private static final List<StandardSQLTypeName> DECIMALS =
      List.of(
          StandardSQLTypeName.INT64, StandardSQLTypeName.NUMERIC, StandardSQLTypeName.BIGNUMERIC);

  private final Map<String, Field> existing = new HashMap<>();
  private final Set<String> claimed = new HashSet<>();
  private final List<ColumnMapping> mappings = new ArrayList<>();
  private final List<Field> added = new ArrayList<>();
  private final List<Widening> widened = new ArrayList<>();
  private final List<Redirection> redirected = new ArrayList<>();
  private final List<String> filled = new ArrayList<>();

  private SchemaDrift(FieldList fields) {
    fields.forEach(field -> existing.put(ColumnNames.fold(field.getName()), field));
  }

  static SchemaDrift between(FieldList existing, List<SourceColumn> columns) {
    SchemaDrift drift = new SchemaDrift(existing);
    Map<String, String> owners = new HashMap<>();
    drift.existing.forEach(
        (name, field) ->
            ColumnDefinition.column(field.getDescription())
                .ifPresent(column -> owners.put(name, column)));
    List<String> names = ColumnNames.of(columns.stream().map(SourceColumn::name).toList(), owners);
    names.forEach(name -> drift.claimed.add(ColumnNames.fold(name)));
    for (int i = 0; i < names.size(); i++) {
      drift.place(ColumnMapping.of(columns.get(i), names.get(i)));
    }
    CdcColumns.FIELDS.stream()
        .filter(field -> !drift.existing.containsKey(field.getName()))
        .forEach(drift.added::add);
    return drift;
  }

  private void place(ColumnMapping wanted) {
    if (!placeIn(wanted.fieldName(), wanted)) {
      String target = wanted.fieldName() + wanted.fieldType().suffix();
      while (!claimed.add(ColumnNames.fold(target)) || !placeIn(target, wanted)) {
        target = target + "_" + StableHash.hex(target, 8);
      }
      if (!isWrittenAlready(target)) {
        redirected.add(new Redirection(wanted.source().name(), wanted.fieldName(), target));
      }
    }
  }

  /** An earlier run has redirected the column, and said so. */
  private boolean isWrittenAlready(String target) {
    Field field = existing.get(ColumnNames.fold(target));
    return field != null && ColumnDefinition.parse(field.getDescription()).isPresent();
  }

  private boolean placeIn(String name, ColumnMapping wanted) {
    Field field = existing.get(ColumnNames.fold(name));
    FieldType type = wanted.fieldType();
    if (field == null) {
      accept(name, wanted, type);
      added.add(mappings.get(mappings.size() - 1).field());
      if (wanted.source().fillsOlderRows() && name.equals(wanted.fieldName())) {
        filled.add(name);
      }
      return true;
    }
    StandardSQLTypeName present = field.getType().getStandardType();
    boolean repeated = field.getMode() == Field.Mode.REPEATED;
    if (repeated != type.repeated()) {
      return false;
    }
    if (present == type.type()) {
      accept(field.getName(), wanted, type);
      return true;
    }
    int presentRank = DECIMALS.indexOf(present);
    int wantedRank = DECIMALS.indexOf(type.type());
    if (repeated || presentRank < 0 || wantedRank < 0) {
      return false;
    }
    if (presentRank > wantedRank) {
      accept(field.getName(), wanted, type.in(present));
    } else {
      accept(field.getName(), wanted, type);
      widened.add(new Widening(field.getName(), present, type.type()));
    }
    return true;
  }

  private void accept(String name, ColumnMapping wanted, FieldType type) {
    mappings.add(new ColumnMapping(wanted.source(), name, type));
  }

  /** One for each column, in the columns' order. */
  List<ColumnMapping> mappings() {
    return mappings;
  }

  /**
   * @param definitions what the fields' descriptions tell beyond
   */
  SchemaChanges changes(DefinitionDrift definitions) {
    return new SchemaChanges(
        added,
        widened,
        redirected,
        existing.isEmpty() ? List.of() : filled,
        definitions.alterations(),
        definitions.descriptions());
  }
}
