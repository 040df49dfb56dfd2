package io.gkp.sql.warehouse;

import io.gkp.raw.CdcColumn;
import io.gkp.raw.RawNames;
import java.util.List;
import java.util.Optional;

/**
 * A raw changelog table.
 *
 * @param table the raw table's name without {@code raw_}; models are named after it
 * @param source the source table's name in the control tables
 * @param columns the source's columns, without the {@code _cdc_} ones
 * @param key names of the key columns; empty where the source has no primary key
 * @param keyedSince the epoch from which on rows are told apart by this key
 * @param prunedEpoch the newest epoch of which rows were deleted, since a state table has what came
 *     of them; 0 where there is none
 */
public record RawTable(
    String table,
    String source,
    List<RawColumn> columns,
    List<String> key,
    long keyedSince,
    long prunedEpoch) {
  /** Label of a raw table whose key has changed: the first epoch that has the present one. */
  public static final String KEYED_SINCE = "gkp_keyed_since";

  /** Label of a raw table of which rows were deleted: {@link #prunedEpoch}. */
  public static final String PRUNED_EPOCH = "gkp_pruned_epoch";

  public RawTable {
    columns = List.copyOf(columns);
    key = List.copyOf(key);
  }

  /** A table that has had one key all the time. */
  public RawTable(String table, String source, List<RawColumn> columns, List<String> key) {
    this(table, source, columns, key, 0, 0);
  }

  public String rawName() {
    return RawNames.PREFIX + table;
  }

  public String latestName() {
    return "latest_" + table;
  }

  public String historyName() {
    return "history_" + table;
  }

  public String stateName() {
    return "state_" + table;
  }

  /**
   * A column of our own in a view of the table's: another name where the source has a column of
   * this one.
   */
  public String ownColumn(String name) {
    return column(name).isEmpty() ? name : CdcColumn.PREFIX + name;
  }

  /** The same table, its rows told apart by other columns. */
  public RawTable withKey(List<String> other) {
    return new RawTable(table, source, columns, other);
  }

  public boolean hasKey() {
    return !key.isEmpty();
  }

  public Optional<RawColumn> column(String name) {
    return columns.stream().filter(c -> c.name().equalsIgnoreCase(name)).findFirst();
  }
}
