package io.gkp.localbigquery.storage;

import com.google.api.client.util.Data;
import com.google.api.services.bigquery.model.Dataset;
import com.google.api.services.bigquery.model.Table;
import com.google.api.services.bigquery.model.TableFieldSchema;
import com.google.api.services.bigquery.model.TableSchema;
import com.google.api.services.bigquery.model.TimePartitioning;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a table has from its dataset where its definition says nothing else: an end, an end of its
 * partitions, a collation, a rounding mode. Only new tables and new columns inherit.
 *
 * @see <a href="https://cloud.google.com/bigquery/docs/reference/rest/v2/datasets">datasets</a>
 */
final class DatasetDefaults {
  private DatasetDefaults() {}

  /** The new table with what it inherits. */
  static Table inherit(Dataset dataset, Table table, long now) {
    inheritEnd(dataset, table, now);
    if (table.getView() == null) {
      if (table.getDefaultCollation() == null) {
        table.setDefaultCollation(dataset.getDefaultCollation());
      }
      if (table.getDefaultRoundingMode() == null) {
        table.setDefaultRoundingMode(dataset.getDefaultRoundingMode());
      }
      collate(table, Set.of());
    }
    return table;
  }

  /**
   * The default of partitions goes before that of tables. A null that is sent is as good as none:
   * it keeps no table from inheriting.
   */
  private static void inheritEnd(Dataset dataset, Table table, long now) {
    TimePartitioning partitioning = table.getTimePartitioning();
    if (partitioning != null && dataset.getDefaultPartitionExpirationMs() != null) {
      if (isAbsent(partitioning.getExpirationMs())) {
        partitioning.setExpirationMs(dataset.getDefaultPartitionExpirationMs());
      }
    } else if (isAbsent(table.getExpirationTime())
        && dataset.getDefaultTableExpirationMs() != null) {
      table.setExpirationTime(now + dataset.getDefaultTableExpirationMs());
    }
  }

  private static boolean isAbsent(Long value) {
    return value == null || Data.isNull(value);
  }

  /** Columns that a table gains inherit from the table. */
  static void collateAdded(Table before, Table next) {
    if (next.getView() == null) {
      collate(
          next,
          fields(before.getSchema()).stream()
              .map(TableFieldSchema::getName)
              .collect(Collectors.toSet()));
    }
  }

  /**
   * Gives the table's collation to the text columns that have none of their own.
   *
   * @param old names of columns that stay as they are
   */
  private static void collate(Table table, Set<String> old) {
    String collation = table.getDefaultCollation();
    if (collation != null && !collation.isEmpty()) {
      fields(table.getSchema()).stream()
          .filter(field -> !old.contains(field.getName()))
          .forEach(field -> collate(field, collation));
    }
  }

  private static List<TableFieldSchema> fields(TableSchema schema) {
    return schema == null || schema.getFields() == null ? List.of() : schema.getFields();
  }

  private static void collate(TableFieldSchema field, String collation) {
    if (field.getType().equals("STRING") && field.getCollation() == null) {
      field.setCollation(collation);
    }
    List<TableFieldSchema> inner = field.getFields();
    if (inner != null) {
      inner.forEach(child -> collate(child, collation));
    }
  }
}
