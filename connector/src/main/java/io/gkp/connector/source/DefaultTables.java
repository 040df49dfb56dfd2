package io.gkp.connector.source;

import io.gkp.connector.checks.Finding;
import io.gkp.connector.config.ExportConfig;
import io.gkp.connector.config.SourceConfig;
import io.gkp.failure.ExportException;
import io.gkp.failure.Failure;
import io.gkp.name.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The platform's tables, where nobody has named any: those that exist are captured. A deployment of
 * the platform has two of them, and the third where it follows this project's proposal.
 */
public final class DefaultTables {
  private DefaultTables() {}

  /** The configuration with the tables that the database has; as it is where it has none. */
  public static ExportConfig existing(Connection connection, ExportConfig config)
      throws SQLException {
    if (!config.defaultTables()) {
      return config;
    }
    List<TableName> existing = new ArrayList<>();
    for (TableName table : config.source().tables()) {
      if (RelationQuestion.holds(connection, table, "true")) {
        existing.add(table);
      }
    }
    return existing.isEmpty()
        ? config
        : config.withSource(config.source().withTables(List.copyOf(existing)));
  }

  /** The configuration with the tables that every deployment of the platform has. */
  public static ExportConfig certain(ExportConfig config) {
    return config.defaultTables()
        ? config.withSource(config.source().withTables(SourceConfig.PLATFORM_TABLES))
        : config;
  }

  /**
   * What is left out, for people.
   *
   * @param existing see {@link #existing}
   */
  public static Optional<Finding> leftOut(ExportConfig existing) {
    List<TableName> missing = missing(existing);
    return missing.isEmpty()
        ? Optional.empty()
        : Optional.of(
            Finding.warning(
                "default-tables",
                "Not in database %s, and left out: table %s."
                    .formatted(existing.source().database(), names(missing)),
                "The models have no rows of it. It is captured as soon as it exists; query_logs is"
                    + " this project's proposal (sql/raw/raw_query_logs/table.sql). Name the tables"
                    + " to capture with --tables, and nothing is said of others."));
  }

  /**
   * Refuses to leave out a table that earlier runs have captured: it was renamed or dropped.
   *
   * @param captured tables that the ledger knows, by their display names
   */
  public static void requireUncaptured(ExportConfig existing, Collection<String> captured) {
    List<TableName> lost =
        missing(existing).stream().filter(table -> captured.contains(table.display())).toList();
    if (!lost.isEmpty()) {
      throw new ExportException(
          Failure.TABLE_MISSING,
          "Not in database %s any more: table %s, which earlier runs have captured."
              .formatted(existing.source().database(), names(lost)),
          "Where it was renamed, give it its name back: what was changed meanwhile is exported then."
              + " Where it is gone for good, name the other tables with --tables.");
    }
  }

  private static List<TableName> missing(ExportConfig existing) {
    List<TableName> tables = existing.source().tables();
    return existing.defaultTables()
        ? SourceConfig.DEFAULT_TABLES.stream().filter(table -> !tables.contains(table)).toList()
        : List.of();
  }

  private static String names(List<TableName> tables) {
    return tables.stream().map(TableName::display).collect(Collectors.joining(", "));
  }
}
