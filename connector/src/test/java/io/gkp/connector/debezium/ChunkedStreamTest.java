package io.gkp.connector.debezium;

import static org.assertj.core.api.Assertions.assertThat;

import io.gkp.name.Lsn;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.postgresql.replication.LogSequenceNumber;
import org.postgresql.replication.PGReplicationStream;

/** What Debezium is given for what the server sends. */
class ChunkedStreamTest {
  private final Deque<Sent> sent = new ArrayDeque<>();
  private final List<String> chunks = new ArrayList<>();
  private long position;

  /** A message of the server and where it is; without one a keepalive. */
  private record Sent(ByteBuffer message, long lsn) {}

  @Test
  void transactionsThatFollowEachOtherShareChunksAndEndWithTheLastCommitAlone() throws Exception {
    begin(10);
    change(11);
    commit(20);
    begin(21);
    change(22);
    commit(30);
    keepalive(90);

    read(Lsn.NONE);
    assertThat(chunks)
        .containsExactly("transactional at 22: B10 I11 C20 B21 I22", "acknowledgeable at 30: C30");
  }

  @Test
  void aChunkWithoutAnEndIsNeverAcknowledged() throws Exception {
    begin(10);
    change(11);
    keepalive(90);

    read(Lsn.NONE);
    assertThat(chunks).containsExactly("transactional at 11: B10 I11");
  }

  @Test
  void theFenceEndsAGroupWhetherATransactionEndsThereOrNot() throws Exception {
    begin(10);
    commit(20);
    begin(21);
    commit(30);
    begin(31);
    commit(40);
    read(new Lsn(25));
    assertThat(chunks)
        .containsExactly(
            "transactional at 21: B10 C20 B21",
            "acknowledgeable at 30: C30",
            // The server has come further than 25, too.
            "transactional at 31: B31",
            "acknowledgeable at 40: C40",
            "transactional at 40: B40",
            "acknowledgeable at 40: C40");

    chunks.clear();
    position = 0;
    begin(10);
    commit(20);
    keepalive(60);
    read(new Lsn(50));
    assertThat(chunks)
        .containsExactly("transactional at 60: B10 C20 B60", "acknowledgeable at 60: C60");
  }

  @Test
  void theFenceNeverLiesWithinATransaction() throws Exception {
    begin(10);
    change(11);
    keepalive(90);
    change(91);
    commit(95);
    read(new Lsn(50));
    assertThat(chunks)
        .containsExactly(
            "transactional at 91: B10 I11 I91",
            "acknowledgeable at 95: C95",
            "transactional at 95: B95",
            "acknowledgeable at 95: C95");
  }

  @Test
  void oneHugeMessageIsOneChunk() throws Exception {
    begin(10);
    sent.add(new Sent(message('I', 3 << 20), 11));
    change(12);
    commit(20);
    read(Lsn.NONE);
    assertThat(chunks)
        .containsExactly(
            "transactional at 11: B10 I11",
            "transactional at 12: I12",
            "acknowledgeable at 20: C20");
  }

  /** Until nothing has come for longer than anything waits. */
  private void read(Lsn fence) throws Exception {
    ChunkedStream stream = new ChunkedStream(wire(), fence);
    for (int silences = 0; silences < 2; ) {
      ByteBuffer message = stream.readPending();
      if (message == null) {
        silences += sent.isEmpty() ? 1 : 0;
      } else {
        chunks.add(describe(message, stream.getLastReceiveLSN().asLong()));
      }
    }
  }

  private static String describe(ByteBuffer message, long at) throws InterruptedException {
    assertThat((char) message.get()).isEqualTo('M');
    boolean transactional = message.get() == 1;
    assertThat(message.getLong()).isEqualTo(at);
    byte[] prefix = new byte[Chunk.PREFIX.length() + 1];
    message.get(prefix);
    assertThat(new String(prefix, StandardCharsets.US_ASCII)).isEqualTo(Chunk.PREFIX + '\0');
    byte[] content = new byte[message.getInt()];
    message.get(content);
    assertThat(message.hasRemaining()).isFalse();
    StringBuilder text = new StringBuilder();
    text.append(transactional ? "transactional" : "acknowledgeable").append(" at ").append(at);
    text.append(':');
    Chunk.read(content, (m, lsn) -> text.append(' ').append((char) m.get()).append(lsn));
    return text.toString();
  }

  private PGReplicationStream wire() {
    return (PGReplicationStream)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {PGReplicationStream.class},
            (self, method, arguments) ->
                switch (method.getName()) {
                  case "readPending" -> next();
                  case "getLastReceiveLSN" -> LogSequenceNumber.valueOf(position);
                  case "forceUpdateStatus" -> null;
                  default -> throw new SQLException(method.getName());
                });
  }

  private ByteBuffer next() {
    Sent next = sent.poll();
    if (next == null) {
      return null;
    }
    position = next.lsn();
    return next.message();
  }

  private void begin(long lsn) {
    sent.add(new Sent(message('B', 20), lsn));
  }

  private void change(long lsn) {
    sent.add(new Sent(message('I', 30), lsn));
  }

  private void commit(long end) {
    ByteBuffer commit = message('C', 25);
    sent.add(new Sent(commit.putLong(commit.position() + 2 + 8, end), end));
  }

  private void keepalive(long lsn) {
    sent.add(new Sent(null, lsn));
  }

  /** As the driver gives it: behind a head of its own in the same array. */
  private static ByteBuffer message(char type, int length) {
    byte[] bytes = new byte[25 + 1 + length];
    bytes[25] = (byte) type;
    return ByteBuffer.wrap(bytes, 25, 1 + length);
  }
}
