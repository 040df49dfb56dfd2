package io.gkp.connector.mapping.schema;

import com.google.cloud.bigquery.Clustering;
import com.google.cloud.bigquery.Field;
import com.google.cloud.bigquery.FieldList;
import com.google.cloud.bigquery.Schema;
import com.google.cloud.bigquery.StandardSQLTypeName;
import com.google.cloud.bigquery.StandardTableDefinition;
import com.google.cloud.bigquery.TimePartitioning;
import io.gkp.connector.source.table.SourceTable;
import io.gkp.raw.CdcColumn;
import io.gkp.raw.RawNames;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The raw changelog table of one source table: its schema, and how rows get there. Immutable; a new
 * one is made whenever the source table's columns change.
 */
public final class RawTable {
  /** BigQuery takes four clustering columns; the last is for {@code _cdc_batch}. */
  private static final int MAX_KEY_CLUSTERING = 3;

  /** BigQuery's limit on a primary key. */
  private static final int MOST_KEY_COLUMNS = 16;

  /**
   * Types that BigQuery clusters by; the same are those that it takes in a primary key.
   *
   * @see <a href="https://cloud.google.com/bigquery/docs/clustered-tables">BigQuery: clustered
   *     tables</a>
   * @see <a
   *     href="https://cloud.google.com/bigquery/docs/information-schema-table-constraints">BigQuery:
   *     limitations of primary keys</a>
   */
  private static final Set<StandardSQLTypeName> KEY_TYPES =
      Set.of(
          StandardSQLTypeName.BIGNUMERIC,
          StandardSQLTypeName.BOOL,
          StandardSQLTypeName.DATE,
          StandardSQLTypeName.DATETIME,
          StandardSQLTypeName.INT64,
          StandardSQLTypeName.NUMERIC,
          StandardSQLTypeName.STRING,
          StandardSQLTypeName.TIMESTAMP);

  private final SourceTable source;
  private final Schema schema;
  private final List<ColumnMapping> columns;
  private final SchemaChanges changes;
  private final ProtectionDrift protection;

  private RawTable(
      SourceTable source,
      Schema schema,
      List<ColumnMapping> columns,
      SchemaChanges changes,
      ProtectionDrift protection) {
    this.source = source;
    this.schema = schema;
    this.columns = List.copyOf(columns);
    this.changes = changes;
    this.protection = protection;
  }

  /** For a raw table that does not exist yet. */
  public static RawTable of(SourceTable source) {
    return of(source, Schema.of());
  }

  /** Fits a shape that the source table has, or had once, to the raw table that exists. */
  public static RawTable of(SourceTable source, Schema existing) {
    FieldList fields = existing.getFields();
    SchemaDrift drift = SchemaDrift.between(fields, source.columns());
    return of(source, fields, drift, DefinitionDrift.between(FieldList.of(), List.of()));
  }

  /**
   * Fits the source table as it is now to the raw table that exists, and tells what was altered
   * since a run last did so.
   */
  public static RawTable ofPresent(SourceTable source, Schema existing) {
    FieldList fields = existing.getFields();
    SchemaDrift drift = SchemaDrift.between(fields, source.columns());
    return of(source, fields, drift, DefinitionDrift.between(fields, drift.mappings()));
  }

  private static RawTable of(
      SourceTable source, FieldList fields, SchemaDrift drift, DefinitionDrift definitions) {
    SchemaChanges changes = drift.changes(definitions);
    return new RawTable(
        source,
        evolved(fields, changes),
        drift.mappings(),
        changes,
        ProtectionDrift.between(fields, drift.mappings(), changes.redirected()));
  }

  private static Schema evolved(FieldList existing, SchemaChanges changes) {
    List<Field> fields = new ArrayList<>();
    for (Field field : existing) {
      Field.Builder evolved = field.toBuilder();
      changes.widened().stream()
          .filter(widening -> widening.field().equals(field.getName()))
          .forEach(widening -> evolved.setType(widening.to()));
      if (changes.descriptions().containsKey(field.getName())) {
        evolved.setDescription(changes.descriptions().get(field.getName()));
      }
      fields.add(evolved.build());
    }
    fields.addAll(changes.added());
    return Schema.of(fields);
  }

  /** The table's id within the dataset. */
  public String name() {
    return RawNames.raw(source.schema(), source.name());
  }

  public SourceTable source() {
    return source;
  }

  /** One for each source column, in the order in which a row's values are given. */
  public List<ColumnMapping> columns() {
    return columns;
  }

  /** The schema that the table has once {@link #changes()} are made; goes with each load job. */
  public Schema schema() {
    return schema;
  }

  /** What must change in BigQuery first. For a table that does not exist: every field. */
  public SchemaChanges changes() {
    return changes;
  }

  /** Source columns that the table has no field for yet. */
  public List<String> columnsToAdd() {
    Set<String> added =
        changes.added().stream().map(Field::getName).collect(Collectors.toUnmodifiableSet());
    return columns.stream()
        .filter(column -> added.contains(column.fieldName()))
        .map(column -> column.source().name())
        .toList();
  }

  /**
   * Columns that are protected otherwise than the values in the table: excluded, hashed, or hashed
   * with another salt since. No row may be written before the table is read anew, into another
   * epoch, and its fields are {@link #redescribed}.
   */
  public List<ColumnMapping> reprotected() {
    return protection.changed();
  }

  /** The existing fields, described as they will be written from now on. */
  public Schema redescribed() {
    return protection.redescribed();
  }

  /** How to create the table: partitioned by day of ingestion, clustered by key, then batch. */
  public StandardTableDefinition definition() {
    return StandardTableDefinition.newBuilder()
        .setSchema(schema)
        .setTimePartitioning(
            TimePartitioning.newBuilder(TimePartitioning.Type.DAY)
                .setField(CdcColumn.INGESTED_AT.columnName())
                .build())
        .setClustering(Clustering.newBuilder().setFields(clustering()).build())
        .build();
  }

  /** The primary key's fields in their order; none where BigQuery does not take such a key. */
  public List<String> primaryKey() {
    List<ColumnMapping> key = key();
    boolean allowed = key.size() <= MOST_KEY_COLUMNS && key.stream().allMatch(RawTable::hasKeyType);
    return allowed ? key.stream().map(ColumnMapping::fieldName).toList() : List.of();
  }

  private List<ColumnMapping> key() {
    return columns.stream()
        .filter(column -> column.source().isKey())
        .sorted(Comparator.comparingInt(column -> column.source().keyPosition()))
        .toList();
  }

  private static boolean hasKeyType(ColumnMapping column) {
    return KEY_TYPES.contains(column.fieldType().type()) && !column.fieldType().repeated();
  }

  private List<String> clustering() {
    List<String> fields = new ArrayList<>();
    key().stream()
        .filter(RawTable::hasKeyType)
        .limit(MAX_KEY_CLUSTERING)
        .forEach(column -> fields.add(column.fieldName()));
    fields.add(CdcColumn.BATCH.columnName());
    return fields;
  }
}
