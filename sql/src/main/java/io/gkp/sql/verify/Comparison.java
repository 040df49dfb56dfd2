package io.gkp.sql.verify;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What comparing one table has found.
 *
 * @param rows rows that were read from the source and compared
 * @param missing rows of the source that the warehouse does not have
 * @param extra rows of the warehouse that the source does not have
 * @param different rows that both have, with other values
 * @param duplicates rows of the changelog that stand in it more than once
 * @param columns how many rows differ in each column; without those that differ in none
 * @param keys the first keys that are missing, extra or different, in the order of their text
 * @param sinceBatch the newest batch with a change of a row that is extra, different, or among
 *     {@code keys}; null where nothing differs, or the changelog has nothing of it
 * @param view whether the view that analysts read was compared, and not the changelog alone
 * @param impossible why the table could not be compared; null where it was
 */
public record Comparison(
    long rows,
    long missing,
    long extra,
    long different,
    long duplicates,
    Map<String, Long> columns,
    List<Key> keys,
    @Nullable Long sinceBatch,
    boolean view,
    @Nullable String impossible) {
  /** The row of {@link #columns} for what is recorded of values that BigQuery cannot hold. */
  public static final String LOSSY = "_cdc_lossy";

  /**
   * A row that differs.
   *
   * @param key the key's fields and values as a JSON object
   * @param kind {@code missing}, {@code extra} or {@code different}
   * @param batch the newest batch with a change of it; null where the changelog has none
   * @param row {@code _cdc_row} of the warehouse's row, of the side table's where that is missing
   */
  public record Key(String key, String kind, @Nullable Long batch, @Nullable Long row) {
    Key in(@Nullable Long newest) {
      return new Key(key, kind, newest, row);
    }
  }

  static Comparison impossible(String why) {
    return new Comparison(0, 0, 0, 0, 0, Map.of(), List.of(), null, false, why);
  }

  /** Whether nothing was found. */
  public boolean isEqual() {
    return impossible == null && missing + extra + different + duplicates == 0;
  }
}
