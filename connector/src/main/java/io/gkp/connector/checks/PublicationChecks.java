package io.gkp.connector.checks;

import io.gkp.connector.config.TableName;
import io.gkp.failure.Failure;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Checks of the publication. */
public final class PublicationChecks {
  private static final int FILTERS_SINCE = 150000;

  private PublicationChecks() {}

  /**
   * The publication exists and holds the captured tables. The only finding that a run mends itself,
   * where its role may.
   */
  public static List<Finding> contents(Source source) throws SQLException {
    String name = "publication";
    String publication = source.config().publication();
    if (!exists(source)) {
      return List.of(
          Finding.error(
                  name,
                  Failure.PUBLICATION_INCOMPLETE,
                  "Publication " + publication + " does not exist.",
                  "The server sends changes of published tables only. The tables' owner creates it.")
              .withSql(
                  "CREATE PUBLICATION "
                      + TableName.quote(publication)
                      + " FOR TABLE "
                      + entries(source, source.config().tables())
                      + " WITH (publish_via_partition_root = true);"));
    }
    List<TableName> absent = absent(source);
    if (absent.isEmpty()) {
      return List.of(Finding.ok(name, "Publication " + publication + " holds all tables."));
    }
    return List.of(
        Finding.error(
                name,
                Failure.PUBLICATION_INCOMPLETE,
                "Publication " + publication + " lacks " + Source.names(absent) + ".",
                "The server sends changes of published tables only. The tables' owner adds them.")
            .withSql(
                "ALTER PUBLICATION "
                    + TableName.quote(publication)
                    + " ADD TABLE "
                    + entries(source, absent)
                    + ";"));
  }

  private static String entries(Source source, List<TableName> tables) throws SQLException {
    List<String> entries = new ArrayList<>();
    for (TableName table : tables) {
      entries.add(PublishedColumns.entry(source, table));
    }
    return String.join(", ", entries);
  }

  /** Whether there is one, whatever it holds. */
  public static boolean exists(Source source) throws SQLException {
    return !source
        .rows(
            "SELECT 1 FROM pg_catalog.pg_publication WHERE pubname = ?",
            row -> 1,
            source.config().publication())
        .isEmpty();
  }

  /** What the other checks say while there is nothing to look at. */
  private static List<Finding> none(String name) {
    return List.of(Finding.ok(name, "There is no publication yet."));
  }

  /** Captured tables that the publication does not hold; all of them where it does not exist. */
  public static List<TableName> absent(Source source) throws SQLException {
    Set<TableName> published =
        new HashSet<>(
            source.rows(
                "SELECT schemaname, tablename FROM pg_catalog.pg_publication_tables"
                    + " WHERE pubname = ?",
                row -> new TableName(row.getString(1), row.getString(2)),
                source.config().publication()));
    return source.config().tables().stream().filter(table -> !published.contains(table)).toList();
  }

  public static List<Finding> operations(Source source) throws SQLException {
    String name = "publication-operations";
    if (!exists(source)) {
      return none(name);
    }
    List<String> missing =
        source
            .rows(
                "SELECT concat_ws(', ', CASE WHEN NOT pubinsert THEN 'insert' END,"
                    + " CASE WHEN NOT pubupdate THEN 'update' END,"
                    + " CASE WHEN NOT pubdelete THEN 'delete' END,"
                    + " CASE WHEN NOT pubtruncate THEN 'truncate' END)"
                    + " FROM pg_catalog.pg_publication WHERE pubname = ?",
                row -> row.getString(1),
                source.config().publication())
            .stream()
            .filter(text -> !text.isEmpty())
            .toList();
    if (missing.isEmpty()) {
      return List.of(Finding.ok(name, "Inserts, updates, deletes and truncates are published."));
    }
    return List.of(
        Finding.error(
                name,
                Failure.PUBLICATION_INCOMPLETE,
                "Publication "
                    + source.config().publication()
                    + " does not send: "
                    + missing.get(0)
                    + ".",
                "These changes would be missing for ever.")
            .withSql(
                "ALTER PUBLICATION "
                    + TableName.quote(source.config().publication())
                    + " SET (publish = 'insert, update, delete, truncate');"));
  }

  /**
   * What a column list leaves out never leaves the database: neither stream nor snapshot has it.
   */
  public static List<Finding> columns(Source source) throws SQLException {
    String name = "published-columns";
    if (source.version() < FILTERS_SINCE) {
      return List.of(Finding.ok(name, "This version publishes all columns."));
    }
    if (!exists(source)) {
      return none(name);
    }
    List<String> excluded = new ArrayList<>();
    for (TableName table : source.config().tables()) {
      source
          .rows(
              "SELECT a.attname FROM pg_catalog.pg_publication_tables p"
                  + " JOIN pg_catalog.pg_namespace n ON n.nspname = p.schemaname"
                  + " JOIN pg_catalog.pg_class c"
                  + "   ON c.relnamespace = n.oid AND c.relname = p.tablename"
                  + " JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0"
                  + "   AND NOT a.attisdropped AND a.attname <> ALL (p.attnames)"
                  + " WHERE p.pubname = ? AND p.schemaname = ? AND p.tablename = ?"
                  + " ORDER BY a.attnum",
              row -> row.getString(1),
              source.config().publication(),
              table.schema(),
              table.table())
          .forEach(column -> excluded.add(table + "." + column));
    }
    return List.of(
        Finding.ok(
            name,
            excluded.isEmpty()
                ? "All columns are published."
                : "Left out by the publication: " + String.join(", ", excluded) + "."));
  }

  /** Snapshots read whole rows of the whole table; a filter would make the stream disagree. */
  public static List<Finding> filters(Source source) throws SQLException {
    String name = "publication-filters";
    if (source.version() < FILTERS_SINCE) {
      return List.of(Finding.ok(name, "This version has no filters in publications."));
    }
    if (!exists(source)) {
      return none(name);
    }
    List<Finding> findings = new ArrayList<>();
    for (TableName table : source.config().tables()) {
      boolean filtered =
          !source
              .rows(
                  "SELECT 1 FROM pg_catalog.pg_publication_tables WHERE pubname = ?"
                      + " AND schemaname = ? AND tablename = ? AND rowfilter IS NOT NULL",
                  row -> 1,
                  source.config().publication(),
                  table.schema(),
                  table.table())
              .isEmpty();
      if (filtered) {
        findings.add(
            Finding.warning(
                    name,
                    "Publication "
                        + source.config().publication()
                        + " sends only some rows of "
                        + table
                        + ".",
                    "Snapshots read all rows, so the filtered ones never change afterwards. Publish"
                        + " the table without a row filter (a column list has to be given again),"
                        + " then offsets reset --table.")
                .withSql(
                    "ALTER PUBLICATION "
                        + TableName.quote(source.config().publication())
                        + " DROP TABLE "
                        + table.quoted()
                        + ";",
                    "ALTER PUBLICATION "
                        + TableName.quote(source.config().publication())
                        + " ADD TABLE "
                        + table.quoted()
                        + ";"));
      }
    }
    return findings.isEmpty() ? List.of(Finding.ok(name, "No row filters.")) : findings;
  }
}
