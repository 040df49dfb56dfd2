package io.gkp.connector.source.table;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * What a publication sends of a table, as SQL over catalogue rows.
 *
 * <p>The view {@code pg_publication_tables} answers the same for all published tables at once. It
 * takes time and memory by their number; from PostgreSQL 16 on it waits for the lock of each of
 * them; and on 15 it counts generated columns in, which are never sent. This asks about the tables
 * in question alone, and takes no lock of any user's table.
 *
 * <p>The fragments are for a query over {@code pg_class c}, which may have the table's columns as
 * {@code pg_attribute a}.
 *
 * @see <a
 *     href="https://www.postgresql.org/docs/current/catalog-pg-publication.html">pg_publication</a>
 * @see <a
 *     href="https://www.postgresql.org/docs/current/catalog-pg-publication-rel.html">pg_publication_rel</a>
 */
public record PublicationSql(int majorVersion) {
  private static final int LISTS_SINCE = 15;
  private static final int GENERATED_SINCE = 18;

  public static PublicationSql of(Connection connection) throws SQLException {
    return new PublicationSql(connection.getMetaData().getDatabaseMajorVersion());
  }

  /**
   * Joins the publication {@code p}, whose name is the only parameter, the table's own entry in it
   * {@code e}, and {@code s.arrives}: whether changes of the table arrive under its name. All are
   * NULL, or false, where there is none.
   *
   * <p>A partition whose root is published arrives as the root, or as itself; {@code
   * publish_via_partition_root} decides.
   */
  public String joins() {
    return " LEFT JOIN pg_catalog.pg_publication p ON p.pubname = ?"
        + " LEFT JOIN pg_catalog.pg_publication_rel e ON e.prpubid = p.oid AND e.prrelid = c.oid"
        + " CROSS JOIN LATERAL (SELECT COALESCE("
        + "c.relpersistence = 'p' AND CASE WHEN "
        + publishedAncestor()
        + " THEN NOT p.pubviaroot AND c.relkind = 'r' ELSE "
        + holds("c")
        + " AND (c.relkind = 'r' OR c.relkind = 'p' AND p.pubviaroot) END, false) AS arrives) s";
  }

  /** Whether the publication holds a table above the partition. */
  public String publishedAncestor() {
    return "EXISTS (SELECT FROM pg_catalog.pg_partition_ancestors(c.oid) x"
        + " JOIN pg_catalog.pg_class u ON u.oid = x.relid WHERE u.oid <> c.oid AND "
        + holds("u")
        + ")";
  }

  /** Whether the publication holds a table by an entry of its own, its schema, or with all. */
  public String holds(String table) {
    return "(p.puballtables OR EXISTS (SELECT FROM pg_catalog.pg_publication_rel r"
        + " WHERE r.prpubid = p.oid AND r.prrelid = "
        + table
        + ".oid) OR "
        + holdsSchema(table)
        + ")";
  }

  /** Whether the publication holds whole schemas. */
  public String holdsSchemas() {
    return majorVersion < LISTS_SINCE
        ? "false"
        : "EXISTS (SELECT FROM pg_catalog.pg_publication_namespace m WHERE m.pnpubid = p.oid)";
  }

  private String holdsSchema(String table) {
    return majorVersion < LISTS_SINCE
        ? "false"
        : "EXISTS (SELECT FROM pg_catalog.pg_publication_namespace m"
            + " WHERE m.pnpubid = p.oid AND m.pnnspid = "
            + table
            + ".relnamespace)";
  }

  /** Whether the column {@code a} is sent. */
  public String sent() {
    return "s.arrives AND CASE WHEN %s THEN %s ELSE %s END"
        .formatted(
            listed(),
            majorVersion < LISTS_SINCE ? "true" : "a.attnum = ANY (e.prattrs)",
            sentWithoutList());
  }

  /**
   * Whether the column {@code a} is sent of a table that has no list of columns; where there is no
   * publication, of one that sends stored generated columns, too.
   */
  public String sentWithoutList() {
    return "(a.attgenerated = ''"
        + (majorVersion < GENERATED_SINCE
            ? ""
            : " OR a.attgenerated = 's' AND p.pubgencols IS DISTINCT FROM 'n'")
        + ")";
  }

  /** Whether a list of columns says what is sent. */
  public String listed() {
    return majorVersion < LISTS_SINCE ? "false" : "e.prattrs IS NOT NULL";
  }

  /** Which rows are sent: the server's own form of the condition; NULL where all are. */
  public String filter() {
    return majorVersion < LISTS_SINCE
        ? "NULL::text"
        : "CASE WHEN NOT p.puballtables AND NOT " + holdsSchema("c") + " THEN e.prqual::text END";
  }
}
