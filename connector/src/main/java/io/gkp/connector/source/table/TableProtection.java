package io.gkp.connector.source.table;

import java.util.Set;
import java.util.TreeSet;

/**
 * The columns of one table that are not exported as they are.
 *
 * @param excluded names of columns whose values are not exported
 * @param hashed names of columns whose values are hashed
 * @param hash null where nothing is hashed
 */
public record TableProtection(Set<String> excluded, Set<String> hashed, ColumnHash hash) {
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

  ColumnProtection of(String column) {
    if (excluded.contains(column)) {
      return ColumnProtection.EXCLUDED;
    }
    return hashed.contains(column) ? ColumnProtection.hashed(hash) : ColumnProtection.NONE;
  }
}
