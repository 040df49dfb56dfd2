package io.gkp.connector.changelog;

import static java.util.Objects.requireNonNull;

import io.gkp.connector.composition.RowSearch;
import io.gkp.connector.mapping.row.ChangeOp;
import io.gkp.connector.source.EndedTransactions;
import io.gkp.connector.source.stream.Change;
import io.gkp.connector.source.table.SourceTable;
import io.gkp.name.TableName;
import io.gkp.offsets.Epoch;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The first rows that the stream brings of partitions which their transactions have created. Such a
 * transaction may truncate the partition as well: PostgreSQL then empties its file in place, which
 * leaves no trace in the catalogue, and sends nothing of it under the partition's root. But the
 * first row is gone then.
 *
 * <ol>
 *   <li>A row that its own transaction inserts once more was truncated in between.
 *   <li>When the transaction ends, the row may be found as that transaction has written it. Nothing
 *       was truncated then.
 *   <li>Otherwise the next transaction that has to do with its key tells: an update or a delete
 *       finds the row, an insert does not.
 *   <li>Where none does before the fence, the row is there as it was then, or it was truncated. A
 *       later row may have its key again, so one that was written since says nothing.
 * </ol>
 *
 * <p>Outlives the stream, which may have to begin anew.
 *
 * @see <a href="https://www.postgresql.org/docs/current/sql-createpublication.html">PostgreSQL:
 *     publish_via_partition_root</a>
 */
public final class FirstRows {
  private final RowSearch source;
  private final Doubts doubts;
  private final Unsettled parts;
  private final Map<Long, FirstRow> waiting = new LinkedHashMap<>();

  /** Told of partitions of which it is not known yet. */
  public interface Unsettled {
    /** Returns when it is written down: the rows may be committed then. */
    void unsettled(TableName table, Epoch epoch, long partition);

    void settled(long partition);
  }

  /** The row, while it is not known what has become of it. */
  private static final class FirstRow {
    private final TableName table;
    private final Epoch epoch;
    private final long partition;
    private final long transaction;
    private final Map<String, String> key;

    /** Its own transaction has deleted it. */
    private boolean isDeleted;

    private FirstRow(TableName table, Epoch epoch, long partition, Change change) {
      this.table = table;
      this.epoch = epoch;
      this.partition = partition;
      this.transaction = change.transactionId();
      this.key = key(change.layout(), change.rows().get(0));
    }
  }

  public FirstRows(RowSearch source, Doubts doubts, Unsettled parts) {
    this.source = source;
    this.doubts = doubts;
    this.parts = parts;
  }

  /**
   * @param change the first one in the partition
   */
  void came(TableName table, Epoch epoch, long partition, Change change) {
    waiting.put(partition, new FirstRow(table, epoch, partition, change));
  }

  /** Looks at a change behind the first one. */
  void see(Change change) {
    for (FirstRow first : List.copyOf(waiting.values())) {
      if (first.table.equals(change.table())) {
        change.rows().forEach(row -> see(first, change, row));
      }
    }
  }

  private void see(FirstRow first, Change change, Change.Row row) {
    ChangeOp operation = row.operation();
    if (operation == ChangeOp.TRUNCATE) {
      settle(first); // the whole table was
    } else if (waiting.containsKey(first.partition)
        && key(change.layout(), row).equals(first.key)) {
      if (operation == ChangeOp.CREATE && !first.isDeleted) {
        doubt(first);
      } else if (change.transactionId() == first.transaction) {
        first.isDeleted = operation == ChangeOp.DELETE;
      } else if (!first.isDeleted) {
        settle(first);
      }
    }
  }

  /** The transaction has ended. */
  void ended(long transaction) {
    for (FirstRow first : List.copyOf(waiting.values())) {
      if (first.transaction == transaction) {
        if (source.isAsWritten(first.table, first.partition, first.key, transaction)) {
          settle(first);
        } else {
          parts.unsettled(first.table, first.epoch, first.partition);
        }
      }
    }
  }

  /**
   * The stream has come to a fence.
   *
   * @param before had ended before it was set: it has brought all that they wrote
   */
  public void fenced(EndedTransactions before) {
    for (FirstRow first : List.copyOf(waiting.values())) {
      if (source.isThere(first.table, first.partition, first.key, before)) {
        settle(first);
      } else {
        doubt(first);
      }
    }
  }

  private void settle(FirstRow first) {
    waiting.remove(first.partition);
    parts.settled(first.partition);
  }

  private void doubt(FirstRow first) {
    doubts.doubt(
        first.table,
        first.epoch,
        "The transaction that created one of its partitions seems to have truncated it, too.");
    settle(first);
  }

  private static Map<String, String> key(SourceTable layout, Change.Row row) {
    Map<String, String> key = new HashMap<>();
    for (int i = 0; i < row.values().size(); i++) {
      if (layout.columns().get(i).isKey()) {
        key.put(layout.columns().get(i).name(), requireNonNull(row.values().text(i)));
      }
    }
    return key;
  }
}
