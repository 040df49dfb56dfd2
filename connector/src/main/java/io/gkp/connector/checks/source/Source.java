package io.gkp.connector.checks.source;

import io.gkp.connector.config.SourceConfig;
import io.gkp.name.TableName;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The source as checks ask it: what several of them look at is read once, when first asked for. */
public final class Source {
  private final Connection connection;
  private final SourceConfig config;
  private @Nullable List<PublishedTable> tables;
  private @Nullable List<ReplicaIdentity> identities;
  private @Nullable Boolean hasPublication;

  public Source(Connection connection, SourceConfig config) {
    this.connection = connection;
    this.config = config;
  }

  public Connection connection() {
    return connection;
  }

  public SourceConfig config() {
    return config;
  }

  /** All captured tables that exist, in configured order. */
  List<PublishedTable> tables() throws SQLException {
    if (tables == null) {
      tables = PublishedTable.read(this);
    }
    return tables;
  }

  /** Whether a captured table has its rows in partitions. */
  boolean hasPartitions() throws SQLException {
    return tables().stream().anyMatch(PublishedTable::partitioned);
  }

  /** Those of all captured tables. */
  List<ReplicaIdentity> identities() throws SQLException {
    if (identities == null) {
      identities = ReplicaIdentity.read(this);
    }
    return identities;
  }

  /** Whether there is the publication, whatever it holds. */
  public boolean hasPublication() throws SQLException {
    if (hasPublication == null) {
      hasPublication =
          !rows(
                  "SELECT 1 FROM pg_catalog.pg_publication WHERE pubname = ?",
                  row -> 1,
                  config.publication())
              .isEmpty();
    }
    return hasPublication;
  }

  /** Reads one row of a result. */
  @FunctionalInterface
  interface Row<T> {
    T read(ResultSet row) throws SQLException;
  }

  /** First column of the first row; null where there is none. */
  @Nullable String value(String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      return row.next() ? row.getString(1) : null;
    }
  }

  long number(String sql) throws SQLException {
    return Long.parseLong(value(sql));
  }

  <T> List<T> rows(String sql, Row<T> reader, String... parameters) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setString(i + 1, parameters[i]);
      }
      List<T> rows = new ArrayList<>();
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          rows.add(reader.read(row));
        }
      }
      return rows;
    }
  }

  /** The captured tables' schemas and names, for {@code unnest(?::text[], ?::text[])}. */
  String[] tableArrays(String... more) {
    List<String> parameters = new ArrayList<>();
    parameters.add(array(config.tables().stream().map(TableName::schema).toList()));
    parameters.add(array(config.tables().stream().map(TableName::table).toList()));
    parameters.addAll(List.of(more));
    return parameters.toArray(String[]::new);
  }

  /** As PostgreSQL writes an array. */
  static String array(Collection<String> names) {
    return names.stream()
        .map(name -> '"' + name.replace("\\", "\\\\").replace("\"", "\\\"") + '"')
        .collect(Collectors.joining(",", "{", "}"));
  }

  static List<String> strings(ResultSet row, String column) throws SQLException {
    Array array = row.getArray(column);
    return array == null ? List.of() : List.of((String[]) array.getArray());
  }

  /** Names that {@code quote_ident} has made. */
  static List<TableName> tables(ResultSet row, String column) throws SQLException {
    return strings(row, column).stream().map(TableName::parse).toList();
  }

  /** As {@code server_version_num}, without the minor version. */
  int version() throws SQLException {
    return connection.getMetaData().getDatabaseMajorVersion() * 10000;
  }

  String role() {
    return TableName.quote(config.user());
  }

  static String names(List<TableName> tables) {
    return tables.stream().map(TableName::display).collect(Collectors.joining(", "));
  }

  static String quoted(List<TableName> tables) {
    return tables.stream().map(TableName::quoted).collect(Collectors.joining(", "));
  }
}
