package io.gkp.connector.source.table;

import static java.util.Objects.requireNonNull;

import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The columns of one table that are not exported as they are.
 *
 * @param excluded names of columns whose values are not exported
 * @param hashed names of columns whose values are hashed
 * @param hash null where nothing is hashed
 */
public record TableProtection(Set<String> excluded, Set<String> hashed, @Nullable ColumnHash hash) {
  public static final TableProtection NONE = new TableProtection(Set.of(), Set.of(), null);

  public TableProtection {
    excluded = Set.copyOf(excluded);
    hashed = Set.copyOf(hashed);
  }

  /** Every column that is named. */
  public Set<String> names() {
    Set<String> names = new TreeSet<>(excluded);
    names.addAll(hashed);
    return names;
  }

  public ColumnProtection of(String column) {
    if (excluded.contains(column)) {
      return ColumnProtection.EXCLUDED;
    }
    return hashed.contains(column)
        ? ColumnProtection.hashed(requireNonNull(hash))
        : ColumnProtection.NONE;
  }
}
