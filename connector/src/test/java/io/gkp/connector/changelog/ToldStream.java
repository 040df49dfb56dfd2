package io.gkp.connector.changelog;

import io.gkp.connector.mapping.row.ChangeOp;
import io.gkp.connector.source.stream.Change;
import io.gkp.connector.source.stream.ChangeHandler;
import io.gkp.connector.source.table.PostgresType;
import io.gkp.connector.source.table.SourceColumn;
import io.gkp.connector.source.table.SourceTable;
import io.gkp.connector.wire.Tuple;
import io.gkp.name.Lsn;
import io.gkp.name.TableName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Transactions of one server's history, which every reader gets again from where it asks. */
final class ToldStream {
  private static final PostgresType TEXT =
      new PostgresType(25, "pg_catalog", "text", PostgresType.Kind.BASE, null, -1, ',');

  private final List<Transaction> transactions = new ArrayList<>();

  private record Transaction(Lsn end, List<Change> changes) {}

  static SourceTable layout(TableName table) {
    return new SourceTable(
        table.schema(),
        table.table(),
        List.of(new SourceColumn("id", TEXT, -1, true, 1, false), new SourceColumn("v", TEXT)));
  }

  /**
   * One more transaction.
   *
   * @param changes table, operation and key, such as {@code t c 1}
   */
  ToldStream transaction(long end, String... changes) {
    return transaction(end, end, changes);
  }

  /**
   * @param id its number, which is also the second of its commit
   */
  ToldStream transaction(long id, long end, String... changes) {
    long lsn = transactions.isEmpty() ? 100 : end().value();
    List<Change> told = new ArrayList<>();
    for (String change : changes) {
      String[] words = change.split(" ");
      TableName table = new TableName("public", words[0]);
      ChangeOp op =
          Stream.of(ChangeOp.values())
              .filter(value -> value.code().equals(words[1]))
              .findFirst()
              .orElseThrow();
      told.add(
          new Change(
              table,
              layout(table),
              List.of(new Change.Row(op, Tuple.of(words[2], "value"))),
              ++lsn,
              id,
              Instant.ofEpochSecond(id)));
    }
    transactions.add(new Transaction(new Lsn(end), told));
    return this;
  }

  /** Where the last transaction ends. */
  Lsn end() {
    return transactions.get(transactions.size() - 1).end();
  }

  /** What raw holds of a table in the end, and no more: operation, key and position. */
  List<String> changesOf(String table) {
    return transactions.stream()
        .flatMap(transaction -> transaction.changes().stream())
        .filter(change -> change.table().table().equals(table))
        .map(
            change ->
                change.rows().get(0).operation().code()
                    + " "
                    + change.rows().get(0).values().text(0)
                    + " "
                    + change.lsn())
        .toList();
  }

  /** What happens between a batch's last change and the next change. */
  interface Pause {
    void take() throws InterruptedException;
  }

  /** Tells all that the server sends from there on. */
  void tell(Lsn from, ChangeHandler handler, Pause afterBatches) throws InterruptedException {
    for (Transaction transaction : transactions) {
      if (transaction.end().isAfter(from)) {
        for (Change change : transaction.changes()) {
          handler.change(change);
        }
        if (handler.transactionEnd(transaction.end())) {
          afterBatches.take();
        }
      }
    }
  }
}
