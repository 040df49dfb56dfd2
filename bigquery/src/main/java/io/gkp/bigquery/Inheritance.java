package io.gkp.bigquery;

import com.google.cloud.bigquery.Dataset;
import com.google.cloud.bigquery.Field;
import com.google.cloud.bigquery.FieldList;
import com.google.cloud.bigquery.StandardTableDefinition;
import com.google.cloud.bigquery.Table;
import com.google.cloud.bigquery.TableInfo;
import com.google.cloud.bigquery.TimePartitioning;
import com.google.cloud.bigquery.ViewDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What new tables and views have from their dataset, and must not have: an end, an end of their
 * partitions, and a collation, under which keys that differ by case only are one key. A collation
 * can be declined at creation. An end cannot: a NULL there counts as nothing said. It has to be
 * taken away afterwards, which a project without billing refuses.
 *
 * @see <a href="https://cloud.google.com/bigquery/docs/reference/rest/v2/datasets">datasets</a>
 * @see <a
 *     href="https://cloud.google.com/bigquery/docs/reference/standard-sql/data-definition-language#table_option_list">options
 *     of tables</a>
 * @see <a href="https://cloud.google.com/bigquery/docs/sandbox">BigQuery sandbox</a>
 */
public final class Inheritance {
  /** The collation that compares text as it is. */
  public static final String NO_COLLATION = "";

  private Inheritance() {}

  /** Whether new tables or views of the dataset come to an end by themselves. */
  public static boolean ends(Dataset dataset) {
    return dataset.getDefaultTableLifetime() != null
        || dataset.getDefaultPartitionExpirationMs() != null;
  }

  /** Whether text columns of new tables in the dataset are compared otherwise than as they are. */
  public static boolean collates(Dataset dataset) {
    return isCollation(dataset.getDefaultCollation());
  }

  /** The change that lets a table or view stay for ever; empty where nothing has to change. */
  public static Optional<TableInfo> undone(Table table) {
    if (table.getDefinition() instanceof ViewDefinition view) {
      return table.getExpirationTime() == null
          ? Optional.empty()
          : Optional.of(
              TableInfo.newBuilder(table.getTableId(), view).setExpirationTime(null).build());
    }
    if (!(table.getDefinition() instanceof StandardTableDefinition definition)) {
      return Optional.empty();
    }
    TimePartitioning partitioning = definition.getTimePartitioning();
    boolean partitionsEnd = partitionLifetime(table).isPresent();
    if (table.getExpirationTime() == null
        && !partitionsEnd
        && !isCollation(table.getDefaultCollation())) {
      return Optional.empty();
    }
    // Only what changes, so that nothing else of the table is written over.
    StandardTableDefinition.Builder changed = StandardTableDefinition.newBuilder();
    if (partitionsEnd) {
      changed.setTimePartitioning(partitioning.toBuilder().setExpirationMs(null).build());
    }
    return Optional.of(
        TableInfo.newBuilder(table.getTableId(), changed.build())
            .setExpirationTime(null)
            .setDefaultCollation(NO_COLLATION)
            .build());
  }

  /** How long a partition of the table is kept, in milliseconds; empty where for ever. */
  public static Optional<Long> partitionLifetime(Table table) {
    return table.getDefinition() instanceof StandardTableDefinition definition
        ? Optional.ofNullable(definition.getTimePartitioning())
            .map(TimePartitioning::getExpirationMs)
        : Optional.empty();
  }

  /** The columns of a table that have a collation, which nothing takes from them any more. */
  public static List<String> collated(Table table) {
    List<String> names = new ArrayList<>();
    if (table.getDefinition() instanceof StandardTableDefinition definition
        && definition.getSchema() != null) {
      addCollated("", definition.getSchema().getFields(), names);
    }
    return names;
  }

  private static void addCollated(String prefix, FieldList fields, List<String> names) {
    for (Field field : fields) {
      if (isCollation(field.getCollation())) {
        names.add(prefix + field.getName());
      }
      if (field.getSubFields() != null) {
        addCollated(prefix + field.getName() + ".", field.getSubFields(), names);
      }
    }
  }

  private static boolean isCollation(String name) {
    return name != null && !name.equals(NO_COLLATION);
  }
}
