package io.gkp.connector.source;

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
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What the source's system catalogue says of captured tables; connects for each question. */
public final class Catalogue {
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
    try (Connection connection = database.connect()) {
      return table(connection, name);
    } catch (SQLException e) {
      throw SourceErrors.toFailure(database.config(), e);
    }
  }

  /** Several tables as they are now. */
  public Map<TableName, SourceTable> tables(Collection<TableName> names) {
    Map<TableName, SourceTable> found = new LinkedHashMap<>();
    try (Connection connection = database.connect()) {
      for (TableName name : names) {
        found.put(name, table(connection, name));
      }
      return found;
    } catch (SQLException e) {
      throw SourceErrors.toFailure(database.config(), e);
    }
  }

  /** The same, within a transaction of the caller's. */
  public SourceTable table(Connection connection, TableName name) throws SQLException {
    TableProtection protection = protections.getOrDefault(name, TableProtection.NONE);
    SourceTable table =
        tables.read(
            connection, database.config().publication(), name.schema(), name.table(), protection);
    if (table.columns().isEmpty()) {
      return table;
    }
    requireProtected(name, protection, table);
    return admission.decide(table);
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
   * Whether a relation is a partition somewhere below a table now.
   *
   * @param table OID of the table
   * @param partition OID of what may be dropped by now
   */
  public boolean isPart(long table, long partition) {
    String sql =
        "SELECT EXISTS (SELECT FROM pg_catalog.pg_class c WHERE c.oid = ?::oid"
            + " AND c.relispartition AND pg_catalog.pg_partition_root(c.oid)::oid = ?::oid)";
    try (Connection connection = database.connect();
        PreparedStatement query = connection.prepareStatement(sql)) {
      query.setLong(1, partition);
      query.setLong(2, table);
      try (ResultSet row = query.executeQuery()) {
        row.next();
        return row.getBoolean(1);
      }
    } catch (SQLException e) {
      throw SourceErrors.toFailure(database.config(), e);
    }
  }

  /** The table as the stream has announced it. */
  public SourceTable layout(TableName name, RelationMessage announced) {
    try (Connection connection = database.connect()) {
      return AnnouncedTable.of(announced, table(connection, name), admission, types, connection);
    } catch (SQLException e) {
      throw SourceErrors.toFailure(database.config(), e);
    }
  }
}
