package io.gkp.connector.checks.source;

import io.gkp.connector.checks.Finding;
import io.gkp.failure.Failure;
import io.gkp.name.TableName;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Checks of the publication. */
public final class PublicationChecks {
  private static final String NAME = "publication";
  private static final int FILTERS_SINCE = 150000;
  private static final int GENERATED_SINCE = 180000;

  private PublicationChecks() {}

  /**
   * The publication exists, and changes of the captured tables arrive under their names. A run
   * mends itself, where its role may, what ends in {@link Failure#PUBLICATION_INCOMPLETE}.
   */
  public static List<Finding> contents(Source source) throws SQLException {
    List<PublishedTable> tables = source.tables();
    if (!source.hasPublication()) {
      return List.of(
          Finding.error(
                  NAME,
                  Failure.PUBLICATION_INCOMPLETE,
                  "Publication " + source.config().publication() + " does not exist.",
                  "The server sends changes of published tables only. The tables' owner creates it.")
              .withSql(
                  "CREATE PUBLICATION %s FOR TABLE %s WITH (publish_via_partition_root = true%s);"
                      .formatted(
                          name(source),
                          entries(source, tables),
                          source.version() < GENERATED_SINCE
                              ? ""
                              : ", publish_generated_columns = stored")));
    }
    List<Finding> findings = new ArrayList<>();
    for (PublishedTable table : tables) {
      if (!table.arrives() && !table.heldAbove().isEmpty()) {
        findings.add(underAnotherName(source, table, tables));
      }
    }
    List<PublishedTable> byPartition =
        tables.stream()
            .filter(table -> table.partitioned() && !table.publication().viaRoot())
            .toList();
    if (!byPartition.isEmpty()) {
      findings.add(
          Finding.error(
                  NAME,
                  Failure.PUBLICATION_INCOMPLETE,
                  "Publication %s sends changes of %s under the names of the partitions."
                      .formatted(source.config().publication(), names(byPartition)),
                  "They belong to the table that they are partitions of. The publication's owner"
                      + " alters it.")
              .withSql(
                  "ALTER PUBLICATION "
                      + name(source)
                      + " SET (publish_via_partition_root = true);"));
    }
    List<PublishedTable> lacking =
        tables.stream().filter(table -> !table.held() && table.heldAbove().isEmpty()).toList();
    if (!lacking.isEmpty()) {
      findings.add(
          Finding.error(
                  NAME,
                  Failure.PUBLICATION_INCOMPLETE,
                  "Publication " + source.config().publication() + " lacks " + names(lacking) + ".",
                  "The server sends changes of published tables only. The tables' owner adds them.")
              .withSql(
                  "ALTER PUBLICATION %s ADD TABLE %s;"
                      .formatted(name(source), entries(source, lacking))));
    }
    return findings.isEmpty()
        ? List.of(
            Finding.ok(NAME, "Publication " + source.config().publication() + " holds all tables."))
        : findings;
  }

  /** A partition whose changes arrive as those of a table above it. */
  private static Finding underAnotherName(
      Source source, PublishedTable table, List<PublishedTable> captured) throws SQLException {
    TableName root = table.heldAbove().get(0);
    Finding finding =
        Finding.error(
            NAME,
            Failure.CONFIGURATION,
            "Changes of %s arrive as changes of %s, of which it is a partition."
                .formatted(table.table(), root),
            "Capture %s (--tables), or let publication %s send the partition under its own name."
                .formatted(root, source.config().publication()));
    if (!table.partitioned() && captured.stream().noneMatch(PublishedTable::partitioned)) {
      return finding.withSql(
          "ALTER PUBLICATION " + name(source) + " SET (publish_via_partition_root = false);");
    }
    if (table.publication().allTables() || table.publication().schemas()) {
      return finding.withCommand("./gkp_cli doctor --publication another_publication");
    }
    return finding.withSql(
        "BEGIN; ALTER PUBLICATION %s DROP TABLE %s%s; COMMIT;"
            .formatted(
                name(source),
                Source.quoted(table.heldAbove()),
                table.held()
                    ? ""
                    : "; ALTER PUBLICATION " + name(source) + " ADD TABLE " + table.entry(source)));
  }

