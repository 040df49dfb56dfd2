package io.gkp.connector.debezium;

import io.gkp.connector.session.ServerText;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/**
 * The messages by which pgoutput sends rows: insert, update, delete. Their values are in the
 * server's encoding; Debezium takes all for UTF-8.
 *
 * @see <a
 *     href="https://www.postgresql.org/docs/current/protocol-logicalrep-message-formats.html">message
 *     formats</a>
 */
final class TupleMessage {
  private static final byte TEXT = 't';

  private final ServerText text;
  private final ByteBuffer original;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final DataOutputStream readable = new DataOutputStream(bytes);

  private TupleMessage(ByteBuffer original, ServerText text) {
    this.text = text;
    this.original = original.duplicate();
  }

  /** The message with values in UTF-8; any other message as it is. */
  static ByteBuffer readable(ByteBuffer message, ServerText text) {
    return switch (message.get(message.position())) {
      case 'I', 'U', 'D' -> {
        TupleMessage tuples = new TupleMessage(message, text);
        yield tuples.isReadable() ? message : tuples.rewrite();
      }
      default -> message;
    };
  }

  /** Most messages are, and need not be copied. */
  private boolean isReadable() {
    ByteBuffer unread = original.duplicate();
    unread.position(unread.position() + Byte.BYTES + Integer.BYTES);
    while (unread.hasRemaining()) {
      unread.get();
      int columns = unread.getShort();
      for (int i = 0; i < columns; i++) {
        if (unread.get() == TEXT && !isReadable(unread)) {
          return false;
        }
      }
    }
    return true;
  }

  /** Moves behind the value. */
  private boolean isReadable(ByteBuffer unread) {
    int length = unread.getInt();
    int end = unread.position() + length;
    for (int i = unread.position(); i < end; i++) {
      if (unread.get(i) < 0) {
        byte[] value = new byte[length];
        unread.get(value);
        return text.toUtf8(value) == value;
      }
    }
    unread.position(end);
    return true;
  }

  private ByteBuffer rewrite() {
    try {
      readable.writeByte(original.get());
      readable.writeInt(original.getInt()); // the relation's OID
      while (original.hasRemaining()) {
        readable.writeByte(original.get()); // N, K or O
        int columns = original.getShort();
        readable.writeShort(columns);
        for (int i = 0; i < columns; i++) {
          value();
        }
      }
      return ByteBuffer.wrap(bytes.toByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void value() throws IOException {
    byte kind = original.get();
    readable.writeByte(kind);
    if (kind == TEXT) {
      byte[] value = new byte[original.getInt()];
      original.get(value);
      byte[] utf8 = text.toUtf8(value);
      readable.writeInt(utf8.length);
      readable.write(utf8);
    }
  }
}
