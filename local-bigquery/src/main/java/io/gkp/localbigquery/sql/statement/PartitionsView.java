package io.gkp.localbigquery.sql.statement;

import com.google.api.services.bigquery.model.Table;
import io.gkp.localbigquery.storage.LogicalBytes;
import io.gkp.localbigquery.storage.Partition;
import io.gkp.localbigquery.storage.Session;
import io.gkp.localbigquery.storage.Warehouse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The rows of INFORMATION_SCHEMA.PARTITIONS.
 *
 * @see <a
 *     href="https://cloud.google.com/bigquery/docs/information-schema-partitions">PARTITIONS</a>
 */
public final class PartitionsView {
  static final String COLUMNS =
      "table_catalog STRING, table_schema STRING, table_name STRING, partition_id STRING,"
          + " total_rows INT64, total_logical_bytes INT64, total_billable_bytes INT64,"
          + " last_modified_time TIMESTAMP, storage_tier STRING";

  private static final long LONG_TERM_MILLIS = 90L * 24 * 60 * 60 * 1000;

  private PartitionsView() {}

  /**
   * What follows the table's name, one row for each partition or one for the whole table: id, rows,
   * logical and billable bytes, time of the last change, tier.
   */
  public static List<Object[]> of(Warehouse warehouse, Table table) {
    List<Integer> columns =
        IntStream.range(0, new Relation.Stored(table).fields().size()).boxed().toList();
    Instant modified = Instant.ofEpochMilli(table.getLastModifiedTime().longValue());
    boolean old = modified.isBefore(Instant.now().minusMillis(LONG_TERM_MILLIS));
    try (Session session = warehouse.session()) {
      String id = Partition.idOfRow(table);
      LogicalBytes bytes = warehouse.counted(session, table.getTableReference(), columns);
      List<String> items = new ArrayList<>(List.of(id, "count(*)"));
      items.addAll(bytes.aggregates());
      return session.query(
          "SELECT "
              + String.join(", ", items)
              + " FROM "
              + warehouse.rows(session, table.getTableReference())
              + (id.equals("NULL") ? "" : " GROUP BY 1 ORDER BY 1"),
          row ->
              new Object[] {
                row.getString(1),
                row.getLong(2),
                bytes.read(row, 3),
                bytes.read(row, 3),
                modified,
                old ? "LONG_TERM" : "ACTIVE"
              });
    }
  }
}
