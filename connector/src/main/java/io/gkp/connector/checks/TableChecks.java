package io.gkp.connector.checks;

import io.gkp.connector.config.TableName;
import io.gkp.failure.Failure;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** Checks of the captured tables. */
public final class TableChecks {
  private static final String TABLE =
      " FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
          + " WHERE n.nspname = ? AND c.relname = ? AND c.relkind IN ('r', 'p')";

  private TableChecks() {}

  private record State(
      boolean readable, boolean usable, boolean guarded, char identity, boolean key) {}

  private static State state(Source source, TableName table) throws SQLException {
    return source
        .rows(
            "SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid"
                + "   AND a.attnum > 0 AND NOT a.attisdropped AND a.attname <> ALL (?::text[])"
                + "   AND NOT has_column_privilege(c.oid, a.attnum, 'SELECT')),"
                + " has_schema_privilege(n.oid, 'USAGE'),"
                + " row_security_active(c.oid), c.relreplident,"
                + " EXISTS (SELECT FROM pg_catalog.pg_index i"
                + "   WHERE i.indrelid = c.oid AND i.indisprimary)"
                + TABLE,
            row ->
                new State(
                    row.getBoolean(1),
                    row.getBoolean(2),
                    row.getBoolean(3),
                    row.getString(4).charAt(0),
                    row.getBoolean(5)),
            array(source.config().protection().excludedOf(table)),
            table.schema(),
            table.table())
        .stream()
        .findFirst()
        .orElse(null);
  }

  /** As PostgreSQL writes an array. */
  private static String array(Collection<String> names) {
    return names.stream()
        .map(name -> '"' + name.replace("\\", "\\\\").replace("\"", "\\\"") + '"')
        .collect(Collectors.joining(",", "{", "}"));
  }

  public static List<Finding> exist(Source source) throws SQLException {
    String name = "tables-exist";
    List<TableName> missing = new ArrayList<>();
    for (TableName table : source.config().tables()) {
      if (state(source, table) == null) {
        missing.add(table);
      }
    }
    if (missing.isEmpty()) {
      return List.of(Finding.ok(name, "All " + source.config().tables().size() + " tables exist."));
    }
    return List.of(
        Finding.error(
            name,
            Failure.TABLE_MISSING,
            "Not in database "
                + source.config().database()
                + ": table "
                + Source.names(missing)
                + ".",
            "Correct --tables, or create the table. Where it was renamed, give it its name back: what was"
                + " changed meanwhile is exported then."));
  }

  public static List<Finding> readable(Source source) throws SQLException {
    String name = "tables-readable";
    List<TableName> unreadable = new ArrayList<>();
    List<String> sql = new ArrayList<>();
    for (TableName table : source.config().tables()) {
      State state = state(source, table);
      if (state == null || (state.readable() && state.usable())) {
        continue;
      }
      unreadable.add(table);
      if (!state.usable()) {
        String grant =
            "GRANT USAGE ON SCHEMA "
                + TableName.quote(table.schema())
                + " TO "
                + source.role()
                + ";";
        if (!sql.contains(grant)) {
          sql.add(grant);
        }
      }
    }
    if (unreadable.isEmpty()) {
      return List.of(
          Finding.ok(name, "Role " + source.config().user() + " may read the captured tables."));
    }
    sql.addAll(grants(source, unreadable));
    return List.of(
        Finding.error(
                name,
                Failure.SOURCE_PERMISSION,
                "User "
                    + source.config().user()
                    + " may not read "
                    + Source.names(unreadable)
                    + ".",
                "Snapshots need it.")
            .withSql(sql.toArray(String[]::new)));
  }

  /** Excluded columns need not be readable. */
  private static List<String> grants(Source source, List<TableName> tables) throws SQLException {
    List<String> grants = new ArrayList<>();
    List<TableName> whole = new ArrayList<>();
    for (TableName table : tables) {
      if (source.config().protection().excludedOf(table).isEmpty()) {
        whole.add(table);
      } else {
        grants.add(
            "GRANT SELECT ("
                + ProtectionChecks.exported(source, table).stream()
                    .map(TableName::quote)
                    .collect(Collectors.joining(", "))
                + ") ON "
                + table.quoted()
                + " TO "
                + source.role()
                + ";");
      }
    }
    if (!whole.isEmpty()) {
      grants.add("GRANT SELECT ON " + Source.quoted(whole) + " TO " + source.role() + ";");
    }
    return grants;
  }

  /** Snapshots refuse to read a part of a table; the stream sends all rows whatever the policy. */
  public static List<Finding> rowSecurity(Source source) throws SQLException {
    String name = "row-security";
    List<TableName> guarded = new ArrayList<>();
    for (TableName table : source.config().tables()) {
      State state = state(source, table);
      if (state != null && state.guarded()) {
        guarded.add(table);
      }
    }
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

  public static List<Finding> primaryKeys(Source source) throws SQLException {
    String name = "primary-keys";
    List<Finding> findings = new ArrayList<>();
    for (TableName table : source.config().tables()) {
      State state = state(source, table);
      if (state != null && !state.key()) {
        findings.add(
            Finding.warning(
                name,
                "Table " + table + " has no primary key.",
                "Its changelog is kept, but there is no latest state of it, and no backfill. Give it"
                    + " a primary key if its rows can change."));
      }
    }
    return findings.isEmpty()
        ? List.of(Finding.ok(name, "All captured tables have a primary key."))
        : findings;
  }

  /** Postgres itself refuses updates of a published table that has no identity. */
  public static List<Finding> replicaIdentity(Source source) throws SQLException {
    String name = "replica-identity";
    List<Finding> findings = new ArrayList<>();
    for (TableName table : source.config().tables()) {
      State state = state(source, table);
      if (state == null
          || state.identity() == 'f'
          || state.identity() == 'i'
          || (state.identity() == 'd' && state.key())) {
        continue;
      }
      findings.add(
          Finding.warning(
                  name,
                  "Table " + table + " has no replica identity.",
                  "Once it is published, Postgres refuses every UPDATE and DELETE on it: the"
                      + " application breaks. "
                      + (state.key()
                          ? "DEFAULT is the primary key."
                          : "FULL is right for tables without a key, and writes whole old rows to"
                              + " the WAL."))
              .withSql(
                  "ALTER TABLE "
                      + table.quoted()
                      + " REPLICA IDENTITY "
                      + (state.key() ? "DEFAULT;" : "FULL;")));
    }
    return findings.isEmpty()
        ? List.of(Finding.ok(name, "All captured tables have a replica identity."))
        : findings;
  }
}
