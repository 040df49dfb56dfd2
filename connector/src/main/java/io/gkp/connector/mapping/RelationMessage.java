package io.gkp.connector.mapping;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The message by which pgoutput announces a table, before the first change of it and after each
 * change of its shape.
 *
 * @see <a
 *     href="https://www.postgresql.org/docs/current/protocol-logicalrep-message-formats.html">message
 *     formats</a>
 */
final class RelationMessage {
  private static final byte TYPE = 'R';

  private final ByteBuffer original;
  private final ByteArrayOutputStream aliased = new ByteArrayOutputStream();

  private RelationMessage(ByteBuffer original) {
    this.original = original.duplicate();
  }

  /** The message with {@link Alias}es for the names in it; any other message as it is. */
  static ByteBuffer aliased(ByteBuffer message) {
    return message.hasRemaining() && message.get(message.position()) == TYPE
        ? new RelationMessage(message).alias()
        : message;
  }

  private ByteBuffer alias() {
    copy(Byte.BYTES + Integer.BYTES); // type, id
    name(); // schema
    name(); // table
    copy(Byte.BYTES); // replica identity
    int columns = original.getShort(original.position());
    copy(Short.BYTES);
    for (int i = 0; i < columns; i++) {
      copy(Byte.BYTES); // flags
      name();
      copy(Integer.BYTES + Integer.BYTES); // type's id and modifier
    }
    return ByteBuffer.wrap(aliased.toByteArray());
  }

  private void copy(int bytes) {
    for (int i = 0; i < bytes; i++) {
      aliased.write(original.get());
    }
  }

  private void name() {
    ByteArrayOutputStream name = new ByteArrayOutputStream();
    for (byte b = original.get(); b != 0; b = original.get()) {
      name.write(b);
    }
    aliased.writeBytes(
        Alias.of(name.toString(StandardCharsets.UTF_8)).getBytes(StandardCharsets.US_ASCII));
    aliased.write(0);
  }
}
