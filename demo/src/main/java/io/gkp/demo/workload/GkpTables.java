package io.gkp.demo.workload;

import io.gkp.sql.model.BundledModels;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** The platform's source tables, and the role and publication that the export uses. */
public final class GkpTables {
  static final String INGESTION_RUNS = "ingestion_runs";
  static final String EVAL_RUNS = "eval_runs";
  public static final String QUERY_LOGS = "query_logs";

  /** In the order in which everything here lists them. */
  public static final List<String> NAMES = List.of(INGESTION_RUNS, EVAL_RUNS, QUERY_LOGS);

  public static final String EXPORTER_ROLE = "gkp_exporter";
  public static final String PUBLICATION = "gkp_export";

  private GkpTables() {}

  /** Creates the platform's two tables and the proposed one, empty. */
  public static void create(Connection connection) throws SQLException {
    execute(connection, text("gkp_tables.sql"));
    execute(connection, BundledModels.text("raw/raw_query_logs/table.sql"));
  }

  /**
   * Creates {@link #EXPORTER_ROLE} with the least privileges, and {@link #PUBLICATION}.
   *
   * @param password the role's; letters, digits, - and _
   */
  public static void grantExport(Connection connection, String password) throws SQLException {
    execute(connection, text("exporter_role.sql"));
    try (Statement statement = connection.createStatement()) {
      statement.execute("ALTER ROLE " + EXPORTER_ROLE + " PASSWORD '" + password + "'");
    }
  }

  /** The primary key column of one of the tables. */
  static String key(String table) {
    return table.equals(QUERY_LOGS) ? "query_id" : "run_id";
  }

  public static long rows(Connection connection, String table) throws SQLException {
    try (Statement statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT COUNT(*) FROM " + table)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String text(String resource) {
    try (InputStream in = GkpTables.class.getResourceAsStream(resource)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
