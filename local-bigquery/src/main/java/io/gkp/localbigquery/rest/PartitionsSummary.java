package io.gkp.localbigquery.rest;

import com.google.api.services.bigquery.model.Table;
import com.google.api.services.bigquery.model.TableDataList;
import com.google.api.services.bigquery.model.TableFieldSchema;
import com.google.api.services.bigquery.model.TableReference;
import com.google.api.services.bigquery.model.TableSchema;
import io.gkp.localbigquery.api.ApiException;
import io.gkp.localbigquery.sql.statement.PartitionsView;
import io.gkp.localbigquery.storage.Column;
import io.gkp.localbigquery.storage.Names;
import io.gkp.localbigquery.storage.Warehouse;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/**
 * The meta-table {@code table$__PARTITIONS_SUMMARY__}, one row for each partition: clients list
 * partitions by it. Of a partition's times only the table's are known.
 *
 * @see <a
 *     href="https://cloud.google.com/bigquery/docs/managing-partitioned-tables#get_partition_metadata_using_meta-tables">Meta-tables</a>
 */
final class PartitionsSummary {
  private static final String SUFFIX = "$__PARTITIONS_SUMMARY__";

  private static final TableSchema SCHEMA =
      new TableSchema()
          .setFields(
              Stream.of(
                      "project_id STRING",
                      "dataset_id STRING",
                      "table_id STRING",
                      "partition_id STRING",
                      "creation_time INTEGER",
                      "last_modified_time INTEGER")
                  .map(column -> column.split(" "))
                  .map(column -> new TableFieldSchema().setName(column[0]).setType(column[1]))
                  .toList());

  private final Warehouse warehouse;

  PartitionsSummary(Warehouse warehouse) {
    this.warehouse = warehouse;
  }

  static boolean isNamed(TableReference table) {
    return table.getTableId().endsWith(SUFFIX);
  }

  /** The partitioned table; throws {@code notFound}, or {@code invalid} where it is not one. */
  private Table partitioned(TableReference named) {
    TableReference reference =
        Names.table(
            named.getProjectId(),
            named.getDatasetId(),
            named.getTableId().substring(0, named.getTableId().length() - SUFFIX.length()));
    Table table = warehouse.table(reference).orElseThrow(() -> Names.tableNotFound(reference));
    if (table.getTimePartitioning() == null && table.getRangePartitioning() == null) {
      throw ApiException.invalid(
          "Cannot read partition information from a table that is not partitioned: "
              + Names.of(named));
    }
    return table;
  }

  Table table(TableReference named) {
    Table partitioned = partitioned(named);
    return new Table()
        .setTableReference(named)
        .setSchema(SCHEMA)
        .setType("TABLE")
        .setEtag(partitioned.getEtag())
        .setCreationTime(partitioned.getCreationTime())
        .setLastModifiedTime(partitioned.getLastModifiedTime())
        .setLocation(partitioned.getLocation());
  }

  Response rows(TableReference named, RowPages.Range range) throws IOException {
    Table table = partitioned(named);
    List<Column> all = Column.of(SCHEMA);
    List<Column> columns =
        range.fields().map(names -> Column.of(SelectedFields.of(SCHEMA, names))).orElse(all);
    List<Object[]> partitions = PartitionsView.of(warehouse, table);
    RowJson json = new RowJson(columns, range.timestampsAsMicros());
    long end = Math.min(partitions.size(), range.start() + Math.min(range.maxResults(), 1 << 20));
    for (long i = range.start(); i < end; i++) {
      Object[] row = row(table, partitions.get((int) i));
      json.add(columns.stream().map(column -> row[all.indexOf(column)]).toArray());
    }
    return Response.ok(
        new TableDataList()
            .setKind("bigquery#tableDataList")
            .setEtag(table.getEtag())
            .setTotalRows((long) partitions.size())
            .setPageToken(end < partitions.size() ? Page.token(end) : null),
        json.finish());
  }

  private static Object[] row(Table table, Object[] partition) {
    TableReference reference = table.getTableReference();
    return new Object[] {
      reference.getProjectId(),
      reference.getDatasetId(),
      reference.getTableId(),
      partition[0],
      table.getCreationTime(),
      ((Instant) partition[4]).toEpochMilli()
    };
  }
}
