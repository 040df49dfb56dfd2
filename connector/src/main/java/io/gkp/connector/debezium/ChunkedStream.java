package io.gkp.connector.debezium;

import static java.util.Objects.requireNonNull;

import io.gkp.name.Lsn;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;
import org.postgresql.replication.PGReplicationStream;

/**
 * A replication stream that brings everything in {@link Chunk}s, so that what Debezium does for
 * each message it does for thousands of changes at once, and nothing of a change but its bytes goes
 * through it.
 *
 * <ol>
 *   <li>Transactions that follow each other closely form a group. It ends behind a transaction once
 *       it is large, or nothing more has come for a moment, or the fence is reached.
 *   <li>A group's last chunk holds nothing but its last COMMIT. It alone is not transactional, and
 *       stands at that COMMIT's end: Debezium takes such a message's LSN for one that may be
 *       acknowledged, and it is small, so that it can be kept until then.
 *   <li>Every other chunk is transactional, which is never acknowledged.
 * </ol>
 */
final class ChunkedStream implements PGReplicationStream {
  private static final byte COMMIT = 'C';

  /** Type, flags and LSN of the commit. */
  private static final int BEFORE_COMMIT_END = 2 * Byte.BYTES + Long.BYTES;

  /** As far as the slot may lag behind what is durable. */
  private static final int MAX_GROUP_BYTES = 8 << 20;

  /**
   * How long a message waits for others. The server is slower than we are most of the time: were a
   * chunk to end whenever nothing is there, each would hold a message or two.
   */
  private static final long LINGER_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private static final long PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(200);

  /** Then the engine gets a chance to stop. */
  private static final int PAUSES = 20;

  private final PGReplicationStream wire;
  private final FencedStream messages;
  private final Lsn fence;
  private Chunk chunk = new Chunk();
  private long chunkSince;
  private int groupBytes;

  /** The newest COMMIT while no other transaction has followed. */
  private @Nullable ByteBuffer commit;

  private boolean groupEnds;
  private volatile LogSequenceNumber position;

  /**
   * @param fence {@link Lsn#NONE} where there is none
   */
  ChunkedStream(PGReplicationStream wire, Lsn fence) {
    this.wire = wire;
    this.messages = new FencedStream(wire, fence);
    this.fence = fence;
    this.position = wire.getLastReceiveLSN();
  }

  @Override
  public @Nullable ByteBuffer readPending() throws SQLException {
    if (groupEnds) {
      return lastOfGroup(requireNonNull(commit));
    }
    int pauses = 0;
    while (true) {
      ByteBuffer message = messages.readPending();
      if (message != null) {
        add(message);
        if (commit != null && isGroupOver(commit)) {
          return endGroup(commit);
        }
        if (chunk.isFull()) {
          return take();
        }
      } else if (isEmpty()) {
        if (++pauses > PAUSES) {
          return null;
        }
        LockSupport.parkNanos(PAUSE_NANOS);
      } else if (System.nanoTime() - chunkSince < LINGER_NANOS) {
        LockSupport.parkNanos(PAUSE_NANOS);
      } else {
        return commit != null ? endGroup(commit) : take();
      }
    }
  }

  private boolean isEmpty() {
    return chunk.isEmpty() && commit == null;
  }

  private void add(ByteBuffer message) {
    if (isEmpty()) {
      chunkSince = System.nanoTime();
    }
    if (commit != null) {
      chunk.add(commitEnd(commit), commit);
      commit = null;
    }
    if (message.get(message.position()) == COMMIT) {
      commit = message;
    } else {
      chunk.add(wire.getLastReceiveLSN().asLong(), message);
    }
  }

  private boolean isGroupOver(ByteBuffer commit) {
    boolean isFenced = !fence.equals(Lsn.NONE) && !fence.isAfter(new Lsn(commitEnd(commit)));
    return isFenced || groupBytes + chunk.size() >= MAX_GROUP_BYTES;
  }

  private static long commitEnd(ByteBuffer commit) {
    return commit.getLong(commit.position() + BEFORE_COMMIT_END);
  }

  private ByteBuffer endGroup(ByteBuffer last) {
    groupEnds = !chunk.isEmpty();
    return groupEnds ? take() : lastOfGroup(last);
  }

  private ByteBuffer lastOfGroup(ByteBuffer last) {
    chunk.add(commitEnd(last), last);
    commit = null;
    groupEnds = false;
    groupBytes = 0;
    return taken(false);
  }

  private ByteBuffer take() {
    groupBytes += chunk.size();
    return taken(true);
  }

  private ByteBuffer taken(boolean transactional) {
    // A keepalive may have moved the wire's position beyond what has come.
    position = LogSequenceNumber.valueOf(chunk.lsn());
    ByteBuffer message = chunk.toMessage(transactional);
    chunk = new Chunk();
    chunkSince = System.nanoTime();
    return message;
  }

  @Override
  public LogSequenceNumber getLastReceiveLSN() {
    return position;
  }

  @Override
  public ByteBuffer read() {
    throw new UnsupportedOperationException("Debezium polls");
  }

  @Override
  public LogSequenceNumber getLastFlushedLSN() {
    return wire.getLastFlushedLSN();
  }

  @Override
  public LogSequenceNumber getLastAppliedLSN() {
    return wire.getLastAppliedLSN();
  }

  @Override
  public void setFlushedLSN(LogSequenceNumber flushed) {
    wire.setFlushedLSN(flushed);
  }

  @Override
  public void setAppliedLSN(LogSequenceNumber applied) {
    wire.setAppliedLSN(applied);
  }

  @Override
  public void forceUpdateStatus() throws SQLException {
    wire.forceUpdateStatus();
  }

  @Override
  public boolean isClosed() {
    return wire.isClosed();
  }

  @Override
  public void close() throws SQLException {
    wire.close();
  }
}
