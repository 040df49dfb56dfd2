package io.gkp.connector.source;

/**
 * Ids of transactions that have not ended, in SQL. {@code pg_locks} has 32 bits of them; the other
 * half is that of a snapshot, of which none is further away than 2^31.
 *
 * @see <a href="https://www.postgresql.org/docs/current/transaction-id.html">transactions and
 *     identifiers</a>
 */
public final class RunningTransactions {
  private static final String XMAX =
      "pg_catalog.pg_snapshot_xmax(pg_catalog.pg_current_snapshot())::text::bigint";

  /**
   * A transaction with this id (64 bits) or a higher one began after the statement's snapshot. The
   * snapshot itself ends with the last one that had ended; others were running already, and each of
   * them holds a lock on its id before it writes anything.
   */
  public static final String NEXT =
      """
      (
        SELECT greatest(%s, 1 + max(%s))
        FROM pg_catalog.pg_locks l
        WHERE l.locktype = 'transactionid' AND l.mode = 'ExclusiveLock' AND l.granted
      )
      """
          .formatted(XMAX, id("l"));

  private RunningTransactions() {}

  /**
   * The id, 64 bits.
   *
   * @param lock alias of a row of {@code pg_locks} that has a transaction's id
   */
  static String id(String lock) {
    return "(%1$s + ((%2$s.transactionid::text::bigint - %1$s + 2147483648) & 4294967295) - 2147483648)"
        .formatted(XMAX, lock);
  }
}
