package io.gkp.connector.source;

import static java.util.Objects.requireNonNull;

import io.gkp.connector.checks.source.ProtectionChecks;
import io.gkp.connector.config.ProtectionConfig;
import io.gkp.connector.config.SourceConfig;
import io.gkp.connector.mapping.schema.ColumnAdmission;
import io.gkp.connector.source.table.ColumnHash;
import io.gkp.connector.source.table.PostgresTypes;
import io.gkp.connector.source.table.SourceColumn;
import io.gkp.connector.source.table.SourceTable;
import io.gkp.connector.source.table.SourceTables;
import io.gkp.connector.source.table.TableProtection;
import io.gkp.connector.wire.RelationMessage;
import io.gkp.name.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What the source's system catalogue says of captured tables. */
public final class Catalogue {
  /**
   * From a partition up to a table. What was created as a partition has never been anything else:
   * the rows of its system columns are as old as it is, and nothing writes them anew.
   */
  private static final String ATTACHMENT =
      """
      WITH RECURSIVE path (child, parent, attached) AS (
        SELECT i.inhrelid, i.inhparent, i.xmin
        FROM pg_catalog.pg_inherits i
        WHERE i.inhrelid = ?::oid AND NOT i.inhdetachpending
        UNION ALL
        SELECT i.inhrelid, i.inhparent, i.xmin
        FROM path
        JOIN pg_catalog.pg_inherits i ON i.inhrelid = path.parent AND NOT i.inhdetachpending
        WHERE path.parent <> ?::oid
      ),
      attachments AS (
        SELECT
          path.*,
          age(path.attached) < age(?::xid) AND path.attached <> (
            SELECT a.xmin
            FROM pg_catalog.pg_attribute a
            WHERE a.attrelid = path.child AND a.attname = 'tableoid'
          ) AS is_another
        FROM path
      )
      SELECT
        (SELECT attached FROM path WHERE child = ?::oid)::text::bigint,
        bool_or(is_another)
      FROM attachments
      HAVING bool_or(parent = ?::oid)
      """;

  private static final String CREATED_SINCE =
      """
      SELECT age(a.xmin) <= age(?::xid)
      FROM pg_catalog.pg_attribute a
      WHERE a.attrelid = ?::oid AND a.attname = 'tableoid'
      """;

  private final SourceDatabase database;
  private final PostgresTypes types = new PostgresTypes();
  private final SourceTables tables = new SourceTables(types);
  private final Map<TableName, TableProtection> protections;
  private final ColumnAdmission admission;

  /** With all columns that are not protected by name, whenever they came. */
  public Catalogue(SourceDatabase database) {
    this(database, ColumnAdmission.OF_ALL);
  }

  /**
   * @param admission decides on columns that came later
   */
  public Catalogue(SourceDatabase database, ColumnAdmission admission) {
    this.database = database;
    this.admission = admission;
    this.protections = protections(database.config());
  }

  private static Map<TableName, TableProtection> protections(SourceConfig config) {
    ProtectionConfig protection = config.protection();
    ColumnHash hash = protection.salt() == null ? null : new ColumnHash(protection.salt().bytes());
    return config.tables().stream()
        .distinct()
        .collect(
            Collectors.toMap(
                Function.identity(),
                table ->
                    new TableProtection(
                        protection.excludedOf(table), protection.hashedOf(table), hash)));
  }

  /** The table as it is now, with the columns that the publication sends. */
  public SourceTable table(TableName name) {
    return database.ask(connection -> table(connection, name));
  }

  /** Several tables as they are now, by one connection. */
  public Map<TableName, SourceTable> tables(Collection<TableName> names) {
    return database.ask(connection -> tables(connection, names));
  }

  /** The same, by a connection of the caller's. */
  public Map<TableName, SourceTable> tables(Connection connection, Collection<TableName> names)
      throws SQLException {
    Map<TableName, TableProtection> protectedTables = new LinkedHashMap<>();
    names.forEach(
        name -> protectedTables.put(name, protections.getOrDefault(name, TableProtection.NONE)));
    Map<TableName, SourceTable> found =
        tables.read(connection, database.config().publication(), protectedTables);
    found.replaceAll(
        (name, table) -> {
          if (table.columns().isEmpty()) {
            return table;
          }
          requireProtected(name, requireNonNull(protectedTables.get(name)), table);
          return admission.decide(table);
        });
    return found;
  }

  /** The same, within a transaction of the caller's. */
  public SourceTable table(Connection connection, TableName name) throws SQLException {
    return requireNonNull(tables(connection, List.of(name)).get(name));
  }

  /** A column that was renamed while a run goes must not be exported under its new name. */
  private static void requireProtected(
      TableName name, TableProtection protection, SourceTable table) {
    Set<String> missing = new TreeSet<>(protection.names());
    table.columns().forEach(column -> missing.remove(column.name()));
    if (!missing.isEmpty()) {
      throw ProtectionChecks.missing(
              name, missing, table.columns().stream().map(SourceColumn::name).toList())
          .toFailure();
    }
  }

  /**
   * How a partition belongs to a table.
   *
   * @param version of its row in {@code pg_inherits}: another one when it is attached again
   * @param isAnother whether it, or one above it, was attached after it had held rows of the table
   */
  public record Attachment(long version, boolean isAnother) {}

  /**
   * How a relation is a partition somewhere below a table now; empty where it is none.
   *
   * @param table OID of the table
   * @param partition OID of what may be dropped by now
   * @param transaction which has written a row of the table there
   */
  public Optional<Attachment> attachment(long table, long partition, long transaction) {
    return database.ask(
        connection -> {
          try (PreparedStatement query = connection.prepareStatement(ATTACHMENT)) {
            query.setLong(1, partition);
            query.setLong(2, table);
            query.setString(3, Long.toString(transaction));
            query.setLong(4, partition);
            query.setLong(5, table);
            try (ResultSet row = query.executeQuery()) {
              return row.next()
                  ? Optional.of(new Attachment(row.getLong(1), row.getBoolean(2)))
                  : Optional.empty();
            }
          }
        });
  }

  /**
   * Whether a relation was created by a transaction, or by one that began later; false where it is
   * gone. Nothing writes the rows of its system columns anew.
   *
   * @param relation OID in {@code pg_class}
   */
  public boolean isCreatedSince(long transaction, long relation) {
    return database.ask(
        connection -> {
          try (PreparedStatement query = connection.prepareStatement(CREATED_SINCE)) {
            query.setString(1, Long.toString(transaction));
            query.setLong(2, relation);
            try (ResultSet row = query.executeQuery()) {
              return row.next() && row.getBoolean(1);
            }
          }
        });
  }

  /** The table as the stream has announced it. */
  public SourceTable layout(TableName name, RelationMessage announced) {
    return database.ask(
        connection ->
            AnnouncedTable.of(
                announced,
                table(connection, name),
                protections.getOrDefault(name, TableProtection.NONE),
                admission,
                types,
                connection));
  }
}
