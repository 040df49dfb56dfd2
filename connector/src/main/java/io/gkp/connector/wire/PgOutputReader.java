package io.gkp.connector.wire;

import io.gkp.connector.session.ServerText;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the messages of one stream of {@code pgoutput}, protocol version 1, text, without streaming
 * of transactions under way. Values are not touched.
 *
 * <p>Tables are known by what the stream has announced before, so each stream needs a reader of its
 * own.
 *
 * @see <a
 *     href="https://www.postgresql.org/docs/current/protocol-logicalrep-message-formats.html">message
 *     formats</a>
 */
public final class PgOutputReader {
  /** Where the protocol's microseconds begin. */
  private static final Instant EPOCH = Instant.parse("2000-01-01T00:00:00Z");

  private final ServerText encoding;
  private final PgOutputHandler handler;
  private final Map<Integer, RelationMessage> relations = new HashMap<>();

  public PgOutputReader(ServerText encoding, PgOutputHandler handler) {
    this.encoding = encoding;
    this.handler = handler;
  }

  /**
   * Passes one message on.
   *
   * @param message all that is left in the buffer; has an array, which tuples refer to
   * @param lsn where it is in the log
   * @throws UnknownMessageException where it is not what the protocol says
   */
  public void read(ByteBuffer message, long lsn) throws InterruptedException {
    byte type = message.get();
    try {
      switch (type) {
        case 'B' -> begin(message);
        case 'C' -> commit(message);
        case 'R' -> relation(message);
        case 'I' -> insert(message, lsn);
        case 'U' -> update(message, lsn);
        case 'D' -> delete(message, lsn);
        case 'T' -> truncate(message, lsn);
        // Names of types, which Relation messages tell by OID, and of replication origins.
        case 'Y', 'O' -> message.position(message.limit());
        default -> throw new UnknownMessageException("a message of type " + name(type));
      }
    } catch (BufferUnderflowException e) {
      throw new UnknownMessageException("a message of type " + name(type) + " that ends too early");
    }
    if (message.hasRemaining()) {
      throw new UnknownMessageException(
          "a message of type " + name(type) + " with " + message.remaining() + " more bytes");
    }
  }

  private void begin(ByteBuffer message) {
    message.getLong(); // where the commit is
    Instant committedAt = EPOCH.plus(message.getLong(), ChronoUnit.MICROS);
    handler.begin(Integer.toUnsignedLong(message.getInt()), committedAt);
  }

  private void commit(ByteBuffer message) throws InterruptedException {
    byte flags = message.get();
    if (flags != 0) { // there are none, and one might say that this is no commit
      throw new UnknownMessageException("a commit with flags " + flags);
    }
    message.getLong(); // where the commit is
    long end = message.getLong();
    message.getLong(); // when it was
    handler.commit(end);
  }

  private void relation(ByteBuffer message) {
    int oid = message.getInt();
    String schema = string(message);
    String name = string(message);
    char identity = (char) message.get();
    int count = message.getShort();
    List<RelationMessage.Column> columns = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      boolean identifying = (message.get() & 1) != 0;
      columns.add(
          new RelationMessage.Column(
              string(message),
              identifying,
              Integer.toUnsignedLong(message.getInt()),
              message.getInt()));
    }
    RelationMessage relation =
        new RelationMessage(
            Integer.toUnsignedLong(oid),
            schema.isEmpty() ? "pg_catalog" : schema,
            name,
            identity,
            columns);
    relations.put(oid, relation);
    handler.relation(relation);
  }

  private RelationMessage relationOf(ByteBuffer message) {
    int oid = message.getInt();
    RelationMessage relation = relations.get(oid);
    if (relation == null) {
      throw new UnknownMessageException(
          "a change of table " + Integer.toUnsignedLong(oid) + ", which was not announced");
    }
    return relation;
  }

  private void insert(ByteBuffer message, long lsn) throws InterruptedException {
    RelationMessage relation = relationOf(message);
    handler.insert(relation, newRow(message, relation, message.get()), lsn);
  }

  private void update(ByteBuffer message, long lsn) throws InterruptedException {
    RelationMessage relation = relationOf(message);
    byte kind = message.get();
    Tuple old = null;
    if (kind != 'N') {
      old = oldRow(message, relation, kind);
      kind = message.get();
    }
    Tuple row = newRow(message, relation, kind);
    if (old != null) {
      row.fillFrom(old);
    }
    handler.update(relation, old, row, lsn);
  }

  private void delete(ByteBuffer message, long lsn) throws InterruptedException {
    RelationMessage relation = relationOf(message);
    handler.delete(relation, oldRow(message, relation, message.get()), lsn);
  }

  private void truncate(ByteBuffer message, long lsn) throws InterruptedException {
    int count = message.getInt();
    message.get(); // CASCADE, RESTART IDENTITY
    for (int i = 0; i < count; i++) {
      handler.truncate(relationOf(message), lsn);
    }
  }

  private Tuple newRow(ByteBuffer message, RelationMessage relation, byte kind) {
    require(kind == 'N', kind);
    return tuple(message, relation);
  }

  private Tuple oldRow(ByteBuffer message, RelationMessage relation, byte kind) {
    require(kind == 'K' || kind == 'O', kind);
    return tuple(message, relation);
  }

  private static void require(boolean isKnown, byte kind) {
    if (!isKnown) {
      throw new UnknownMessageException("a row of kind " + name(kind));
    }
  }

  private Tuple tuple(ByteBuffer message, RelationMessage relation) {
    int count = message.getShort();
    if (count != relation.columns().size()) {
      throw new UnknownMessageException(
          "a row of "
              + count
              + " values of table "
              + relation.oid()
              + ", which was announced with "
              + relation.columns().size());
    }
    int[] places = new int[2 * count];
    for (int i = 0; i < count; i++) {
      byte valueKind = message.get();
      places[count + i] =
          switch (valueKind) {
            case 'n' -> Tuple.NULL;
            case 'u' -> Tuple.UNCHANGED;
            case 't' -> message.getInt();
            default -> throw new UnknownMessageException("a value of kind " + name(valueKind));
          };
      if (valueKind == 't') {
        places[i] = message.arrayOffset() + message.position();
        skip(message, places[count + i]);
      }
    }
    return new Tuple(encoding, message.array(), places);
  }

  private static void skip(ByteBuffer message, int length) {
    if (length < 0 || length > message.remaining()) {
      throw new BufferUnderflowException();
    }
    message.position(message.position() + length);
  }

  private String string(ByteBuffer message) {
    int start = message.position();
    while (message.get() != 0) {
      // looks for the end
    }
    return encoding.decode(
        message.array(), message.arrayOffset() + start, message.position() - 1 - start);
  }

  private static String name(byte letter) {
    return letter > ' ' && letter < 0x7f
        ? "'" + (char) letter + "'"
        : Integer.toString(letter & 0xff);
  }
}
