package io.gkp.connector.source;

import io.gkp.name.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** A yes or no about the relation of a name, from the catalogue. */
public final class RelationQuestion {
  private RelationQuestion() {}

  /**
   * Whether there is such a relation and the condition holds for it.
   *
   * @param condition over {@code c}, its row of {@code pg_class}
   */
  public static boolean holds(Connection connection, TableName table, String condition)
      throws SQLException {
    String sql =
        """
        SELECT
        FROM pg_catalog.pg_class c
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = ? AND c.relname = ? AND (%s)
        """
            .formatted(condition);
    try (PreparedStatement query = connection.prepareStatement(sql)) {
      query.setString(1, table.schema());
      query.setString(2, table.table());
      try (ResultSet row = query.executeQuery()) {
        return row.next();
      }
    }
  }
}
