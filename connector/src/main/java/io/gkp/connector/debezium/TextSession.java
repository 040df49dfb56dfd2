package io.gkp.connector.debezium;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * The session settings under which a value's text is read, the same for snapshot and stream. They
 * override what {@code ALTER ROLE ... SET} or {@code ALTER DATABASE ... SET} chose, and the JVM's
 * time zone, which the JDBC driver sends at connect.
 *
 * <p>{@code lc_monetary} is not among them: it decides how many digits of a {@code money} are
 * fraction, so that changing it changes the value.
 *
 * @see <a href="https://www.postgresql.org/docs/current/runtime-config-client.html">PostgreSQL:
 *     client connection defaults</a>
 */
public final class TextSession {
  /** In this form BigQuery can cast an interval's text: {@code CAST(x AS INTERVAL)}. */
  private static final String INTERVALS = "SET IntervalStyle TO 'iso_8601'";

  /** Statements that each connection reading values runs once, outside a failed transaction. */
  public static final List<String> STATEMENTS =
      List.of(
          "SET TimeZone TO 'UTC'",
          "SET DateStyle TO 'ISO, MDY'",
          INTERVALS,
          "SET extra_float_digits TO 3",
          "SET bytea_output TO 'hex'",
          // Names of tables and types (regclass and its like) are printed with their schema.
          "SET search_path TO 'pg_catalog'");

  private TextSession() {}

  /** Prepares the connection; inside a transaction that rolls back, the settings roll back too. */
  public static void prepare(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String sql : STATEMENTS) {
        statement.execute(sql);
      }
    }
  }
}
