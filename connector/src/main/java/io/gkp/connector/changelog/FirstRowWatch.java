package io.gkp.connector.changelog;

import io.gkp.connector.changelog.StreamBatcher.EpochTable;
import io.gkp.connector.composition.Composition;
import io.gkp.connector.mapping.row.ChangeOp;
import io.gkp.connector.source.Catalogue;
import io.gkp.connector.source.stream.Change;
import io.gkp.connector.source.stream.ChangeHandler;
import io.gkp.name.TableName;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Sees the first row of each partition that a transaction creates and fills, and what becomes of
 * it. {@link FirstRows} decides what that means. Tables without a key have no latest rows, and no
 * row that could be found again.
 */
public final class FirstRowWatch extends Watch {
  private static final long NONE = 0;

  private final Map<TableName, EpochTable> tables;
  private final Catalogue catalogue;
  private final FirstRows rows;

  /** A partition that is truncated, or altered otherwise, is announced once more. */
  private final Set<Long> known = new HashSet<>();

  /** The partition that the next change lies in; {@link #NONE} where that is known already. */
  private long partition = NONE;

  private long transaction = NONE;

  public FirstRowWatch(
      ChangeHandler next, Map<TableName, EpochTable> tables, Catalogue catalogue, FirstRows rows) {
    super(next);
    this.tables = tables;
    this.catalogue = catalogue;
    this.rows = rows;
  }

  @Override
  void see(TableName table, long announced, long inTransaction) {
    EpochTable target = tables.get(table);
    boolean isNew =
        target != null
            && known.add(announced)
            && Composition.parse(target.epoch().composition())
                .filter(before -> !before.holds(announced))
                .isPresent()
            && catalogue.isCreatedSince(inTransaction, announced);
    partition = isNew ? announced : NONE;
  }

  @Override
  void see(Change change) {
    EpochTable target = tables.get(change.table());
    if (partition != NONE && target != null) {
      if (change.rows().get(0).operation() == ChangeOp.CREATE && change.layout().hasKey()) {
        rows.came(change.table(), target.epoch(), partition, change);
        transaction = change.transactionId();
      }
      partition = NONE;
    } else {
      rows.see(change);
    }
  }

  @Override
  void ended() {
    if (transaction != NONE) {
      rows.ended(transaction);
      transaction = NONE;
    }
  }
}
