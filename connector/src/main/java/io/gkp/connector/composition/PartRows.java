package io.gkp.connector.composition;

import io.gkp.connector.checks.source.PlannedFunctions;
import io.gkp.connector.composition.Composition.Part;
import io.gkp.name.TableName;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/**
 * Questions about the rows of one part of a table, where the catalogue alone cannot tell. They end
 * with the first row that answers them. A query that would run functions of others ({@link
 * PlannedFunctions}) is not asked: its answer is the one that has rows read.
 *
 * <p>All rows of a table that was truncated, or rewritten by ALTER TABLE, were written by that
 * transaction or a later one. VACUUM FULL and CLUSTER keep of each row who has written it.
 */
class PartRows {
  private static final String INSUFFICIENT_PRIVILEGE = "42501";

  /**
   * The next transaction id, 64 bits; no row that a query sees was written by it or a later one.
   */
  private static final String NEXT = "pg_snapshot_xmax(pg_current_snapshot())::text::bigint";

  /** By how many transactions a row is older than {@link #NEXT}; {@code xmin} has 32 bits. */
  private static final String AGE = "((" + NEXT + " - xmin::text::bigint) & 4294967295)";

  /** Who has written a row, 64 bits. */
  static final String WRITER = "(" + NEXT + " - " + AGE + ")";

  private final Connection connection;
  private final TableName table;
  private @Nullable Boolean unasked;

  PartRows(Connection connection, TableName table) {
    this.connection = connection;
    this.table = table;
  }

  /** Whether there is any row. */
  boolean any(Part part) throws SQLException {
    return isUnasked() ? hasPages(part) : exists(part, "true");
  }

  /**
   * Whether a row is there that was written before.
   *
   * @param horizon {@link Composition#horizon}
   * @return false also where the role may not see who has written rows
   */
  boolean writtenBefore(Part part, long horizon) throws SQLException {
    try {
      return !isUnasked() && exists(part, olderThan(horizon));
    } catch (SQLException e) {
      if (INSUFFICIENT_PRIVILEGE.equals(e.getSQLState())) {
        return false;
      }
      throw e;
    }
  }

  /** Whether such a row has a value in a column. */
  boolean writtenBefore(Part part, long horizon, String column) throws SQLException {
    return isUnasked()
        || exists(part, olderThan(horizon) + " AND " + TableName.quote(column) + " IS NOT NULL");
  }

  /** Whether queries would run functions of others, so that nothing is known of the rows. */
  boolean isUnasked() throws SQLException {
    if (unasked == null) {
      unasked = PlannedFunctions.exist(connection, table);
    }
    return unasked;
  }

  /** An empty partition that never had a row has none. */
  private boolean hasPages(Part part) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery("SELECT pg_relation_size(" + part.oid() + "::oid) > 0")) {
      row.next();
      return row.getBoolean(1);
    }
  }

  private static String olderThan(long horizon) {
    return AGE + " > " + NEXT + " - " + horizon;
  }

  /**
   * Whether a row is there that was written before the partition was attached, or by the
   * transaction that did that.
   */
  boolean writtenBeforeAttached(Part part) throws SQLException {
    return isUnasked()
        || exists(part, AGE + " >= ((" + NEXT + " - " + part.attached() + ") & 4294967295)");
  }

  private boolean exists(Part part, String condition) throws SQLException {
    String sql =
        "SELECT EXISTS (SELECT FROM %s%s WHERE (%s) AND (%s))"
            .formatted(
                part.attached() == 0 ? "ONLY " : "", table.quoted(), constraint(part), condition);
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getBoolean(1);
    }
  }

  private String constraint(Part part) throws SQLException {
    return part.attached() == 0 ? "true" : constraint(part.oid());
  }

  /**
   * What holds for a partition's rows and for no others of the table. Through the table, because
   * the role may have rights on that alone.
   */
  String constraint(long partition) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT COALESCE(pg_catalog.pg_get_partition_constraintdef("
                    + partition
                    + "::oid), 'true')")) {
      row.next();
      return row.getString(1);
    }
  }
}
