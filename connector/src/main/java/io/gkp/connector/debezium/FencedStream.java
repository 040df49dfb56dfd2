package io.gkp.connector.debezium;

import io.gkp.name.Lsn;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.PGReplicationStream;

/**
 * A replication stream that tells its reader when it has come to the fence: by an empty transaction
 * of number {@link #TRANSACTION}, which the server never assigns, between two others.
 *
 * <p>The walsender says in its keepalives how far it has decoded. What was committed before has
 * been sent before, in commit order; so between two transactions, with nothing left to read, all
 * that was committed up to there has come. An idle walsender says so when it is asked.
 *
 * @see <a
 *     href="https://www.postgresql.org/docs/current/protocol-replication.html#PROTOCOL-REPLICATION-PRIMARY-KEEPALIVE-MESSAGE">keepalive
 *     message</a>
 */
public final class FencedStream {
  /** Key in a connection's configuration; its value is the fence's LSN. */
  public static final String KEY = "gkp.fence";

  /** Number of the transaction that stands for the fence. */
  public static final long TRANSACTION = 0;

  private static final byte BEGIN = 'B';
  private static final byte COMMIT = 'C';

  /** A server that is busy with what nobody captures reads no questions: they must stay few. */
  private static final long ASK_FIRST_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private static final long ASK_LAST_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final PGReplicationStream wire;
  private final Lsn fence;

  private boolean inTransaction;
  private boolean reached;
  private @Nullable ByteBuffer end;
  private long askedAt;
  private long askAfter = ASK_FIRST_NANOS;

  /**
   * @param fence {@link Lsn#NONE} where there is none
   */
  FencedStream(PGReplicationStream wire, Lsn fence) {
    this.wire = wire;
    this.fence = fence;
    this.reached = fence.equals(Lsn.NONE);
    this.askedAt = System.nanoTime();
  }

  /** The next message; null while there is none. */
  @Nullable ByteBuffer readPending() throws SQLException {
    if (end != null) {
      ByteBuffer message = end;
      end = null;
      return message;
    }
    ByteBuffer message = wire.readPending();
    if (message == null) {
      return inTransaction || reached ? null : atRest();
    }
    askAfter = ASK_FIRST_NANOS;
    byte type = message.get(message.position());
    inTransaction = type == BEGIN || inTransaction && type != COMMIT;
    return message;
  }

  private @Nullable ByteBuffer atRest() throws SQLException {
    Lsn here = new Lsn(wire.getLastReceiveLSN().asLong());
    if (!fence.isAfter(here)) {
      reached = true;
      end = commit(here);
      return begin(here);
    }
    if (System.nanoTime() - askedAt > askAfter) {
      askedAt = System.nanoTime();
      askAfter = Math.min(2 * askAfter, ASK_LAST_NANOS);
      wire.forceUpdateStatus(); // the server answers with a keepalive
    }
    return null;
  }

  /** Type, final LSN, time of commit, transaction. */
  private static ByteBuffer begin(Lsn here) {
    return ByteBuffer.allocate(Byte.BYTES + 2 * Long.BYTES + Integer.BYTES)
        .put(BEGIN)
        .putLong(here.value())
        .putLong(0)
        .putInt((int) TRANSACTION)
        .flip();
  }

  /** Type, flags, LSN of the commit, its end, time of commit. */
  private static ByteBuffer commit(Lsn here) {
    return ByteBuffer.allocate(2 * Byte.BYTES + 3 * Long.BYTES)
        .put(COMMIT)
        .put((byte) 0)
        .putLong(here.value())
        .putLong(here.value())
        .putLong(0)
        .flip();
  }
}
