package io.gkp.connector.sharding;

import io.gkp.name.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What tables weigh: the bytes that a snapshot reads, and the changes since the server's statistics
 * began. Both are the server's own figures, so nothing is read and nobody is waited for.
 *
 * @see <a
 *     href="https://www.postgresql.org/docs/current/monitoring-stats.html#MONITORING-PG-STAT-ALL-TABLES-VIEW">
 *     pg_stat_all_tables</a>
 */
final class TableWeights {
  /** What a change costs, in bytes of a snapshot. */
  private static final int BYTES_OF_A_CHANGE = 200;

  private static final String QUERY =
      """
      WITH RECURSIVE tree(oid) AS (
        SELECT c.oid FROM pg_catalog.pg_class c
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = ? AND c.relname = ?
        UNION ALL
        SELECT i.inhrelid FROM pg_catalog.pg_inherits i JOIN tree ON i.inhparent = tree.oid)
      SELECT COALESCE(sum(c.relpages + COALESCE(t.relpages, 0)), 0)::bigint
               * current_setting('block_size')::bigint
             + %d * COALESCE(sum(s.n_tup_ins + s.n_tup_upd + s.n_tup_del), 0)::bigint AS weight
      FROM tree JOIN pg_catalog.pg_class c ON c.oid = tree.oid
      LEFT JOIN pg_catalog.pg_class t ON t.oid = c.reltoastrelid
      LEFT JOIN pg_catalog.pg_stat_all_tables s ON s.relid = c.oid
      """
          .formatted(BYTES_OF_A_CHANGE);

  private TableWeights() {}

  /** By display name, in the tables' order. */
  static Map<String, Long> read(Connection connection, List<TableName> tables) throws SQLException {
    Map<String, Long> weights = new LinkedHashMap<>();
    try (PreparedStatement statement = connection.prepareStatement(QUERY)) {
      for (TableName table : tables) {
        statement.setString(1, table.schema());
        statement.setString(2, table.table());
        try (ResultSet row = statement.executeQuery()) {
          row.next();
          weights.put(table.display(), row.getLong("weight"));
        }
      }
    }
    return weights;
  }
}
