package io.gkp.connector.changelog;

import static java.util.Objects.requireNonNull;

import io.gkp.connector.changelog.StreamBatcher.EpochTable;
import io.gkp.connector.config.BatchLimits;
import io.gkp.connector.mapping.row.ChangeOp;
import io.gkp.connector.source.stream.Change;
import io.gkp.connector.source.stream.ChangeHandler;
import io.gkp.name.Lsn;
import io.gkp.name.TableName;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Holds the changes of tables whose key is DEFERRABLE until their transaction ends, since only then
 * it is known which row a key is: {@link KeyLives} decides. All of them are passed on, in their
 * order, so that counting them names them; some then make no row.
 *
 * <p>What is held is bounded. Of a larger transaction the changes are passed on as they come, and
 * the table is read anew.
 *
 * @see <a href="https://www.postgresql.org/docs/current/sql-set-constraints.html">PostgreSQL: when
 *     constraints are checked</a>
 */
public final class MovingKeys implements ChangeHandler {
  private final ChangeHandler next;
  private final Map<TableName, EpochTable> tables;
  private final Doubts doubts;
  private final long maxHeldBytes;
  private final Map<TableName, KeyLives> held = new LinkedHashMap<>();
  private final Set<TableName> tooLarge = new HashSet<>();
  private long heldBytes;

  public MovingKeys(ChangeHandler next, Map<TableName, EpochTable> tables, Doubts doubts) {
    this(next, tables, doubts, BatchLimits.HELD_BYTES);
  }

  MovingKeys(
      ChangeHandler next, Map<TableName, EpochTable> tables, Doubts doubts, long maxHeldBytes) {
    this.next = next;
    this.tables = tables;
    this.doubts = doubts;
    this.maxHeldBytes = maxHeldBytes;
  }

  @Override
  public void change(Change change) throws InterruptedException {
    TableName table = change.table();
    if (!change.layout().keysMayMove()
        || !tables.containsKey(table)
        || tooLarge.contains(table)
        || change.rows().get(0).operation() == ChangeOp.TRUNCATE) {
      release(table); // a truncate ends every row, in whichever state
      next.change(change.asItCame());
      return;
    }
    KeyLives lives = held.computeIfAbsent(table, name -> new KeyLives(change.layout()));
    if (!lives.fit(change.layout())) {
      doubt(table, "It was altered in a transaction that changed rows of it.");
      release(table);
      lives = new KeyLives(change.layout());
      held.put(table, lives);
    }
    heldBytes += lives.add(change);
    if (heldBytes > maxHeldBytes) {
      for (TableName large : Set.copyOf(held.keySet())) {
        doubt(large, "One transaction changed more of its rows than can be held.");
        tooLarge.add(large);
        release(large);
      }
    }
  }

  /** As they came. */
  private void release(TableName table) throws InterruptedException {
    KeyLives lives = held.remove(table);
    if (lives != null) {
      heldBytes -= lives.bytes();
      for (Change change : lives.undecided()) {
        next.change(change);
      }
    }
  }

  private void doubt(TableName table, String why) {
    doubts.doubt(
        table,
        requireNonNull(tables.get(table)).epoch(),
        why + " Its key is DEFERRABLE, so that the last change of a key need not be its last.");
  }

  @Override
  public boolean transactionEnd(Lsn end) throws InterruptedException {
    for (Map.Entry<TableName, KeyLives> entry : held.entrySet()) {
      if (!entry.getValue().areDecided()) {
        doubt(entry.getKey(), "A transaction left more than one row of a key.");
      }
      for (Change change : entry.getValue().decided()) {
        next.change(change);
      }
    }
    held.clear();
    tooLarge.clear();
    heldBytes = 0;
    return next.transactionEnd(end);
  }

  @Override
  public boolean fence(Lsn position) throws InterruptedException {
    return next.fence(position);
  }

  @Override
  public Lsn durable() {
    return next.durable();
  }
}
