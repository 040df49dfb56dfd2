package io.gkp.connector.source;

import io.gkp.connector.config.SourceConfig;
import io.gkp.connector.config.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/**
 * By which entry of the publication the server sends a table's changes. A table that leaves a
 * publication and comes back has another entry, and so has one that was created anew; a publication
 * that left out updates for a while has another version. What was committed in between was never
 * sent.
 *
 * @see <a
 *     href="https://www.postgresql.org/docs/current/catalog-pg-publication-rel.html">pg_publication_rel</a>
 */
public final class PublicationEntries {
  private static final int SCHEMAS_SINCE = 15;

  private static final String OF_SCHEMA =
      "(SELECT s.oid FROM pg_catalog.pg_publication_namespace s"
          + " WHERE s.pnpubid = p.oid AND s.pnnspid = c.relnamespace), ";

  private static final String QUERY =
      "SELECT c.oid || '/' || COALESCE("
          + "(SELECT r.oid FROM pg_catalog.pg_publication_rel r"
          + " WHERE r.prpubid = p.oid AND r.prrelid = c.oid), %sp.oid)"
          + " || '/' || p.xmin"
          + " FROM pg_catalog.pg_publication p, pg_catalog.pg_class c"
          + " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
          + " WHERE p.pubname = ? AND n.nspname = ? AND c.relname = ?";

  private PublicationEntries() {}

  /** The captured tables that are published, by their OIDs in {@code pg_class}. */
  static Map<Integer, TableName> tables(Connection connection, SourceConfig source)
      throws SQLException {
    Map<Integer, TableName> tables = new HashMap<>();
    read(connection, source)
        .forEach((table, entry) -> tables.put(Integer.parseUnsignedInt(tableOid(entry)), table));
    return tables;
  }

  /** The table's OID in {@code pg_class}. */
  static String tableOid(String entry) {
    return entry.substring(0, entry.indexOf('/'));
  }

  /**
   * OIDs of table and entry, and version of the publication's definition, such as {@code
   * 16384/16402/745}, of every captured table.
   */
  public static Map<TableName, String> read(Connection connection, SourceConfig source)
      throws SQLException {
    boolean schemas = connection.getMetaData().getDatabaseMajorVersion() >= SCHEMAS_SINCE;
    Map<TableName, String> entries = new HashMap<>();
    try (PreparedStatement query =
        connection.prepareStatement(QUERY.formatted(schemas ? OF_SCHEMA : ""))) {
      for (TableName table : source.tables()) {
        query.setString(1, source.publication());
        query.setString(2, table.schema());
        query.setString(3, table.table());
        try (ResultSet row = query.executeQuery()) {
          if (row.next()) {
            entries.put(table, row.getString(1));
          }
        }
      }
    }
    return entries;
  }
}
