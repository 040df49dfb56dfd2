package io.gkp.connector.debezium;

import io.gkp.connector.session.ServerText;
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

  private final RelationNames names;
  private final ServerText text;
  private final ByteBuffer original;
  private final ByteArrayOutputStream aliased = new ByteArrayOutputStream();

  private RelationMessage(ByteBuffer original, RelationNames names, ServerText text) {
    this.names = names;
    this.text = text;
    this.original = original.duplicate();
  }

  /** The message with {@link Alias}es for the names in it; any other message as it is. */
  static ByteBuffer aliased(ByteBuffer message, RelationNames names, ServerText text) {
    return message.hasRemaining() && message.get(message.position()) == TYPE
        ? new RelationMessage(message, names, text).alias()
        : message;
  }

  private ByteBuffer alias() {
    int oid = original.getInt(original.position() + Byte.BYTES);
    copy(Byte.BYTES + Integer.BYTES); // type, OID
    String schemaAndTable = names.of(oid, read(), read());
    write(schemaAndTable.substring(0, schemaAndTable.indexOf('.')));
    write(schemaAndTable.substring(schemaAndTable.indexOf('.') + 1));
    copy(Byte.BYTES); // replica identity
    int columns = original.getShort(original.position());
    copy(Short.BYTES);
    for (int i = 0; i < columns; i++) {
      copy(Byte.BYTES); // flags
      write(Alias.of(read()));
      copy(Integer.BYTES + Integer.BYTES); // type's id and modifier
    }
    return ByteBuffer.wrap(aliased.toByteArray());
  }

  private void copy(int bytes) {
    for (int i = 0; i < bytes; i++) {
      aliased.write(original.get());
    }
  }

  private String read() {
    ByteArrayOutputStream name = new ByteArrayOutputStream();
    for (byte b = original.get(); b != 0; b = original.get()) {
      name.write(b);
    }
    return text.decode(name.toByteArray(), 0, name.size());
  }

  private void write(String alias) {
    aliased.writeBytes(alias.getBytes(StandardCharsets.US_ASCII));
    aliased.write(0);
  }
}
