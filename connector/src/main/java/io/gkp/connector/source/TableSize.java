package io.gkp.connector.source;

import io.gkp.name.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/**
 * How large a table is, without reading it.
 *
 * @param estimatedRows the planner's estimate over all partitions, -1 where there is none
 * @param bytes on disk, TOAST included, indexes not
 */
public record TableSize(long estimatedRows, long bytes) {
  private static final String QUERY =
      """
      SELECT sum(GREATEST(p.reltuples, 0))::bigint AS rows, bool_or(p.reltuples >= 0) AS known,
             sum(pg_table_size(p.oid))::bigint AS bytes
      FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_catalog.pg_class p
        ON p.oid = c.oid
        OR (c.relkind = 'p' AND p.oid IN (SELECT relid FROM pg_partition_tree(c.oid) WHERE isleaf))
      WHERE n.nspname = ? AND c.relname = ? AND c.relkind IN ('r', 'p')
      GROUP BY c.oid
      """;

  /** As {@link #estimatedRows}, without a lock: the catalogue has it. */
  private static final String ROWS =
      """
      WITH RECURSIVE tree(oid) AS (
        SELECT c.oid FROM pg_catalog.pg_class c
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = ? AND c.relname = ?
        UNION ALL
        SELECT i.inhrelid FROM pg_catalog.pg_inherits i
        JOIN tree ON i.inhparent = tree.oid
        JOIN pg_catalog.pg_class parent ON parent.oid = tree.oid AND parent.relkind = 'p')
      SELECT sum(GREATEST(p.reltuples, 0))::bigint AS rows, bool_or(p.reltuples >= 0) AS known
      FROM tree JOIN pg_catalog.pg_class p ON p.oid = tree.oid AND p.relkind = 'r'
      """;

  /**
   * The planner's estimate of the rows of a table and its partitions; -1 where there is none. It
   * waits for nobody.
   */
  static long estimatedRows(Connection connection, TableName table) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(ROWS)) {
      statement.setString(1, table.schema());
      statement.setString(2, table.table());
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getBoolean("known") ? row.getLong("rows") : -1;
      }
    }
  }

  /** Empty where there is no such table. Waits for whoever has the table locked. */
  public static Optional<TableSize> read(Connection connection, TableName table)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(QUERY)) {
      statement.setString(1, table.schema());
      statement.setString(2, table.table());
      try (ResultSet row = statement.executeQuery()) {
        return row.next()
            ? Optional.of(
                new TableSize(
                    row.getBoolean("known") ? row.getLong("rows") : -1, row.getLong("bytes")))
            : Optional.empty();
      }
    }
  }
}
