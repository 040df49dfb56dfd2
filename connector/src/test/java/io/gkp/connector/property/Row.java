package io.gkp.connector.property;

import io.gkp.connector.faults.SourceLog.RowChange;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A row's values by column, NULLs left out, in a form that is the same for source and destination.
 *
 * @param unavailable columns that the source did not send
 */
record Row(TreeMap<String, String> values, TreeSet<String> unavailable) {
  Row {
    values = new TreeMap<>(values);
    unavailable = new TreeSet<>(unavailable);
  }

  static Row of(Map<String, String> values) {
    return new Row(new TreeMap<>(values), new TreeSet<>());
  }

  /** What a change says of the new row; of the old one for a delete. */
  static Row of(SourceTable table, RowChange change) {
    Map<String, String> texts =
        change.op() == RowChange.Op.DELETE ? change.identity() : change.row();
    return new Row(ofPostgres(table, texts).values(), new TreeSet<>(change.unchanged()));
  }

  /** Of Postgres' own texts. */
  static Row ofPostgres(SourceTable table, Map<String, String> texts) {
    TreeMap<String, String> values = new TreeMap<>();
    texts.forEach(
        (column, text) -> {
          if (text != null) {
            values.put(column, SourceValue.ofPostgres(table.type(column), text));
          }
        });
    return of(values);
  }

  String key(SourceTable table) {
    return String.join("/", table.key().stream().map(values::get).toList());
  }

  /** Filled up from the row that was there before. */
  Row filledFrom(Row before) {
    Row filled = of(values);
    for (String column : unavailable) {
      if (before.values.containsKey(column)) {
        filled.values.put(column, before.values.get(column));
      }
    }
    return filled;
  }

  /** Only these columns. */
  Row only(Set<String> columns) {
    Row row = of(values);
    row.values.keySet().retainAll(columns);
    return row;
  }

  @Override
  public String toString() {
    return values + (unavailable.isEmpty() ? "" : " without " + List.copyOf(unavailable));
  }
}
