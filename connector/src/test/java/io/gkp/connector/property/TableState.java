package io.gkp.connector.property;

import io.gkp.connector.faults.SourceLog.RowChange;
import io.gkp.connector.faults.SourceLog.Transaction;
import io.gkp.name.Lsn;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a table holds, made of its changes. */
final class TableState {
  private final SourceTable table;
  private final List<Row> rows = new ArrayList<>();

  private TableState(SourceTable table) {
    this.table = table;
  }

  /** After all transactions up to a position. */
  static TableState at(SourceTable table, List<Transaction> transactions, Lsn position) {
    TableState state = new TableState(table);
    transactions.stream()
        .filter(transaction -> !transaction.end().isAfter(position))
        .forEach(state::apply);
    return state;
  }

  /** At a position and after each transaction since. */
  static List<TableState> since(SourceTable table, List<Transaction> transactions, Lsn position) {
    List<TableState> states = new ArrayList<>();
    TableState state = at(table, transactions, position);
    states.add(state.copy());
    for (Transaction transaction : transactions) {
      if (transaction.end().isAfter(position) && state.apply(transaction)) {
        states.add(state.copy());
      }
    }
    return states;
  }

  List<String> texts() {
    return rows.stream().map(Row::toString).sorted().toList();
  }

  Map<String, Row> byKey() {
    Map<String, Row> byKey = new TreeMap<>();
    rows.forEach(row -> byKey.put(row.key(table), row));
    return byKey;
  }

  private TableState copy() {
    TableState copy = new TableState(table);
    copy.rows.addAll(rows);
    return copy;
  }

  private boolean apply(Transaction transaction) {
    boolean concerned = false;
    for (RowChange change : transaction.changes()) {
      if (change.table().equals(table.table())) {
        apply(change);
        concerned = true;
      }
    }
    return concerned;
  }

  private void apply(RowChange change) {
    switch (change.op()) {
      case TRUNCATE -> rows.clear();
      case INSERT -> rows.add(Row.of(table, change));
      case DELETE -> take(change);
      case UPDATE, MOVE -> rows.add(Row.of(table, change).filledFrom(take(change)));
      default -> throw new IllegalStateException(change.op().name());
    }
  }

  /** The row that a change ends. */
  private Row take(RowChange change) {
    Row old = Row.ofPostgres(table, change.identity().isEmpty() ? change.row() : change.identity());
    for (int i = 0; i < rows.size(); i++) {
      if (table.isKeyed()
          ? rows.get(i).key(table).equals(old.key(table))
          : rows.get(i).equals(old)) {
        return rows.remove(i);
      }
    }
    throw new IllegalStateException("the log changes a row that it never told of: " + change);
  }
}
