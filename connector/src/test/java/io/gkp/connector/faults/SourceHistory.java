package io.gkp.connector.faults;

import io.gkp.connector.faults.SourceLog.RowChange;
import io.gkp.name.Lsn;
import io.gkp.testing.TestPostgres;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A database's changes, table by table, as lines that can be compared. */
final class SourceHistory implements AutoCloseable {
  private final SourceLog log;
  private Lsn since = Lsn.NONE;

  /** Changes from now on. */
  SourceHistory(TestPostgres.Database database) {
    this.log = new SourceLog(database);
  }

  /** Leaves out what was committed before this position, as a slot created there would. */
  SourceHistory since(Lsn start) {
    since = start;
    return this;
  }

  /**
   * The changes of a table as {@code "<xid> <op> column=value ..."}, in commit order; deletes with
   * their replica identity only, a change of the key as a delete and a create.
   */
  List<String> changes(String table) {
    return log.transactions().stream()
        .filter(transaction -> transaction.end().isAfter(since))
        .flatMap(
            transaction ->
                transaction.changes().stream()
                    .filter(change -> change.table().equals(table))
                    .flatMap(change -> change.events().stream())
                    .map(change -> transaction.xid() + " " + text(change)))
        .toList();
  }

  /** The changes of all tables, transaction by transaction in commit order, without their ids. */
  List<String> transactions() {
    return log.transactions().stream()
        .map(SourceLog.Transaction::changes)
        .filter(changes -> !changes.isEmpty())
        .map(
            changes ->
                changes.stream()
                    .map(change -> change.table() + " " + change.op() + text(change))
                    .collect(Collectors.joining("; ")))
        .toList();
  }

  private static String text(RowChange change) {
    return change.op().letter()
        + text(change.op() == RowChange.Op.DELETE ? change.identity() : change.row());
  }

  private static String text(Map<String, String> values) {
    StringBuilder text = new StringBuilder();
    values.forEach(
        (name, value) -> {
          if (value != null) {
            text.append(' ').append(name).append('=').append(value);
          }
        });
    return text.toString();
  }

  @Override
  public void close() {
    log.close();
  }
}
