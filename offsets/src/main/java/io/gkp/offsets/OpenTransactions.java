package io.gkp.offsets;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * Transactions that have written and not ended, oldest first, for which a new slot waits. Those of
 * every database count, and so do prepared ones, which no session holds any more.
 *
 * @param names each with what identifies it: process id and application, or the identifier of a
 *     prepared transaction and its database
 * @param remedies what ends each
 * @see <a
 *     href="https://www.postgresql.org/docs/current/view-pg-prepared-xacts.html">pg_prepared_xacts</a>
 */
record OpenTransactions(List<String> names, List<String> remedies) {
  private static final String QUERY =
      """
      SELECT name, remedy FROM (
        SELECT age(transaction) AS age,
          'prepared transaction ' || quote_literal(gid) || ' (database ' || database || ', since '
            || date_trunc('second', prepared) || ')' AS name,
          'ROLLBACK PREPARED ' || quote_literal(gid) || ' in database ' || database
            || ', or COMMIT PREPARED where its coordinator decided so' AS remedy
        FROM pg_catalog.pg_prepared_xacts
        UNION ALL
        SELECT age(backend_xid), 'pid ' || pid || ' (' || COALESCE(application_name, '') || ')',
          'SELECT pg_terminate_backend(' || pid || ')'
        FROM pg_catalog.pg_stat_activity
        WHERE backend_xid IS NOT NULL AND pid <> pg_backend_pid()
      ) t ORDER BY age DESC LIMIT 3
      """;

  static OpenTransactions read(Connection connection) throws SQLException {
    List<String> names = new ArrayList<>();
    List<String> remedies = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(QUERY)) {
      while (row.next()) {
        names.add(row.getString(1));
        remedies.add(row.getString(2));
      }
    }
    return new OpenTransactions(names, remedies);
  }
}
