package io.gkp.connector.config;

import io.gkp.name.ColumnName;
import io.gkp.name.TableName;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Columns that are not exported as they are.
 *
 * @param excluded columns whose values are not exported
 * @param hashed columns whose values are replaced by a keyed hash
 * @param salt the key; null where nothing is hashed
 * @param newColumns what becomes of columns that are added later and named in neither
 */
public record ProtectionConfig(
    Set<ColumnName> excluded,
    Set<ColumnName> hashed,
    @Nullable HashSalt salt,
    NewColumns newColumns) {
  public static final ProtectionConfig NONE =
      new ProtectionConfig(Set.of(), Set.of(), null, NewColumns.EXPORT);

  public ProtectionConfig {
    excluded = Set.copyOf(excluded);
    hashed = Set.copyOf(hashed);
    Set<ColumnName> both = new LinkedHashSet<>(excluded);
    both.retainAll(hashed);
    if (!both.isEmpty()) {
      throw new IllegalArgumentException(
          "--exclude-columns and --hash-columns both name "
              + both.stream().map(ColumnName::toString).sorted().collect(Collectors.joining(", "))
              + "; a column is either left out or hashed");
    }
    if (!hashed.isEmpty() && salt == null) {
      throw new IllegalArgumentException(
          "--hash-columns needs a salt: set "
              + Setting.HASH_SALT.variable()
              + ", or --hash-salt-file to a file that holds it; make one with: openssl rand -base64 32");
    }
  }

  /** The protection of some tables only. */
  ProtectionConfig of(List<TableName> tables) {
    return new ProtectionConfig(
        excluded.stream()
            .filter(column -> tables.contains(column.table()))
            .collect(Collectors.toSet()),
        hashed.stream()
            .filter(column -> tables.contains(column.table()))
            .collect(Collectors.toSet()),
        salt,
        newColumns);
  }

  /** Excluded columns of a table, sorted. */
  public Set<String> excludedOf(TableName table) {
    return of(table, excluded);
  }

  /** Hashed columns of a table, sorted. */
  public Set<String> hashedOf(TableName table) {
    return of(table, hashed);
  }

  private static Set<String> of(TableName table, Set<ColumnName> columns) {
    return columns.stream()
        .filter(column -> column.table().equals(table))
        .map(ColumnName::column)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /**
   * @throws IllegalArgumentException naming the columns of tables that are not captured
   */
  void requireCaptured(Collection<TableName> captured) {
    List<String> tables = captured.stream().map(TableName::display).toList();
    String problems =
        Stream.concat(excluded.stream(), hashed.stream())
            .filter(column -> !captured.contains(column.table()))
            .sorted(java.util.Comparator.comparing(ColumnName::toString))
            .map(
                column ->
                    "%s: table %s of %s is not among --tables%s"
                        .formatted(
                            excluded.contains(column) ? "--exclude-columns" : "--hash-columns",
                            column.table(),
                            column,
                            Suggestion.among(tables, column.table().display())
                                .map(suggestion -> "; did you mean " + suggestion + "?")
                                .orElse("")))
            .collect(Collectors.joining("; "));
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(problems);
    }
  }
}
