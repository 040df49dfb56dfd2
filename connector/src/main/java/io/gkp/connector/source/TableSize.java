package io.gkp.connector.source;

import io.gkp.name.TableName;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

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
      WITH RECURSIVE tree(nsp, rel, oid) AS (
        SELECT n.nspname, c.relname, c.oid
        FROM unnest(?::text[], ?::text[]) AS named(nsp, rel)
        JOIN pg_catalog.pg_namespace n ON n.nspname = named.nsp
        JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = named.rel
        UNION ALL
        SELECT tree.nsp, tree.rel, i.inhrelid FROM pg_catalog.pg_inherits i
        JOIN tree ON i.inhparent = tree.oid
        JOIN pg_catalog.pg_class parent ON parent.oid = tree.oid AND parent.relkind = 'p')
      SELECT tree.nsp, tree.rel, sum(GREATEST(p.reltuples, 0))::bigint AS rows
      FROM tree JOIN pg_catalog.pg_class p ON p.oid = tree.oid AND p.relkind = 'r'
      GROUP BY tree.nsp, tree.rel
      HAVING bool_or(p.reltuples >= 0)
      """;

  /**
   * The planner's estimates of the rows of tables and their partitions; those of which there is
   * none are not there. It waits for nobody.
   */
  static Map<TableName, Long> estimatedRows(Connection connection, List<TableName> tables)
      throws SQLException {
    Map<TableName, Long> rows = new HashMap<>();
    try (PreparedStatement statement = connection.prepareStatement(ROWS)) {
      statement.setArray(1, names(connection, tables, TableName::schema));
      statement.setArray(2, names(connection, tables, TableName::table));
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          rows.put(new TableName(row.getString("nsp"), row.getString("rel")), row.getLong("rows"));
        }
      }
    }
    return rows;
  }

  private static Array names(
      Connection connection, List<TableName> tables, Function<TableName, String> part)
      throws SQLException {
    return connection.createArrayOf("text", tables.stream().map(part).toArray());
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
