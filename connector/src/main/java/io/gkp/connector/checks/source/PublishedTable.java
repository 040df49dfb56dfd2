package io.gkp.connector.checks.source;

import io.gkp.connector.source.table.PublicationSql;
import io.gkp.name.TableName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A captured table that exists, and what the publication sends of it.
 *
 * @param partitioned whether its rows lie in partitions
 * @param inherited whether other tables inherit from it
 * @param arrives whether its changes arrive under its own name
 * @param held whether the publication holds it, under whatever name its changes arrive
 * @param above the tables that it is a partition of, topmost first
 * @param heldAbove those of them that the publication holds
 */
record PublishedTable(
    TableName table,
    boolean partitioned,
    boolean inherited,
    boolean arrives,
    boolean held,
    List<TableName> above,
    List<TableName> heldAbove,
    Publication publication,
    Columns columns) {
  /**
   * What is the same for all of its tables.
   *
   * @param allTables whether it is FOR ALL TABLES
   * @param schemas whether it holds whole schemas
   * @param viaRoot publish_via_partition_root
   */
  record Publication(boolean allTables, boolean schemas, boolean viaRoot) {}

  /**
   * What it sends of the table.
   *
   * @param listed whether it lists the columns
   * @param sent the columns that are sent, in table order; where the table is not published, those
   *     that would be sent without a list
   * @param unsent the other columns, but for generated ones
   * @param filtered the columns of the row filter; null where all rows are sent
   */
  record Columns(
      boolean listed, List<String> sent, List<String> unsent, @Nullable List<String> filtered) {}

  private static final int LISTS_SINCE = 150000;

  /** All captured tables that exist, in configured order. */
  static List<PublishedTable> read(Source source) throws SQLException {
    PublicationSql publishing = PublicationSql.of(source.connection());
    String columns =
        "ARRAY(SELECT a.attname::text FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid"
            + " AND a.attnum > 0 AND NOT a.attisdropped AND (%s) ORDER BY a.attnum) AS %s";
    String above =
        "ARRAY(SELECT quote_ident(w.nspname) || '.' || quote_ident(u.relname)"
            + " FROM pg_catalog.pg_partition_ancestors(c.oid) WITH ORDINALITY x(relid, level)"
            + " JOIN pg_catalog.pg_class u ON u.oid = x.relid AND u.oid <> c.oid"
            + " JOIN pg_catalog.pg_namespace w ON w.oid = u.relnamespace"
            + " WHERE %s ORDER BY x.level DESC) AS %s";
    String filter = publishing.filter();
    return source.rows(
        "SELECT n.nspname, c.relname, c.relkind = 'p' AS partitioned,"
            + " c.relkind = 'r' AND c.relhassubclass AS inherited, s.arrives, "
            + publishing.holds("c")
            + " AS held, "
            + above.formatted("true", "above")
            + ", "
            + above.formatted(publishing.holds("u"), "held_above")
            + ", p.puballtables, p.pubviaroot, "
            + publishing.holdsSchemas()
            + " AS schemas, s.arrives AND "
            + publishing.listed()
            + " AS listed, "
            + columns.formatted(
                "CASE WHEN s.arrives THEN "
                    + publishing.sent()
                    + " ELSE "
                    + publishing.sentWithoutList()
                    + " END",
                "sent")
            + ", "
            + columns.formatted(
                "a.attgenerated = '' AND s.arrives AND NOT (" + publishing.sent() + ")", "unsent")
            + ", s.arrives AND "
            + filter
            + " IS NOT NULL AS has_filter, "
            + columns.formatted(
                "a.attnum::text IN (SELECT v[1] FROM regexp_matches("
                    + filter
                    + ", ':varattno (\\d+)', 'g') v)",
                "filtered")
            + " FROM unnest(?::text[], ?::text[]) WITH ORDINALITY AS named(nsp, rel, place)"
            + " JOIN pg_catalog.pg_namespace n ON n.nspname = named.nsp"
            + " JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = named.rel"
            + "   AND c.relkind IN ('r', 'p')"
            + publishing.joins()
            + " ORDER BY named.place",
        PublishedTable::of,
        source.tableArrays(source.config().publication()));
  }

  private static PublishedTable of(ResultSet row) throws SQLException {
    return new PublishedTable(
        new TableName(row.getString("nspname"), row.getString("relname")),
        row.getBoolean("partitioned"),
        row.getBoolean("inherited"),
        row.getBoolean("arrives"),
        row.getBoolean("held"),
        Source.tables(row, "above"),
        Source.tables(row, "held_above"),
        new Publication(
            row.getBoolean("puballtables"),
            row.getBoolean("schemas"),
            row.getBoolean("pubviaroot")),
        new Columns(
            row.getBoolean("listed"),
            Source.strings(row, "sent"),
            Source.strings(row, "unsent"),
            row.getBoolean("has_filter") ? Source.strings(row, "filtered") : null));
  }

  /**
   * Why columns cannot be left out; null where they can. Postgres refuses updates of a table whose
   * identity is not in the list, and lists of partitioned tables that are published by partition.
   *
   * @see <a
   *     href="https://www.postgresql.org/docs/current/logical-replication-col-lists.html">column
   *     lists</a>
   */
  @Nullable String obstacle(Source source, Collection<String> excluded) throws SQLException {
    if (source.version() < LISTS_SINCE) {
      return "PostgreSQL has such lists since version 15";
    }
    if (publication.allTables()) {
      return "the publication is FOR ALL TABLES";
    }
    if (publication.schemas()) {
      return "the publication holds whole schemas";
    }
    if (partitioned && !publication.viaRoot() && source.hasPublication()) {
      return "the publication sends partitions as such";
    }
    for (ReplicaIdentity identity : ReplicaIdentity.of(source, table)) {
      if (identity.whole()) {
        return "the table has REPLICA IDENTITY FULL";
      }
      if (identity.columns().isEmpty()) {
        return "the table has no replica identity";
      }
      if (identity.columns().stream().anyMatch(excluded::contains)) {
        return "they are part of its replica identity";
      }
    }
    return null;
  }

  /**
   * Puts an entry in place of the table's present one. In one transaction: no change of the table
   * may find it unpublished.
   *
   * @param list its columns; null for all
   */
  String entryAnew(Source source, @Nullable List<String> list) {
    return "BEGIN; ALTER PUBLICATION %1$s DROP TABLE %2$s; ALTER PUBLICATION %1$s ADD TABLE %2$s%3$s; COMMIT;"
        .formatted(
            TableName.quote(source.config().publication()),
            named(),
            list == null ? "" : list(list));
  }

  /** The columns that are sent, but for some. */
  List<String> sentWithout(Collection<String> excluded) {
    return columns.sent().stream().filter(column -> !excluded.contains(column)).toList();
  }

  /** The table for a publication's list of tables, without the excluded columns where it can be. */
  String entry(Source source) throws SQLException {
    Set<String> excluded = source.config().protection().excludedOf(table);
    boolean leaveOut =
        columns.sent().stream().anyMatch(excluded::contains) && obstacle(source, excluded) == null;
    return named() + (leaveOut ? list(sentWithout(excluded)) : "");
  }

  /** Without the tables that inherit from it: they have entries of their own, or none. */
  private String named() {
    return (inherited ? "ONLY " : "") + table.quoted();
  }

  private static String list(List<String> columns) {
    return columns.stream().map(TableName::quote).collect(Collectors.joining(", ", " (", ")"));
  }
}