  private static String name(Source source) {
    return TableName.quote(source.config().publication());
  }

  private static String names(List<PublishedTable> tables) {
    return Source.names(tables.stream().map(PublishedTable::table).toList());
  }

  private static String entries(Source source, List<PublishedTable> tables) throws SQLException {
    List<String> entries = new ArrayList<>();
    for (PublishedTable table : tables) {
      entries.add(table.entry(source));
    }
    return String.join(", ", entries);
  }

  /** What the other checks say while there is nothing to look at. */
  private static List<Finding> none(String name) {
    return List.of(Finding.ok(name, "There is no publication yet."));
  }

  /** Captured tables whose changes do not arrive under their names, in configured order. */
  public static List<TableName> absent(Source source) throws SQLException {
    Set<TableName> arriving = new HashSet<>();
    for (PublishedTable table : source.tables()) {
      if (table.arrives()) {
        arriving.add(table.table());
      }
    }
    return source.config().tables().stream().filter(table -> !arriving.contains(table)).toList();
  }

  public static List<Finding> operations(Source source) throws SQLException {
    String name = "publication-operations";
    if (!source.hasPublication()) {
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
                "Publication %s does not send: %s."
                    .formatted(source.config().publication(), missing.get(0)),
                "These changes would be missing for ever.")
            .withSql(
                "ALTER PUBLICATION "
                    + name(source)
                    + " SET (publish = 'insert, update, delete, truncate');"));
  }

  /**
   * What a column list leaves out never leaves the database: neither stream nor snapshot has it.
   * Columns that the configuration leaves out, too, are known to be.
   */
  public static List<Finding> columns(Source source) throws SQLException {
    String name = "published-columns";
    if (source.version() < FILTERS_SINCE) {
      return List.of(Finding.ok(name, "This version publishes all columns."));
    }
    if (!source.hasPublication()) {
      return none(name);
    }
    List<Finding> findings = new ArrayList<>();
    for (PublishedTable table : source.tables()) {
      List<String> unsent = new ArrayList<>(table.columns().unsent());
      unsent.removeAll(source.config().protection().excludedOf(table.table()));
      if (!unsent.isEmpty()) {
        findings.add(
            Finding.warning(
                name,
                "The publication leaves out %s of %s."
                    .formatted(String.join(", ", unsent), table.table()),
                "Where that is meant, name them in --exclude-columns; otherwise add them to the list."));
      }
    }
    return findings.isEmpty() ? List.of(Finding.ok(name, "All columns are published.")) : findings;
  }

  /** Snapshots read whole rows of the whole table; a filter would make the stream disagree. */
  public static List<Finding> filters(Source source) throws SQLException {
    String name = "publication-filters";
    if (source.version() < FILTERS_SINCE) {
      return List.of(Finding.ok(name, "This version has no filters in publications."));
    }
    if (!source.hasPublication()) {
      return none(name);
    }
    List<Finding> findings = new ArrayList<>();
    for (PublishedTable table : source.tables()) {
      if (table.columns().filtered() != null) {
        findings.add(
            Finding.warning(
                    name,
                    "Publication %s sends only some rows of %s."
                        .formatted(source.config().publication(), table.table()),
                    "A row that leaves the filter arrives as a delete, and changes outside of it never"
                        + " come. Publish the table without it; the next run reads it anew then.")
                .withSql(
                    table.entryAnew(
                        source, table.columns().listed() ? table.columns().sent() : null)));
      }
    }
    return findings.isEmpty() ? List.of(Finding.ok(name, "No row filters.")) : findings;
  }
}
