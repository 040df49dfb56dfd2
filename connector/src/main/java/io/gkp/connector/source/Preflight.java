package io.gkp.connector.source;

import io.gkp.connector.config.SourceConfig;
import io.gkp.connector.config.TableName;
import io.gkp.failure.ExportException;
import io.gkp.failure.Failure;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What must hold at the source before a run starts; each failure names its remedy. */
public final class Preflight {
  /** pgoutput sends logical messages, on which the fence relies, since PostgreSQL 14. */
  private static final int OLDEST_SERVER = 140000;

  private static final String INSUFFICIENT_PRIVILEGE = "42501";

  private final Connection connection;
  private final SourceConfig config;
  private final Set<TableName> published = new HashSet<>();
  private boolean publicationExists;

  public Preflight(Connection connection, SourceConfig config) {
    this.connection = connection;
    this.config = config;
  }

  /**
   * Checks everything and changes nothing.
   *
   * @return the captured tables, in configured order
   */
  public List<CapturedTable> check() throws SQLException {
    checkServer();
    checkRole();
    List<CapturedTable> tables = captured();
    readPublication();
    return tables;
  }

  private void checkServer() throws SQLException {
    int version = Integer.parseInt(value("SHOW server_version_num"));
    if (version < OLDEST_SERVER) {
      throw new ExportException(
          Failure.SOURCE_SETTINGS,
          "Postgres at " + config.describe() + " is version " + version / 10000 + ".",
          "Upgrade it to 14 or newer: older servers do not send the message that ends a run.");
    }
    String walLevel = value("SHOW wal_level");
    if (!walLevel.equals("logical")) {
      throw new ExportException(
          Failure.SOURCE_SETTINGS,
          "Postgres at " + config.describe() + " runs with wal_level=" + walLevel + ".",
          "Run ALTER SYSTEM SET wal_level = 'logical'; and restart the server"
              + " (Cloud SQL: set the flag cloudsql.logical_decoding=on).");
    }
  }

  private void checkRole() throws SQLException {
    String may =
        value(
            "SELECT rolreplication OR rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user");
    if (!"t".equals(may)) {
      throw new ExportException(
          Failure.SOURCE_PERMISSION,
          "User " + config.user() + " may not use logical replication.",
          "Run ALTER ROLE "
              + TableName.quote(config.user())
              + " REPLICATION; as an administrator.");
    }
  }

  private List<CapturedTable> captured() throws SQLException {
    List<CapturedTable> tables = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    List<TableName> unreadable = new ArrayList<>();
    String sql =
        """
        SELECT c.reltuples::bigint, has_table_privilege(c.oid, 'SELECT')
        FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = ? AND c.relname = ? AND c.relkind IN ('r', 'p')
        """;
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (TableName table : config.tables()) {
        statement.setString(1, table.schema());
        statement.setString(2, table.table());
        try (ResultSet row = statement.executeQuery()) {
          if (!row.next()) {
            missing.add(table.display());
          } else if (!row.getBoolean(2)) {
            unreadable.add(table);
          } else {
            tables.add(new CapturedTable(table, row.getLong(1)));
          }
        }
      }
    }
    if (!missing.isEmpty()) {
      throw new ExportException(
          Failure.TABLE_MISSING,
          "Not in database " + config.database() + ": table " + String.join(", ", missing) + ".",
          "Correct --tables, or create the table.");
    }
    if (!unreadable.isEmpty()) {
      throw new ExportException(
          Failure.SOURCE_PERMISSION,
          "User " + config.user() + " may not read " + list(unreadable) + ".",
          "Run GRANT SELECT ON "
              + quotedList(unreadable)
              + " TO "
              + TableName.quote(config.user())
              + ";");
    }
    return tables;
  }

  /** Captured tables that the publication lacks; after {@link #check}. */
  public List<TableName> unpublished() {
    return config.tables().stream().filter(table -> !published.contains(table)).toList();
  }

  /** Creates or completes the publication where that is needed and the role may do so. */
  public void publish() throws SQLException {
    String name = TableName.quote(config.publication());
    if (!publicationExists) {
      changePublication(
          "CREATE PUBLICATION "
              + name
              + " FOR TABLE "
              + quotedList(config.tables())
              + " WITH (publish_via_partition_root = true)",
          "Publication " + config.publication() + " does not exist");
    } else if (!unpublished().isEmpty()) {
      changePublication(
          "ALTER PUBLICATION " + name + " ADD TABLE " + quotedList(unpublished()),
          "Publication " + config.publication() + " lacks " + list(unpublished()));
    }
  }

  private void readPublication() throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            """
            SELECT t.schemaname, t.tablename
            FROM pg_catalog.pg_publication p
            LEFT JOIN pg_catalog.pg_publication_tables t ON t.pubname = p.pubname
            WHERE p.pubname = ?
            """)) {
      statement.setString(1, config.publication());
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          publicationExists = true;
          if (row.getString(1) != null) {
            published.add(new TableName(row.getString(1), row.getString(2)));
          }
        }
      }
    }
  }

  private void changePublication(String sql, String what) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      if (INSUFFICIENT_PRIVILEGE.equals(e.getSQLState())) {
        throw new ExportException(
            Failure.SOURCE_PERMISSION,
            what + ", and user " + config.user() + " may not change that.",
            "Let the tables' owner run " + sql + ";",
            e);
      }
      throw new ExportException(
          Failure.PUBLICATION_INCOMPLETE, what + ".", "Let the tables' owner run " + sql + ";", e);
    }
  }

  private String value(String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      return row.next() ? row.getString(1) : null;
    }
  }

  private static String list(List<TableName> tables) {
    return tables.stream().map(TableName::display).collect(Collectors.joining(", "));
  }

  private static String quotedList(List<TableName> tables) {
    return tables.stream().map(TableName::quoted).collect(Collectors.joining(", "));
  }
}
