package io.gkp.connector.wire;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Receives what a stream of {@code pgoutput} says, in its order. */
public interface PgOutputHandler {
  /**
   * @param xid unsigned
   * @param committedAt to the microsecond
   */
  void begin(long xid, Instant committedAt);

  /**
   * A table is announced. One whose changes are sent as of a partitioned table above it comes right
   * behind the announcement of that, and no change of its own follows.
   *
   * @see <a
   *     href="https://github.com/postgres/postgres/blob/REL_18_STABLE/src/backend/replication/pgoutput/pgoutput.c">maybe_send_schema
   *     in pgoutput.c</a>
   */
  default void relation(RelationMessage relation) {}

  /**
   * @param lsn where the change is in the log
   */
  void insert(RelationMessage relation, Tuple row, long lsn) throws InterruptedException;

  /**
   * @param old the old row under REPLICA IDENTITY FULL; nothing but its key where that has changed,
   *     or is long and stored apart; otherwise null
   * @param row what was not sent of it since it is unchanged comes from {@code old}, where that has
   *     it
   */
  void update(RelationMessage relation, @Nullable Tuple old, Tuple row, long lsn)
      throws InterruptedException;

  /**
   * @param old the old row under REPLICA IDENTITY FULL, otherwise nothing but its key
   */
  void delete(RelationMessage relation, Tuple old, long lsn) throws InterruptedException;

  /** Called for each table of a TRUNCATE. */
  void truncate(RelationMessage relation, long lsn) throws InterruptedException;

  /**
   * @param end the LSN behind the commit, which is where a slot stands when it has passed it
   */
  void commit(long end) throws InterruptedException;
}
