package io.gkp.connector.source.table;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

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
      "SELECT * FROM (SELECT a.attnum, a.attname, a.atttypid, a.atttypmod, a.attnotnull,"
          + " format_type(a.atttypid, a.atttypmod) AS declared,"
          + " a.atthasdef OR a.attidentity <> '' AS has_default,"
          + " a.attgenerated <> '' AS generated, c.relreplident = 'f' AS whole_old_rows,"
          + " COALESCE(array_position((k.indkey::int2[])[0:k.indnkeyatts - 1], a.attnum), 0)"
          + " AS key_position,"
          + " COALESCE(k.indnkeyatts, 0) AS key_columns,"
          + " COALESCE(NOT k.indimmediate, false) AS deferrable,"
          + " %s AS published"
          + " FROM pg_catalog.pg_class c"
          + " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
          + " JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid"
          + "%s"
          + " LEFT JOIN pg_catalog.pg_index k ON k.indrelid = c.oid AND k.indisvalid"
          + " AND CASE WHEN c.relreplident = 'i' THEN k.indisreplident ELSE k.indisprimary END"
          + " WHERE n.nspname = ? AND c.relname = ? AND c.relkind IN ('r', 'p')"
          + " AND a.attnum > 0 AND NOT a.attisdropped) c"
          + " WHERE published OR attname = ANY (?)"
          + " ORDER BY attnum";

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
    return read(connection, publication, schema, table, TableProtection.NONE);
  }

  /**
   * The same, where some columns are protected. Those that the publication leaves out are there,
   * too, as excluded ones.
   */
  public SourceTable read(
      Connection connection,
      String publication,
      String schema,
      String table,
      TableProtection protection)
      throws SQLException {
    PublicationSql publishing = PublicationSql.of(connection);
    String sql = QUERY.formatted(publishing.sent(), publishing.joins());
    List<SourceColumn> columns = new ArrayList<>();
    boolean published = false;
    boolean wholeOldRows = false;
    boolean deferrable = false;
    int keyColumns = 0;
    int sentKeyColumns = 0;
    try (PreparedStatement query = connection.prepareStatement(sql)) {
      query.setString(1, publication);
      query.setString(2, schema);
      query.setString(3, table);
      query.setArray(4, connection.createArrayOf("text", protection.names().toArray()));
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          columns.add(column(connection, row, protection));
          wholeOldRows = row.getBoolean("whole_old_rows");
          published |= row.getBoolean("published");
          deferrable = row.getBoolean("deferrable");
          keyColumns = row.getInt("key_columns");
          sentKeyColumns += row.getInt("key_position") > 0 ? 1 : 0;
        }
      }
    }
    if (sentKeyColumns < keyColumns) { // a part of a key tells no rows apart
      columns.replaceAll(SourceColumn::outsideKey);
    }
    return new SourceTable(
        schema, table, published ? columns : List.of(), wholeOldRows, deferrable);
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
