package io.gkp.connector.source.stream;

import io.gkp.name.Lsn;
import io.gkp.name.TableName;

/**
 * Receives the stream: transactions in commit order, each one whole, its changes in order, then its
 * end. Called from one thread; an exception ends the stream.
 */
public interface ChangeHandler {
  void change(Change change) throws InterruptedException;

  /**
   * Changes that follow lie in a partition of a table.
   *
   * @param partition its OID in {@code pg_class}; it may be gone by now
   * @param transaction the xid of the changes
   */
  default void part(TableName table, long partition, long transaction) {}

  /** Changes that follow come as those of another table, of which this one is a partition. */
  default void isPart(TableName table) {}

  /**
   * @param end commit-end LSN; the server will not send this transaction again once the slot was
   *     moved there
   * @return whether {@link #durable} may come to stand here; an end of which that is not said needs
   *     no memory
   */
  boolean transactionEnd(Lsn end) throws InterruptedException;

  /**
   * Everything that was committed before the fence has come, and no transaction is under way. Not
   * said where a transaction has ended behind the fence before.
   *
   * @param position how far the server has come, at or behind the fence; no transaction ends here,
   *     and the next stream from an earlier place may pass it without a word
   * @return as for {@link #transactionEnd}
   */
  boolean fence(Lsn position) throws InterruptedException;

  /**
   * Up to where everything is durable; the stream tells the server. Never moves backwards, and
   * stands at ends alone of which {@link #transactionEnd} has said so.
   */
  Lsn durable();
}
