package io.gkp.connector.checks.source;

import static java.util.Objects.requireNonNull;

import io.gkp.connector.checks.Finding;
import io.gkp.connector.config.ProtectionConfig;
import io.gkp.connector.config.Suggestion;
import io.gkp.connector.source.table.ColumnHash;
import io.gkp.connector.source.table.SourceColumn;
import io.gkp.connector.source.table.SourceTable;
import io.gkp.failure.Failure;
import io.gkp.name.ColumnName;
import io.gkp.name.TableName;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Checks of the columns that are excluded or hashed. */
public final class ProtectionChecks {
  private static final String COLUMNS = "protected-columns";

  /** Of what becomes of columns that were added later. */
  public static final String NEW_COLUMNS = "new-columns";

  private ProtectionChecks() {}

  private record Column(String name, boolean key) {}

  private static List<Column> columns(Source source, TableName table) throws SQLException {
    return source.rows(
        "SELECT a.attname, COALESCE(a.attnum = ANY (k.indkey), false) AS is_key"
            + " FROM pg_catalog.pg_class c"
            + " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
            + " JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0"
            + "   AND NOT a.attisdropped"
            + " LEFT JOIN pg_catalog.pg_index k ON k.indrelid = c.oid AND k.indisvalid"
            + "   AND CASE WHEN c.relreplident = 'i' THEN k.indisreplident ELSE k.indisprimary END"
            + " WHERE n.nspname = ? AND c.relname = ? ORDER BY a.attnum",
        row -> new Column(row.getString(1), row.getBoolean(2)),
        table.schema(),
        table.table());
  }

  /** They exist, and none that is left out is part of a key. */
  public static List<Finding> exist(Source source) throws SQLException {
    ProtectionConfig protection = source.config().protection();
    List<Finding> problems = new ArrayList<>();
    for (TableName table : source.config().tables()) {
      if (protection.excludedOf(table).isEmpty() && protection.hashedOf(table).isEmpty()) {
        continue;
      }
      List<Column> columns = columns(source, table);
      if (columns.isEmpty()) {
        continue; // a check of its own
      }
      Set<String> missing = new TreeSet<>(protection.excludedOf(table));
      missing.addAll(protection.hashedOf(table));
      missing.removeAll(columns.stream().map(Column::name).toList());
      if (!missing.isEmpty()) {
        problems.add(missing(table, missing, columns.stream().map(Column::name).toList()));
      }
      List<String> key =
          columns.stream()
              .filter(Column::key)
              .map(Column::name)
              .filter(protection.excludedOf(table)::contains)
              .toList();
      if (!key.isEmpty()) {
        problems.add(
            Finding.error(
                COLUMNS,
                Failure.CONFIGURATION,
                "--exclude-columns names "
                    + names(table, key)
                    + ", which is part of the table's key.",
                "Rows could not be told apart. Hash it instead (--hash-columns)."));
      }
    }
    return problems.isEmpty() ? List.of(Finding.ok(COLUMNS, describe(protection))) : problems;
  }

  /** What is said of protected columns that a table does not have. */
  public static Finding missing(
      TableName table, Collection<String> missing, Collection<String> present) {
    return Finding.error(
        COLUMNS,
        Failure.CONFIGURATION,
        "--exclude-columns or --hash-columns name "
            + names(table, missing)
            + ", which does not exist.",
        missing.stream()
            .flatMap(column -> Suggestion.among(present, column).stream())
            .map(suggestion -> "Did you mean " + suggestion + "?")
            .findFirst()
            .orElse(
                "Correct it: nothing is exported of a table as long as it is unclear which of its"
                    + " columns to protect."));
  }

  /** Columns that are left out because they are new, of each table that has some. */
  public static List<Finding> leftOut(Map<TableName, SourceTable> tables) {
    List<Finding> findings = new ArrayList<>();
    tables.forEach(
        (table, layout) -> {
          List<String> columns =
              layout.columns().stream()
                  .filter(column -> column.protection().isExcludedAsNew())
                  .map(SourceColumn::name)
                  .toList();
          if (!columns.isEmpty()) {
            findings.add(
                Finding.warning(
                        NEW_COLUMNS,
                        "Columns that are newer than the export of %s are left out: %s."
                            .formatted(table, names(table, columns)),
                        "Name them in --exclude-columns to keep them out for good, or in"
                            + " --hash-columns. To read the table anew as configured then, or to"
                            + " export them all (the next run by hand, with --new-columns export):")
                    .withCommand(
                        "./gkp_cli offsets reset --table "
                            + table
                            + " --yes --reason 'new columns'"));
          }
        });
    return findings;
  }

  private static String names(TableName table, Collection<String> columns) {
    return columns.stream()
        .map(column -> new ColumnName(table, column).toString())
        .collect(Collectors.joining(", "));
  }

  private static String describe(ProtectionConfig protection) {
    if (protection.excluded().isEmpty() && protection.hashed().isEmpty()) {
      return "No column is excluded or hashed by the configuration.";
    }
    List<String> parts = new ArrayList<>();
    if (!protection.excluded().isEmpty()) {
      parts.add("Excluded: " + sorted(protection.excluded()) + ".");
    }
    if (!protection.hashed().isEmpty()) {
      parts.add(
          "Hashed ("
              + new ColumnHash(requireNonNull(protection.salt()).bytes())
              + "): "
              + sorted(protection.hashed())
              + ".");
    }
    return String.join(" ", parts);
  }

  private static String sorted(Set<ColumnName> columns) {
    return columns.stream().map(ColumnName::toString).sorted().collect(Collectors.joining(", "));
  }

  /** Best is what the server does not send in the first place. */
  public static List<Finding> sent(Source source) throws SQLException {
    String name = "excluded-columns-sent";
    List<Finding> findings = new ArrayList<>();
    for (PublishedTable table : source.tables()) {
      Set<String> sent = new TreeSet<>(source.config().protection().excludedOf(table.table()));
      sent.retainAll(table.columns().sent());
      if (sent.isEmpty() || !table.arrives()) {
        continue;
      }
      String obstacle = table.obstacle(source, sent);
      Finding finding =
          Finding.warning(
              name,
              "Postgres sends " + names(table.table(), sent) + " to the export, which drops it.",
              obstacle == null
                  ? "A column list in the publication keeps it inside the database. The next run"
                      + " reads the table anew then, and new columns of it must be added to the"
                      + " list."
                  : "A column list in the publication would keep it inside the database, but "
                      + obstacle
                      + ".");
      findings.add(
          obstacle == null
              ? finding.withSql(table.entryAnew(source, table.sentWithout(sent)))
              : finding);
    }
    return findings.isEmpty()
        ? List.of(Finding.ok(name, "Postgres sends no excluded column."))
        : findings;
  }
}
