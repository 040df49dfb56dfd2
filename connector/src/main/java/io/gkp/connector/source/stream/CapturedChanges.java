package io.gkp.connector.source.stream;

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

  /** The captured table that was announced last, if nothing has come since. */
  private TableName above;

  private long transaction;
  private Instant committedAt;
  private boolean mayStand;

  /** A table as it was announced; without a layout where it is not captured. */
  private record Announced(RelationMessage relation, TableName name, SourceTable layout) {}

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
    TableName name = name(relation);
    if (name == null && above != null) {
      handler.part(above, relation.oid());
    }
    above = name;
  }

  @Override
  public void insert(RelationMessage relation, Tuple row, long lsn) throws InterruptedException {
    Announced table = table(relation);
    if (table.layout() != null) {
      change(table, lsn, List.of(row(table, ChangeOp.CREATE, row)));
    }
  }

  @Override
  public void update(RelationMessage relation, Tuple before, Tuple row, long lsn)
      throws InterruptedException {
    Announced table = table(relation);
    if (table.layout() == null) {
      return;
    }
    Tuple old = before == null ? null : relation.identity(before);
    boolean asTwo =
        old != null && (table.layout().keysMayMove() || KeyChange.isOne(table.layout(), old, row));
    change(
        table,
        lsn,
        asTwo
            ? List.of(row(table, ChangeOp.DELETE, old), row(table, ChangeOp.CREATE, row))
            : List.of(row(table, ChangeOp.UPDATE, row)));
  }

  @Override
  public void delete(RelationMessage relation, Tuple old, long lsn) throws InterruptedException {
    Announced table = table(relation);
    if (table.layout() != null) {
      change(table, lsn, List.of(row(table, ChangeOp.DELETE, relation.identity(old))));
    }
  }

  @Override
  public void truncate(RelationMessage relation, long lsn) throws InterruptedException {
    Announced table = table(relation);
    if (table.layout() != null) {
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

  private void change(Announced table, long lsn, List<Row> rows) throws InterruptedException {
    handler.change(new Change(table.name(), table.layout(), rows, lsn, transaction, committedAt));
  }

  /** A row without its excluded values, which nobody reads from here on. */
  private static Row row(Announced table, ChangeOp operation, Tuple values) {
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
  private Announced table(RelationMessage relation) {
    above = null;
    Announced known = announced.get(relation.oid());
    if (known != null && (known.relation() == relation || known.relation().equals(relation))) {
      return known;
    }
    TableName name = name(relation);
    Announced now =
        new Announced(relation, name, name == null ? null : catalogue.layout(name, relation));
    announced.put(relation.oid(), now);
    return now;
  }

  private TableName name(RelationMessage relation) {
    TableName own = new TableName(relation.schema(), relation.name());
    return byOid.getOrDefault(relation.oid(), byName.contains(own) ? own : null);
  }
}
