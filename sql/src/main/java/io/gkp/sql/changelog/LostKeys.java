package io.gkp.sql.changelog;

import io.gkp.sql.render.Identifiers;
import io.gkp.sql.warehouse.RawTable;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Keys of which a part is NULL, because BigQuery cannot hold its value: {@code infinity}, a year
 * before Christ, bytes that are no text. The changelog keeps of each what Postgres prints, and by
 * that such rows are told apart.
 */
public final class LostKeys {
  /** Types that hold every value that Postgres has for a column of that type. */
  private static final Set<String> WHOLE = Set.of("INT64", "BOOL");

  private LostKeys() {}

  /** Whether a table's rows can have such a key. */
  static boolean mayBe(RawTable table) {
    return table.key().stream()
        .map(table::column)
        .anyMatch(column -> column.isEmpty() || !WHOLE.contains(column.get().type()));
  }

  /**
   * What tells such keys apart: JSON that has of each part {@code <reason>:<text>}, NULL for one
   * that is whole; empty for a row whose key is whole.
   *
   * @param alias with its dot, of the table that has the columns and {@code _cdc_lossy}
   */
  public static String expression(List<String> key, String alias) {
    return expression(key, alias, name -> true);
  }

  /**
   * The same of a table that may be older than the key.
   *
   * @param isThere whether the table has a column; one that it lacks is NULL in its rows
   */
  static String expression(List<String> key, String alias, Predicate<String> isThere) {
    return "IF(%s, TO_JSON_STRING(STRUCT(%s)), '')"
        .formatted(
            key.stream()
                .map(
                    name ->
                        isThere.test(name) ? alias + Identifiers.column(name) + " IS NULL" : "TRUE")
                .collect(Collectors.joining(" OR ")),
            key.stream().map(name -> lost(name, alias)).collect(Collectors.joining(", ")));
  }

  private static String lost(String name, String alias) {
    return "(SELECT MAX(CONCAT(lossy.reason, ':', lossy.text)) FROM UNNEST(%s_cdc_lossy) AS lossy WHERE lossy.column = %s) AS %s"
        .formatted(alias, Identifiers.literal(name), Identifiers.column(name));
  }
}
