package io.gkp.connector.mapping.schema;

import io.gkp.raw.CdcColumn;
import io.gkp.raw.Identifiers;
import io.gkp.raw.StableHash;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Names a table's columns in BigQuery: unchanged where BigQuery allows the name, otherwise with its
 * odd characters replaced and a short hash of the original behind it. The same names always give
 * the same result, and a column that is added behind the others changes none of them.
 *
 * @see <a href="https://cloud.google.com/bigquery/docs/schemas#column_names">BigQuery: column
 *     names</a>
 */
public final class ColumnNames {
  private static final int MAX_LENGTH = 300;
  private static final int HASH_DIGITS = 8;

  /** Compared without case. The last is for our own columns, the rest BigQuery's. */
  private static final List<String> RESERVED =
      List.of(
          "_table_",
          "_file_",
          "_partition",
          "_row_timestamp",
          "__root__",
          "_colidentifier",
          "_change_",
          CdcColumn.PREFIX);

  private ColumnNames() {}

  /** The BigQuery names of the columns, in the same order, distinct when case is ignored. */
  public static List<String> of(List<String> columns) {
    return of(columns, Map.of());
  }

  /**
   * The same for a table that exists, where a column that has a field keeps it: of two whose names
   * differ by case alone, the other may have come, or gone, since.
   *
   * @param owners by {@link #fold folded} name of a field, the column whose values it holds
   */
  static List<String> of(List<String> columns, Map<String, String> owners) {
    Set<String> taken = new HashSet<>();
    String[] names = new String[columns.size()];
    for (int i = 0; i < names.length; i++) {
      String column = columns.get(i);
      for (String name : List.of(replacement(column, HASH_DIGITS), column)) {
        if (names[i] == null && column.equals(owners.get(fold(name))) && taken.add(fold(name))) {
          names[i] = name;
        }
      }
    }
    for (int i = 0; i < names.length; i++) {
      String column = columns.get(i);
      if (names[i] == null && isAllowed(column) && taken.add(fold(column))) {
        names[i] = column;
      }
    }
    for (int i = 0; i < names.length; i++) {
      if (names[i] == null) {
        names[i] = renamed(columns.get(i), taken);
      }
    }
    return new ArrayList<>(List.of(names));
  }

  private static String renamed(String column, Set<String> taken) {
    String name = replacement(column, HASH_DIGITS);
    if (!taken.add(fold(name))) {
      name = replacement(column, 2 * HASH_DIGITS);
      taken.add(fold(name));
    }
    return name;
  }

  private static String replacement(String column, int hashDigits) {
    String safe = Identifiers.sanitize(column);
    if (isReserved(safe)) {
      safe = "c" + safe;
    }
    safe = safe.substring(0, Math.min(safe.length(), MAX_LENGTH / 2));
    return safe + "_" + StableHash.hex(column, hashDigits);
  }

  private static boolean isAllowed(String name) {
    return name.length() <= MAX_LENGTH && Identifiers.isPlain(name) && !isReserved(name);
  }

  private static boolean isReserved(String name) {
    String folded = fold(name);
    return RESERVED.stream().anyMatch(folded::startsWith);
  }

  static String fold(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
