package io.gkp.connector.source.table;

import static java.util.Objects.requireNonNull;

import io.gkp.name.TableName;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Reads from the catalogue what a captured table looks like now. */
public final class SourceTables {
  /**
   * The columns that the publication sends, in table order. The key is the primary key, or the
   * index that REPLICA IDENTITY names, because that is what a delete brings; columns that such an
   * index merely includes are none of it.
   *
   * @see <a href="https://www.postgresql.org/docs/current/catalog-pg-index.html">pg_index</a>
   */
  private static final String QUERY =
      "SELECT n.nspname, c.relname, a.attnum, a.attname, a.atttypid, a.atttypmod, a.attnotnull,"
          + " format_type(a.atttypid, a.atttypmod) AS declared,"
          + " a.atthasdef OR a.attidentity <> '' AS has_default,"
          + " a.attgenerated <> '' AS generated, c.relreplident = 'f' AS whole_old_rows,"
          + " COALESCE(array_position((k.indkey::int2[])[0:k.indnkeyatts - 1], a.attnum), 0)"
          + " AS key_position,"
          + " COALESCE(k.indnkeyatts, 0) AS key_columns,"
          + " COALESCE(NOT k.indimmediate, false) AS deferrable,"
          + " %s AS published"
          + " FROM unnest(?::text[], ?::text[]) AS named(nsp, rel)"
          + " JOIN pg_catalog.pg_namespace n ON n.nspname = named.nsp"
          + " JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = named.rel"
          + " AND c.relkind IN ('r', 'p')"
          + " JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid"
          + " AND a.attnum > 0 AND NOT a.attisdropped"
          + "%s"
          + " LEFT JOIN pg_catalog.pg_index k ON k.indrelid = c.oid AND k.indisvalid"
          + " AND CASE WHEN c.relreplident = 'i' THEN k.indisreplident ELSE k.indisprimary END"
          + " ORDER BY a.attnum";

  private final PostgresTypes types;

  public SourceTables(PostgresTypes types) {
    this.types = types;
  }

  /**
   * The table with the columns that the publication sends; without columns when there is no such
   * table, or the publication does not hold it.
   */
  public SourceTable read(Connection connection, String publication, String schema, String table)
      throws SQLException {
    TableName name = new TableName(schema, table);
    return requireNonNull(
        read(connection, publication, Map.of(name, TableProtection.NONE)).get(name));
  }

  /**
   * Several tables, where some columns are protected. Those that the publication leaves out are
   * there, too, as excluded ones.
   *
   * @param tables the protection of each
   */
  public Map<TableName, SourceTable> read(
      Connection connection, String publication, Map<TableName, TableProtection> tables)
      throws SQLException {
    PublicationSql publishing = PublicationSql.of(connection);
    String sql = QUERY.formatted(publishing.sent(), publishing.joins());
    Map<TableName, Read> read = new LinkedHashMap<>();
    tables.keySet().forEach(name -> read.put(name, new Read()));
    try (PreparedStatement query =
        connection.prepareStatement(
            sql, ResultSet.TYPE_SCROLL_INSENSITIVE, ResultSet.CONCUR_READ_ONLY)) {
      query.setArray(1, names(connection, tables, TableName::schema));
      query.setArray(2, names(connection, tables, TableName::table));
      query.setString(3, publication);
      try (ResultSet row = query.executeQuery()) {
        Set<Long> oids = new HashSet<>();
        while (row.next()) {
          oids.add(row.getLong("atttypid"));
        }
        types.lookAhead(connection, oids);
        row.beforeFirst();
        while (row.next()) {
          TableName name = new TableName(row.getString("nspname"), row.getString("relname"));
          TableProtection protection = requireNonNull(tables.get(name));
          if (row.getBoolean("published")
              || protection.names().contains(row.getString("attname"))) {
            requireNonNull(read.get(name)).add(row, column(connection, row, protection));
          }
        }
      }
    }
    Map<TableName, SourceTable> found = new LinkedHashMap<>();
    read.forEach((name, table) -> found.put(name, table.as(name)));
    return found;
  }

  /** What has been read of a table so far. */
  private static final class Read {
    private final List<SourceColumn> columns = new ArrayList<>();
    private boolean published;
    private boolean wholeOldRows;
    private boolean deferrable;
    private int keyColumns;
    private int sentKeyColumns;

    void add(ResultSet row, SourceColumn column) throws SQLException {
      columns.add(column);
      wholeOldRows = row.getBoolean("whole_old_rows");
      published |= row.getBoolean("published");
      deferrable = row.getBoolean("deferrable");
      keyColumns = row.getInt("key_columns");
      sentKeyColumns += row.getInt("key_position") > 0 ? 1 : 0;
    }

    SourceTable as(TableName name) {
      if (sentKeyColumns < keyColumns) { // a part of a key tells no rows apart
        columns.replaceAll(SourceColumn::outsideKey);
      }
      return new SourceTable(
          name.schema(), name.table(), published ? columns : List.of(), wholeOldRows, deferrable);
    }
  }

  private static Array names(
      Connection connection,
      Map<TableName, TableProtection> tables,
      Function<TableName, String> part)
      throws SQLException {
    return connection.createArrayOf("text", tables.keySet().stream().map(part).toArray());
  }

  private SourceColumn column(Connection connection, ResultSet row, TableProtection protection)
      throws SQLException {
    String name = row.getString("attname");
    boolean notNull = row.getBoolean("attnotnull");
    int keyPosition = row.getInt("key_position");
    return new SourceColumn(
        name,
        types.type(connection, row.getLong("atttypid")),
        row.getInt("atttypmod"),
        notNull,
        keyPosition,
        row.getBoolean("generated"),
        row.getBoolean("published") ? protection.of(name) : ColumnProtection.EXCLUDED,
        new ColumnDefinition(
            name,
            row.getString("declared"),
            notNull,
            row.getBoolean("has_default"),
            keyPosition,
            row.getInt("attnum")));
  }
}
