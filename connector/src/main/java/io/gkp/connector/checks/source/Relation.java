package io.gkp.connector.checks.source;

import io.gkp.connector.checks.Finding;
import io.gkp.failure.Failure;
import io.gkp.name.TableName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What stands in the database under the name of a captured table.
 *
 * @param kind as {@code pg_class.relkind}; null where nothing does
 * @param persistence as {@code pg_class.relpersistence}
 * @param system whether it is part of PostgreSQL itself
 * @param elsewhere relations of that name in other schemas, or of that name in other case
 * @param reads what a view reads
 * @param unlogged partitions that are not in the WAL
 * @see <a href="https://www.postgresql.org/docs/current/catalog-pg-class.html">pg_class</a>
 */
record Relation(
    TableName name,
    String kind,
    String persistence,
    boolean system,
    List<TableName> elsewhere,
    List<TableName> reads,
    List<TableName> unlogged) {
  /**
   * {@code captured} holds what stands under the captured tables' names, {@code tree} each with
   * everything below it. Walked by the catalogue's rows: pg_partition_tree would lock each
   * partition.
   */
  static final String TREES =
      """
      WITH RECURSIVE captured AS (
        SELECT c.oid, c.relkind, c.relpersistence, named.nsp, named.rel, named.place
        FROM unnest(?::text[], ?::text[]) WITH ORDINALITY AS named(nsp, rel, place)
        LEFT JOIN (pg_catalog.pg_namespace n
          JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid)
          ON n.nspname = named.nsp AND c.relname = named.rel
      ), tree AS (
        SELECT oid AS root, oid, relkind FROM captured
        UNION ALL
        SELECT t.root, p.oid, p.relkind
        FROM tree t
        JOIN pg_catalog.pg_inherits h ON t.relkind = 'p' AND h.inhparent = t.oid
        JOIN pg_catalog.pg_class p ON p.oid = h.inhrelid
      )
      """;

  private static final int FIRST_OF_USERS = 16384;

  private static final String QUERY =
      TREES
          + """
          SELECT nsp, rel, relkind, relpersistence, oid < %d AS system,
            ARRAY(SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname)
              FROM pg_catalog.pg_class c
              JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
              WHERE captured.oid IS NULL AND c.relkind IN ('r', 'p')
              AND lower(c.relname) = lower(captured.rel)
              AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
              ORDER BY 1 LIMIT 3) AS elsewhere,
            ARRAY(SELECT DISTINCT quote_ident(n.nspname) || '.' || quote_ident(c.relname)
              FROM pg_catalog.pg_rewrite r
              JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_rewrite'::regclass
                AND d.objid = r.oid AND d.refclassid = 'pg_catalog.pg_class'::regclass
              JOIN pg_catalog.pg_class c ON c.oid = d.refobjid AND c.oid <> captured.oid
              JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
              WHERE captured.relkind IN ('v', 'm') AND r.ev_class = captured.oid) AS reads,
            ARRAY(SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname)
              FROM tree
              JOIN pg_catalog.pg_class c ON c.oid = tree.oid AND c.relkind = 'r'
              JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
              WHERE tree.root = captured.oid AND c.oid <> captured.oid
              AND c.relpersistence <> 'p' ORDER BY 1) AS unlogged
          FROM captured ORDER BY place
          """
              .formatted(FIRST_OF_USERS);

  static List<Relation> read(Source source) throws SQLException {
    return source.rows(QUERY, Relation::of, source.tableArrays());
  }

  private static Relation of(ResultSet row) throws SQLException {
    return new Relation(
        new TableName(row.getString("nsp"), row.getString("rel")),
        row.getString("relkind"),
        row.getString("relpersistence"),
        row.getBoolean("system"),
        Source.tables(row, "elsewhere"),
        Source.tables(row, "reads"),
        Source.tables(row, "unlogged"));
  }

  /** Why its changes cannot be read; empty where they can. */
  Optional<Finding> problem(String check, Source source) {
    if (kind == null) {
      return Optional.of(
          error(
              check,
              "Not in database " + source.config().database() + ": table " + name + ".",
              (elsewhere.isEmpty()
                      ? ""
                      : "Did you mean "
                          + elsewhere.stream()
                              .map(TableName::quoted)
                              .collect(Collectors.joining(" or "))
                          + "? ")
                  + "Correct --tables, or create the table. Where it was renamed, give it its name"
                  + " back: what was changed meanwhile is exported then."));
    }
    return switch (kind) {
      case "r", "p" -> ofTable(check);
      case "v" ->
          Optional.of(
              error(
                  check,
                  name + " is a view.",
                  "A view has no changes of its own. Capture the tables that it reads ("
                      + Source.names(reads)
                      + "), and write the view in BigQuery."));
      case "m" ->
          Optional.of(
              error(
                  check,
                  name + " is a materialized view.",
                  "Postgres publishes no changes of one. Capture the tables that it reads ("
                      + Source.names(reads)
                      + "), and write the view in BigQuery."));
      case "f" ->
          Optional.of(
              error(
                  check,
                  name + " is a foreign table.",
                  "Its rows are on another server. Export them from there."));
      case "S" ->
          Optional.of(
              error(
                  check,
                  name + " is a sequence.",
                  "Postgres publishes no changes of one. Remove it from --tables."));
      default ->
          Optional.of(
              error(check, name + " is not a table.", "Capture the table that it belongs to."));
    };
  }

  private Optional<Finding> ofTable(String check) {
    if (system) {
      return Optional.of(
          error(
              check,
              name + " is a table of PostgreSQL itself.",
              "Postgres publishes no changes of one. Remove it from --tables."));
    }
    if (persistence.equals("t")) {
      return Optional.of(
          error(
              check,
              name + " is a temporary table.",
              "Only its own session sees it. Remove it from --tables."));
    }
    if (persistence.equals("u") && kind.equals("p")) {
      return Optional.of(
          error(
              check,
              name + " is an unlogged partitioned table.",
              "Its changes are not in the WAL. Create it anew without UNLOGGED."));
    }
    if (persistence.equals("u")) {
      return Optional.of(logged(check, List.of(name), name + " is an unlogged table."));
    }
    return unlogged.isEmpty()
        ? Optional.empty()
        : Optional.of(
            logged(
                check,
                unlogged,
                "Partitions of " + name + " are unlogged: " + Source.names(unlogged) + "."));
  }

  private static Finding logged(String check, List<TableName> tables, String what) {
    return error(
            check,
            what,
            "Its changes are not in the WAL. SET LOGGED writes the whole table into it, and locks"
                + " the table meanwhile.")
        .withSql(
            tables.stream()
                .map(table -> "ALTER TABLE " + table.quoted() + " SET LOGGED;")
                .toArray(String[]::new));
  }

  private static Finding error(String check, String what, String why) {
    return Finding.error(check, Failure.TABLE_MISSING, what, why);
  }
}
