package io.gkp.connector.source.stream;

import static java.util.Objects.requireNonNull;

import io.gkp.connector.debezium.FencedStream;
import io.gkp.connector.mapping.row.ChangeOp;
import io.gkp.connector.source.Catalogue;
import io.gkp.connector.source.stream.Change.Row;
import io.gkp.connector.source.table.SourceColumn;
import io.gkp.connector.source.table.SourceTable;
import io.gkp.connector.wire.PgOutputHandler;
import io.gkp.connector.wire.RelationMessage;
import io.gkp.connector.wire.Tuple;
import io.gkp.name.Lsn;
import io.gkp.name.TableName;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes what one stream says about captured tables into {@link Change}s. A table is what its OID
 * says: the stream brings the name that it had at the time. One that had another name for a while
 * is captured all the same; one that was dropped is not its successor of the same name.
 */
final class CapturedChanges implements PgOutputHandler {
  private static final Tuple NO_VALUES = Tuple.of();

  private final Map<Long, TableName> byOid = new HashMap<>();
  private final Set<TableName> byName;
  private final Catalogue catalogue;
  private final ChangeHandler handler;
  private final Map<Long, Announced> announced = new HashMap<>();

  /** The tables that were announced last, the newer one below, if no change has come since. */
  private @Nullable RelationMessage above;

  private @Nullable RelationMessage below;

  private long transaction;
  private @Nullable Instant committedAt;
  private boolean mayStand;

  /** A table as it was announced; what is captured of it, or null where it is not. */
  private record Announced(RelationMessage relation, @Nullable Captured table) {}

  private record Captured(TableName name, SourceTable layout) {}

  /**
   * @param tables the captured ones
   * @param oids what they are; one that is not among them counts by its name
   */
  CapturedChanges(
      Collection<TableName> tables,
      Map<TableName, Long> oids,
      Catalogue catalogue,
      ChangeHandler handler) {
    oids.forEach((name, oid) -> byOid.put(oid, name));
    this.byName = new HashSet<>(tables);
    this.byName.removeAll(oids.keySet());
    this.catalogue = catalogue;
    this.handler = handler;
  }

  /**
   * Whether the handler's durable position may come to stand where a transaction has ended since.
   */
  boolean takeMayStand() {
    boolean taken = mayStand;
    mayStand = false;
    return taken;
  }

  @Override
  public void begin(long xid, Instant at) {
    transaction = xid;
    committedAt = at;
  }

  @Override
  public void relation(RelationMessage relation) {
    above = below;
    below = relation;
  }

  /**
   * The table that is announced right behind another one, a change of which follows, is a partition
   * of that.
   */
  private void place(RelationMessage changed) {
    if (above != null
        && below != null
        && above.oid() == changed.oid()
        && below.oid() != changed.oid()) {
      TableName root = name(above);
      if (root != null) {
        handler.part(root, below.oid(), transaction);
      }
      TableName partition = name(below);
      if (partition != null) {
        handler.isPart(partition);
      }
    }
    above = null;
    below = null;
  }

  @Override
  public void insert(RelationMessage relation, Tuple row, long lsn) throws InterruptedException {
    place(relation);
    Captured table = table(relation);
    if (table != null) {
      change(table, lsn, List.of(row(table, ChangeOp.CREATE, row)));
    }
  }

  @Override
  public void update(RelationMessage relation, @Nullable Tuple before, Tuple row, long lsn)
      throws InterruptedException {
    place(relation);
    Captured table = table(relation);
    if (table == null) {
      return;
    }
    Tuple old = before == null ? null : relation.identity(before);
    change(
        table,
        lsn,
        old != null && (table.layout().keysMayMove() || KeyChange.isOne(table.layout(), old, row))
            ? List.of(row(table, ChangeOp.DELETE, old), row(table, ChangeOp.CREATE, row))
            : List.of(row(table, ChangeOp.UPDATE, row)));
  }

  @Override
  public void delete(RelationMessage relation, Tuple old, long lsn) throws InterruptedException {
    place(relation);
    Captured table = table(relation);
    if (table != null) {
      change(table, lsn, List.of(row(table, ChangeOp.DELETE, relation.identity(old))));
    }
  }

  @Override
  public void truncate(RelationMessage relation, long lsn) throws InterruptedException {
    above = null; // all tables of a TRUNCATE are announced before it
    below = null;
    Captured table = table(relation);
    if (table != null) {
      change(table, lsn, List.of(new Row(ChangeOp.TRUNCATE, NO_VALUES)));
    }
  }

  @Override
  public void commit(long end) throws InterruptedException {
    mayStand |=
        transaction == FencedStream.TRANSACTION
            ? handler.fence(new Lsn(end))
            : handler.transactionEnd(new Lsn(end));
  }

  private void change(Captured table, long lsn, List<Row> rows) throws InterruptedException {
    handler.change(
        new Change(
            table.name(), table.layout(), rows, lsn, transaction, requireNonNull(committedAt)));
  }

  /** A row without its excluded values, which nobody reads from here on. */
  private static Row row(Captured table, ChangeOp operation, Tuple values) {
    Tuple left = values;
    List<SourceColumn> columns = table.layout().columns();
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).protection().isExcluded()) {
        left = left.without(i);
      }
    }
    return new Row(operation, left);
  }

  /** The catalogue is asked again only when the table has changed. */
  private @Nullable Captured table(RelationMessage relation) {
    Announced known = announced.get(relation.oid());
    if (known != null && (known.relation() == relation || known.relation().equals(relation))) {
      return known.table();
    }
    TableName name = name(relation);
    Captured table = name == null ? null : new Captured(name, catalogue.layout(name, relation));
    announced.put(relation.oid(), new Announced(relation, table));
    return table;
  }

  private @Nullable TableName name(RelationMessage relation) {
    TableName own = new TableName(relation.schema(), relation.name());
    TableName known = byOid.get(relation.oid());
    return known != null || !byName.contains(own) ? known : own;
  }
}
