package io.gkp.connector.checks.source;

import io.gkp.connector.checks.Finding;
import io.gkp.failure.Failure;
import io.gkp.name.TableName;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Checks of the captured tables. */
public final class TableChecks {
  private TableChecks() {}

  /** They are there, are tables, and none is a partition of another. */
  public static List<Finding> exist(Source source) throws SQLException {
    String name = "tables-exist";
    List<Finding> problems = new ArrayList<>();
    for (Relation relation : Relation.read(source)) {
      relation.problem(name, source).ifPresent(problems::add);
    }
    for (PublishedTable table : source.tables()) {
      List<TableName> above = new ArrayList<>(table.above());
      above.retainAll(source.config().tables());
      if (!above.isEmpty()) {
        problems.add(
            Finding.error(
                name,
                Failure.CONFIGURATION,
                "--tables names %s and %s, of which it is a partition."
                    .formatted(table.table(), above.get(0)),
                "A change arrives under one name. Remove one of them from --tables."));
      }
    }
    return problems.isEmpty()
        ? List.of(Finding.ok(name, "All " + source.config().tables().size() + " tables exist."))
        : problems;
  }

  /** Columns that are excluded, or that the publication leaves out, need not be readable. */
  public static List<Finding> readable(Source source) throws SQLException {
    String name = "tables-readable";
    List<TableName> unreadable = new ArrayList<>();
    Set<String> sql = new LinkedHashSet<>();
    List<TableName> whole = new ArrayList<>();
    Map<TableName, Rights> rights = rights(source);
    for (PublishedTable table : source.tables()) {
      List<String> columns = wanted(source, table);
      Rights has = rights.getOrDefault(table.table(), Rights.ALL); // it is gone, for another check
      boolean usable = has.usable();
      if (usable && has.readable()) {
        continue;
      }
      unreadable.add(table.table());
      if (!usable) {
        sql.add(
            "GRANT USAGE ON SCHEMA %s TO %s;"
                .formatted(TableName.quote(table.table().schema()), source.role()));
      }
      if (!table.columns().listed() && columns.size() == table.columns().sent().size()) {
        whole.add(table.table());
      } else {
        sql.add(
            "GRANT SELECT (%s) ON %s TO %s;"
                .formatted(
                    columns.stream().map(TableName::quote).collect(Collectors.joining(", ")),
                    table.table().quoted(),
                    source.role()));
      }
    }
    if (unreadable.isEmpty()) {
      return List.of(
          Finding.ok(name, "Role " + source.config().user() + " may read the captured tables."));
    }
    if (!whole.isEmpty()) {
      sql.add("GRANT SELECT ON " + Source.quoted(whole) + " TO " + source.role() + ";");
    }
    return List.of(
        Finding.error(
                name,
                Failure.SOURCE_PERMISSION,
                "User %s may not read %s."
                    .formatted(source.config().user(), Source.names(unreadable)),
                "Snapshots need it.")
            .withSql(sql.toArray(String[]::new)));
  }

  private static List<String> wanted(Source source, PublishedTable table) {
    return table.sentWithout(source.config().protection().excludedOf(table.table()));
  }

  /**
   * What the role may do with a table.
   *
   * @param usable whether it may use the schema
   * @param readable whether it may read the columns that are wanted
   */
  private record Rights(boolean usable, boolean readable) {
    static final Rights ALL = new Rights(true, true);
  }

  private static Map<TableName, Rights> rights(Source source) throws SQLException {
    List<PublishedTable> tables = source.tables();
    Map<TableName, Rights> rights = new HashMap<>();
    source.rows(
        "SELECT named.nsp, named.rel, has_schema_privilege(n.oid, 'USAGE') AS usable,"
            + " NOT EXISTS (SELECT FROM unnest(named.columns::text[]) wanted"
            + "   WHERE NOT has_column_privilege(c.oid, wanted, 'SELECT')) AS readable"
            + " FROM unnest(?::text[], ?::text[], ?::text[]) AS named(nsp, rel, columns)"
            + " JOIN pg_catalog.pg_namespace n ON n.nspname = named.nsp"
            + " JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = named.rel",
        row ->
            rights.put(
                new TableName(row.getString("nsp"), row.getString("rel")),
                new Rights(row.getBoolean("usable"), row.getBoolean("readable"))),
        Source.array(tables.stream().map(table -> table.table().schema()).toList()),
        Source.array(tables.stream().map(table -> table.table().table()).toList()),
        Source.array(tables.stream().map(table -> Source.array(wanted(source, table))).toList()));
    return rights;
  }

  /** Snapshots refuse to read a part of a table; the stream sends all rows whatever the policy. */
  public static List<Finding> rowSecurity(Source source) throws SQLException {
    String name = "row-security";
    List<TableName> guarded = having(source, "row_security_active(c.oid)");
    if (guarded.isEmpty()) {
      return List.of(Finding.ok(name, "No row-level security hides rows from the export."));
    }
    return List.of(
        Finding.error(
                name,
                Failure.SOURCE_PERMISSION,
                "Row-level security hides rows of " + Source.names(guarded) + ".",
                "A snapshot would lack them while the stream brings them, so snapshots refuse.")
            .withSql("ALTER ROLE " + source.role() + " BYPASSRLS;"));
  }

  /** The key is the primary key, or that of the index that REPLICA IDENTITY names. */
  public static List<Finding> keys(Source source) throws SQLException {
    String name = "primary-keys";
    List<TableName> keyless =
        having(
            source,
            "NOT EXISTS (SELECT FROM pg_catalog.pg_index i"
                + " WHERE i.indrelid = c.oid AND i.indisvalid AND CASE WHEN c.relreplident = 'i'"
                + " THEN i.indisreplident ELSE i.indisprimary END)");
    return List.of(
        keyless.isEmpty()
            ? Finding.ok(name, "All captured tables have a primary key.")
            : Finding.warning(
                name,
                "Without a primary key: " + Source.names(keyless) + ".",
                "There is no latest state of it, and no backfill. Give it a primary key if its rows can"
                    + " change."));
  }

  private static List<TableName> having(Source source, String condition) throws SQLException {
    return source.rows(
        "SELECT n.nspname, c.relname"
            + " FROM unnest(?::text[], ?::text[]) WITH ORDINALITY AS named(nsp, rel, place)"
            + " JOIN pg_catalog.pg_namespace n ON n.nspname = named.nsp"
            + " JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = named.rel"
            + " WHERE c.relkind IN ('r', 'p') AND "
            + condition
            + " ORDER BY named.place",
        row -> new TableName(row.getString(1), row.getString(2)),
        source.tableArrays());
  }
}
