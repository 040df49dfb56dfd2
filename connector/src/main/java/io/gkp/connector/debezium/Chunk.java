package io.gkp.connector.debezium;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Messages of a stream, of each its LSN, its length and its bytes, in a message as {@code
 * pg_logical_emit_message} makes them: Debezium passes those on unread.
 *
 * @see <a
 *     href="https://www.postgresql.org/docs/current/protocol-logicalrep-message-formats.html#PROTOCOL-LOGICALREP-MESSAGE-FORMATS-MESSAGE">Message</a>
 */
public final class Chunk {
  /** Tells chunks from all that Debezium might send otherwise. */
  public static final String PREFIX = "gkp-chunk";

  private static final byte[] PREFIX_BYTES = (PREFIX + '\0').getBytes(StandardCharsets.US_ASCII);

  /** Type, flags, LSN, prefix, length of the content. */
  private static final int HEAD = 2 + Long.BYTES + PREFIX_BYTES.length + Integer.BYTES;

  private static final int MESSAGE_HEAD = Long.BYTES + Integer.BYTES;
  private static final int FULL = 256 << 10;
  private static final int FIRST_CAPACITY = 8 << 10;

  private byte[] bytes = new byte[FIRST_CAPACITY];
  private int end = HEAD;
  private long lsn;

  Chunk() {}

  /** Receives a chunk's messages. */
  @FunctionalInterface
  public interface Reader {
    /**
     * @param lsn where the message is in the log
     * @param message all that is left in the buffer, which has an array
     */
    void message(ByteBuffer message, long lsn) throws InterruptedException;
  }

  /** Reads the content of the message that {@link #toMessage} made. */
  public static void read(byte[] content, Reader reader) throws InterruptedException {
    ByteBuffer messages = ByteBuffer.wrap(content);
    while (messages.hasRemaining()) {
      long lsn = messages.getLong();
      int length = messages.getInt();
      reader.message(messages.duplicate().limit(messages.position() + length), lsn);
      messages.position(messages.position() + length);
    }
  }

  boolean isEmpty() {
    return end == HEAD;
  }

  boolean isFull() {
    return end >= FULL;
  }

  /** In bytes. */
  int size() {
    return end - HEAD;
  }

  /** Where the last message is in the log. */
  long lsn() {
    return lsn;
  }

  void add(long messageLsn, ByteBuffer message) {
    int length = message.remaining();
    int needed = end + MESSAGE_HEAD + length;
    if (needed > bytes.length) {
      // One that fills the chunk alone is not doubled.
      bytes = Arrays.copyOf(bytes, needed > FULL ? needed : Math.min(2 * needed, FULL));
    }
    ByteBuffer.wrap(bytes, end, MESSAGE_HEAD).putLong(messageLsn).putInt(length);
    message.get(message.position(), bytes, end + MESSAGE_HEAD, length);
    end = needed;
    lsn = messageLsn;
  }

  /** The chunk, to which nothing may be added then. */
  ByteBuffer toMessage(boolean transactional) {
    ByteBuffer message = ByteBuffer.wrap(bytes, 0, end);
    message.put((byte) 'M').put((byte) (transactional ? 1 : 0)).putLong(lsn);
    return message.put(PREFIX_BYTES).putInt(size()).rewind();
  }
}
