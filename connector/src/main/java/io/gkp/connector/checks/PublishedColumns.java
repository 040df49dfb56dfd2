package io.gkp.connector.checks;

import io.gkp.connector.config.TableName;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The columns of one table that a publication sends, or would send.
 *
 * @param sent their names, in table order
 * @param obstacle why they cannot be listed in the publication; null where they can
 */
record PublishedColumns(String publication, TableName table, List<String> sent, String obstacle) {
  private static final int LISTS_SINCE = 150000;

  static PublishedColumns read(Source source, TableName table) throws SQLException {
    String publication = source.config().publication();
    List<String> sent =
        source.version() < LISTS_SINCE
            ? ofTable(source, table)
            : source.rows(
                "SELECT unnest(attnames) FROM pg_catalog.pg_publication_tables"
                    + " WHERE pubname = ? AND schemaname = ? AND tablename = ?",
                row -> row.getString(1),
                publication,
                table.schema(),
                table.table());
    return new PublishedColumns(publication, table, sent, obstacle(source, table));
  }

  /** What a publication sends of a table that is added to it without a list. */
  static List<String> ofTable(Source source, TableName table) throws SQLException {
    return source.rows(
        "SELECT a.attname FROM pg_catalog.pg_class c"
            + " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
            + " JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0"
            + "   AND NOT a.attisdropped AND a.attgenerated = ''"
            + " WHERE n.nspname = ? AND c.relname = ? ORDER BY a.attnum",
        row -> row.getString(1),
        table.schema(),
        table.table());
  }

  /**
   * Postgres refuses updates of a table whose identity is not in the list, and lists of partitioned
   * tables that are published by partition.
   *
   * @see <a
   *     href="https://www.postgresql.org/docs/current/logical-replication-col-lists.html">column
   *     lists</a>
   */
  private static String obstacle(Source source, TableName table) throws SQLException {
    if (source.version() < LISTS_SINCE) {
      return "PostgreSQL has such lists since version 15";
    }
    return source
        .rows(
            "SELECT CASE"
                + " WHEN c.relreplident = 'f' THEN 'the table has REPLICA IDENTITY FULL'"
                + " WHEN c.relreplident = 'n' THEN 'the table has no replica identity'"
                + " WHEN p.puballtables THEN 'the publication is FOR ALL TABLES'"
                + " WHEN p.oid IS NOT NULL AND EXISTS (SELECT FROM"
                + "   pg_catalog.pg_publication_namespace s WHERE s.pnpubid = p.oid)"
                + "   THEN 'the publication holds whole schemas'"
                + " WHEN c.relkind = 'p' AND NOT p.pubviaroot"
                + "   THEN 'the publication sends partitions as such' END"
                + " FROM pg_catalog.pg_class c"
                + " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
                + " LEFT JOIN pg_catalog.pg_publication p ON p.pubname = ?"
                + " WHERE n.nspname = ? AND c.relname = ?",
            row -> Optional.ofNullable(row.getString(1)),
            source.config().publication(),
            table.schema(),
            table.table())
        .stream()
        .findFirst()
        .flatMap(Function.identity())
        .orElse(null);
  }

  /**
   * Puts a list in place of the table's present entry. In one transaction: no change of the table
   * may find it unpublished.
   */
  String without(Collection<String> excluded) {
    String name = TableName.quote(publication);
    return "BEGIN; ALTER PUBLICATION "
        + name
        + " DROP TABLE "
        + table.quoted()
        + "; ALTER PUBLICATION "
        + name
        + " ADD TABLE "
        + table.quoted()
        + list(sent, excluded)
        + "; COMMIT;";
  }

  /** The table for a publication's list of tables, without the excluded columns where it can be. */
  static String entry(Source source, TableName table) throws SQLException {
    Collection<String> excluded = source.config().protection().excludedOf(table);
    List<String> columns = ofTable(source, table);
    boolean listed =
        columns.stream().anyMatch(excluded::contains) && obstacle(source, table) == null;
    return table.quoted() + (listed ? list(columns, excluded) : "");
  }

  private static String list(List<String> columns, Collection<String> excluded) {
    return columns.stream()
        .filter(column -> !excluded.contains(column))
        .map(TableName::quote)
        .collect(Collectors.joining(", ", " (", ")"));
  }
}
