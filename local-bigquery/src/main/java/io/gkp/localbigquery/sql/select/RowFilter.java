package io.gkp.localbigquery.sql.select;

import com.google.api.services.bigquery.model.Table;
import io.gkp.localbigquery.api.ApiException;
import io.gkp.localbigquery.sql.statement.Partitioning;
import io.gkp.localbigquery.sql.statement.Relation;
import io.gkp.localbigquery.sql.statement.TableName;
import io.gkp.localbigquery.storage.IngestionTime;
import java.util.ArrayList;
import java.util.List;

/**
 * Which partitions of a table a statement pays for: the service reads them as a whole, but none of
 * which every row is bound to fail.
 *
 * @see <a href="https://cloud.google.com/bigquery/docs/querying-partitioned-tables">Query
 *     partitioned tables</a>
 */
final class RowFilter {
  private final List<List<ColumnTest>> onPartition;
  private final Partitions partitions;
  private final int column;
  private final int partitionColumn;

  /** Whether rows of any partition may pass. */
  private final boolean readsAll;

  /** Then a filter leaves out no bytes: statistics count the whole table. */
  private final boolean byIngestion;

  /**
   * @param positions of the columns that the rows to come will have, out of the table's
   * @param alternatives as {@link Pushdown} finds them
   */
  RowFilter(Relation relation, List<Integer> positions, List<List<ColumnTest>> alternatives) {
    List<List<ColumnTest>> tests = relocated(alternatives, positions);
    Table table =
        relation instanceof Relation.Stored stored
            ? stored.table()
            : relation instanceof Relation.Numbered numbered ? numbered.table() : null;
    String name = table == null ? null : Partitioning.column(table);
    this.byIngestion = table != null && IngestionTime.partitions(table);
    int position = -1;
    for (int i = 0; i < relation.fields().size(); i++) {
      position = relation.fields().get(i).getName().equalsIgnoreCase(name) ? i : position;
    }
    if (byIngestion) {
      for (int i = relation.fields().size(); i < relation.columns().size(); i++) {
        int pseudo = positions.indexOf(i);
        position =
            tests.stream().flatMap(List::stream).anyMatch(test -> test.column() == pseudo)
                ? i
                : position;
      }
      name = "_PARTITION_LOAD_TIME";
    }
    this.column = position;
    this.partitionColumn = positions.indexOf(position);
    this.partitions = partitionColumn < 0 ? null : new Partitions(table);
    this.onPartition = new ArrayList<>();
    for (List<ColumnTest> alternative : tests) {
      onPartition.add(
          alternative.stream().filter(test -> test.column() == partitionColumn).toList());
    }
    this.readsAll = tests.isEmpty() || onPartition.stream().anyMatch(List::isEmpty);
    if (readsAll && table != null && Boolean.TRUE.equals(required(table))) {
      throw ApiException.invalidQuery(
          "Cannot query over table '"
              + TableName.display(table.getTableReference()).replace(':', '.')
              + "' without a filter over column(s) '"
              + name
              + "' that can be used for partition elimination");
    }
  }

  private static Boolean required(Table table) {
    if (table.getTimePartitioning() != null
        && table.getTimePartitioning().getRequirePartitionFilter() != null) {
      return table.getTimePartitioning().getRequirePartitionFilter();
    }
    return table.getRequirePartitionFilter();
  }

  private static List<List<ColumnTest>> relocated(
      List<List<ColumnTest>> alternatives, List<Integer> positions) {
    List<List<ColumnTest>> result = new ArrayList<>();
    for (List<ColumnTest> alternative : alternatives) {
      List<ColumnTest> tests = new ArrayList<>();
      for (ColumnTest test : alternative) {
        int position = positions.indexOf((int) test.column());
        if (position >= 0) {
          tests.add(test.on(position));
        }
      }
      result.add(tests);
    }
    return result;
  }

  /** The partition column's position in the table; -1 where every partition has to be read. */
  int column() {
    return partitions == null || readsAll || byIngestion ? -1 : column;
  }

  /** SQL that is the same for all rows of a partition, and for no others. */
  String partition(String value) {
    return partitions.sql(value);
  }

  /**
   * Whether the partition has to be read.
   *
   * @param value of the partition column in one of its rows
   */
  boolean reads(Object value) {
    Interval partition = value == null ? null : partitions.of(value);
    return onPartition.stream()
        .anyMatch(
            tests ->
                tests.stream()
                    .allMatch(test -> value == null ? test.isNull() : test.mayMatch(partition)));
  }
}
