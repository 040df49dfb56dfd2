package io.gkp.connector.source;

import io.gkp.offsets.Lsn;

/**
 * Receives the stream: transactions in commit order, each one whole, its changes in order, then its
 * end. Called from one thread; an exception ends the stream.
 */
public interface ChangeHandler {
  void change(Change change) throws InterruptedException;

  /**
   * A message written by {@code pg_logical_emit_message}, inside the transaction that ends next.
   */
  void message(String content);

  /**
   * @param end commit-end LSN; the server will not send this transaction again once the slot was
   *     moved there
   * @return whether {@link #durable} may come to stand here; an end of which that is not said needs
   *     no memory
   */
  boolean transactionEnd(Lsn end) throws InterruptedException;

  /**
   * Up to where everything is durable; the stream tells the server. Never moves backwards, and
   * stands at ends alone of which {@link #transactionEnd} has said so.
   */
  Lsn durable();
}
