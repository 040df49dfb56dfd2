package io.gkp.sql.verify;

import java.math.BigInteger;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The moment at which rows were read, in terms of the changelog: everything in an epoch up to a
 * batch, but for the transactions that the read could not see.
 *
 * <p>Positions cannot tell that: LSNs are not in commit order, and a transaction is in the log
 * before others see it, for as long as it waits for a standby. Its number and the snapshot of the
 * read can. The batch comes from a fence that was set after the read, so that whatever the read saw
 * is in the changelog.
 *
 * @param epoch the epoch that is compared
 * @param batch the last batch up to the fence
 * @param snapshot {@code pg_current_snapshot()} of the read, such as {@code 730:735:731,733}
 * @param since what was ingested earlier had been committed and seen for long; numbers of
 *     transactions come again after 2^32
 * @see <a
 *     href="https://www.postgresql.org/docs/current/functions-info.html#FUNCTIONS-INFO-SNAPSHOT">PostgreSQL:
 *     transaction ids and snapshots</a>
 */
public record AsOf(long epoch, long batch, String snapshot, Instant since) {
  private static final BigInteger NUMBERS = BigInteger.ONE.shiftLeft(32);

  public AsOf {
    since = since.truncatedTo(ChronoUnit.SECONDS);
  }

  /**
   * Rows of the changelog that the read could not see, of this epoch and up to this batch.
   *
   * @param alias the raw table's in the query
   */
  String later(String alias) {
    return "%1$s._cdc_epoch = %2$d AND %1$s._cdc_batch <= %3$d AND %4$s"
        .formatted(alias, epoch, batch, unseen(alias));
  }

  /** All others. */
  String seen(String alias) {
    return "%1$s._cdc_epoch = %2$d AND %1$s._cdc_batch <= %3$d AND NOT COALESCE(%4$s, FALSE)"
        .formatted(alias, epoch, batch, unseen(alias));
  }

  private String unseen(String alias) {
    List<BigInteger> numbers = Arrays.stream(snapshot.split("[:,]")).map(BigInteger::new).toList();
    BigInteger oldest = numbers.get(0);
    // How far behind the oldest running transaction it began, whichever of both has passed 2^32.
    String behind =
        "MOD(%s._cdc_tx_id - %s + %d, %s) - %d"
            .formatted(alias, oldest.mod(NUMBERS), 3L << 31, NUMBERS, 1L << 31);
    String running =
        numbers.stream()
            .skip(2)
            .map(number -> " OR %s = %s".formatted(behind, number.subtract(oldest)))
            .collect(Collectors.joining());
    return "%s._cdc_ingested_at >= TIMESTAMP '%s' AND (%s >= %s%s)"
        .formatted(alias, since, behind, numbers.get(1).subtract(oldest), running);
  }
}
