package io.gkp.connector.changelog;

import io.gkp.connector.source.stream.Change;
import io.gkp.connector.source.stream.ChangeHandler;
import io.gkp.name.Lsn;
import io.gkp.name.TableName;

/** Looks at the stream on its way to the next handler, which receives all of it unaltered. */
abstract class Watch implements ChangeHandler {
  private final ChangeHandler next;

  Watch(ChangeHandler next) {
    this.next = next;
  }

  /** Looks at a change before it is passed on. */
  void see(Change change) {}

  /** Looks at a partition before it is passed on; see {@link ChangeHandler#part}. */
  void see(TableName table, long partition, long transaction) {}

  /** Looks at a table that is one; see {@link ChangeHandler#isPart}. */
  void see(TableName partition) {}

  /** Looks at a transaction of which all has been passed on, before its end is. */
  void ended() {}

  @Override
  public final void change(Change change) throws InterruptedException {
    see(change);
    next.change(change);
  }

  @Override
  public final void part(TableName table, long partition, long transaction) {
    see(table, partition, transaction);
    next.part(table, partition, transaction);
  }

  @Override
  public final void isPart(TableName table) {
    see(table);
    next.isPart(table);
  }

  @Override
  public final boolean fence(Lsn position) throws InterruptedException {
    return next.fence(position);
  }

  @Override
  public final boolean transactionEnd(Lsn end) throws InterruptedException {
    ended();
    return next.transactionEnd(end);
  }

  @Override
  public final Lsn durable() {
    return next.durable();
  }
}
