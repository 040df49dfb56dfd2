package io.gkp.connector.checks.source;

import io.gkp.connector.checks.Finding;
import io.gkp.failure.Failure;
import io.gkp.name.TableName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Captured tables that others inherit from. A query of such a table brings the rows of all its
 * descendants; the stream brings its own rows alone, and those of the others under their names.
 *
 * @see <a href="https://www.postgresql.org/docs/current/ddl-inherit.html">inheritance</a>
 */
public final class InheritanceChecks {
  private static final String QUERY =
      """
      WITH RECURSIVE captured AS (
        SELECT c.oid, n.nspname, c.relname
        FROM unnest(?::text[], ?::text[]) AS named (nsp, rel)
        JOIN pg_catalog.pg_namespace n ON n.nspname = named.nsp
        JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = named.rel
        WHERE c.relkind = 'r'
      ), heirs AS (
        SELECT captured.oid AS root, i.inhrelid AS oid
        FROM captured JOIN pg_catalog.pg_inherits i ON i.inhparent = captured.oid
        UNION
        SELECT heirs.root, i.inhrelid
        FROM heirs JOIN pg_catalog.pg_inherits i ON i.inhparent = heirs.oid
      )
      SELECT captured.nspname, captured.relname,
        ARRAY(SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname)
          FROM heirs
          JOIN pg_catalog.pg_class c ON c.oid = heirs.oid
          JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
          WHERE heirs.root = captured.oid ORDER BY 1) AS heirs,
        EXISTS (SELECT FROM heirs
          JOIN pg_catalog.pg_class c ON c.oid = heirs.oid
          JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
          WHERE heirs.root = captured.oid AND n.nspname LIKE E'\\\\_timescaledb\\\\_%')
        OR EXISTS (SELECT FROM pg_catalog.pg_trigger t
          WHERE t.tgrelid = captured.oid AND t.tgname = 'ts_insert_blocker') AS chunked
      FROM captured
      """;

  private InheritanceChecks() {}

  private record Parent(TableName table, List<TableName> heirs, boolean chunked) {
    static Parent of(ResultSet row) throws SQLException {
      return new Parent(
          new TableName(row.getString("nspname"), row.getString("relname")),
          Source.tables(row, "heirs"),
          row.getBoolean("chunked"));
    }

    List<TableName> missing(Source source) {
      return heirs.stream().filter(heir -> !source.config().tables().contains(heir)).toList();
    }
  }

  /** Rows that would be nowhere. */
  public static List<Finding> captured(Source source) throws SQLException {
    List<Finding> findings = new ArrayList<>();
    for (Parent parent : parents(source)) {
      List<TableName> missing = parent.missing(source);
      if (parent.chunked()) {
        findings.add(chunked(parent));
      } else if (!missing.isEmpty()) {
        findings.add(missing(source, parent, missing));
      }
    }
    return findings.isEmpty()
        ? List.of(
            Finding.ok("inheritance", "All tables that inherit from captured ones are captured."))
        : findings;
  }

  /** Rows that are in other tables than a query of the source suggests. */
  public static List<Finding> apart(Source source) throws SQLException {
    List<Finding> findings = new ArrayList<>();
    boolean any = source.tables().stream().anyMatch(PublishedTable::inherited);
    for (Parent parent : any ? parents(source) : List.<Parent>of()) {
      if (!parent.heirs().isEmpty()) {
        findings.add(
            Finding.warning(
                "child-tables",
                parent.table() + " comes with its own rows, as SELECT ... FROM ONLY gives them.",
                "Those of its child tables are in tables of their own: "
                    + Source.names(parent.heirs())
                    + "."));
      }
    }
    return findings.isEmpty()
        ? List.of(Finding.ok("child-tables", "No table inherits from a captured one."))
        : findings;
  }

  private static List<Parent> parents(Source source) throws SQLException {
    return source.rows(QUERY, Parent::of, source.tableArrays());
  }

  private static Finding missing(Source source, Parent parent, List<TableName> missing) {
    List<TableName> all = new ArrayList<>(source.config().tables());
    all.addAll(missing);
    return Finding.error(
        "inheritance",
        Failure.INHERITED_ROWS,
        "Tables that are not captured inherit from %s: %s."
            .formatted(parent.table(), Source.names(missing)),
        "Postgres sends their changes under their names, so their rows would be missing. Capture"
            + " them too (--tables "
            + String.join(",", all.stream().map(TableName::display).toList())
            + "), or part them from it (ALTER TABLE ... NO INHERIT), or partition the table by its"
            + " declaration.");
  }

  private static Finding chunked(Parent parent) {
    return Finding.error(
        "inheritance",
        Failure.HYPERTABLE,
        parent.table() + " is a hypertable of TimescaleDB.",
        "Its rows are in chunks that come and go under names of their own, and compressed chunks"
            + " send no changes of rows. Remove it from --tables, and export a plain or partitioned"
            + " table that holds its rows.");
  }
}
