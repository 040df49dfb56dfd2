package io.gkp.connector.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gkp.connector.session.ServerText;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Messages byte by byte; that servers send such ones is what all other tests show. */
class PgOutputReaderTest {
  private final List<String> said = new ArrayList<>();
  private final PgOutputReader reader = new PgOutputReader(ServerText.UTF_8, new Said());

  @Test
  void aTransactionIsToldInItsOrder() throws InterruptedException {
    read(new Message('B').int8(100).int8(1_000_000).int4(-2));
    read(table(7, "public", "t", 'd'));
    read(new Message('Y').int4(90).text("public").text("mood"));
    read(new Message('I').int4(7).raw('N').int2(2).value("1").value("é"));
    read(new Message('U').int4(7).raw('K').int2(2).value("1").raw('n').row("2", "x"));
    read(new Message('D').int4(7).raw('K').int2(2).value("2").raw('n'));
    read(new Message('T').int4(2).raw(3).int4(7).int4(7));
    read(new Message('C').raw(0).int8(100).int8(120).int8(1_000_000));

    assertThat(said)
        .containsExactly(
            "begin 4294967294 2000-01-01T00:00:01Z",
            "insert t [1, é]",
            "update t [1, null] to [2, x]",
            "delete t [2, null]",
            "truncate t",
            "truncate t",
            "commit 120");
  }

  @Test
  void whatIsUnchangedComesFromTheOldRowWhereThatHasIt() throws InterruptedException {
    read(table(7, "public", "t", 'f'));
    read(
        new Message('U')
            .int4(7)
            .raw('O')
            .int2(2)
            .value("1")
            .value("long")
            .raw('N')
            .int2(2)
            .value("2")
            .raw('u'));
    read(new Message('U').int4(7).raw('N').int2(2).value("3").raw('u'));

    assertThat(said)
        .containsExactly("update t [1, long] to [2, long]", "update t null to [3, unchanged]");
  }

  @Test
  void aTableThatIsAnnouncedAgainIsWhatItIsNow() throws InterruptedException {
    read(table(7, "public", "t", 'd'));
    read(table(7, "public", "renamed", 'd'));
    read(new Message('I').int4(7).row("1", "x"));
    assertThat(said).containsExactly("insert renamed [1, x]");
  }

  @Test
  void whatIsNotKnownIsRefused() throws InterruptedException {
    read(table(7, "public", "t", 'd'));
    assertRefused(new Message('S').int4(1), "type 'S'");
    assertRefused(new Message('M').raw(0).int8(1).text("x").int4(0), "type 'M'");
    assertRefused(new Message(0), "type 0");
    assertRefused(new Message('C').raw(1).int8(1).int8(2).int8(3), "a commit with flags 1");
    assertRefused(new Message('I').int4(8).row("1", "x"), "table 8, which was not announced");
    assertRefused(new Message('I').int4(7).raw('X').int2(0), "a row of kind 'X'");
    assertRefused(new Message('D').int4(7).row("1", "x"), "a row of kind 'N'");
    assertRefused(new Message('I').int4(7).raw('N').int2(1).value("1"), "a row of 1 values");
    assertRefused(
        new Message('I').int4(7).raw('N').int2(2).value("1").raw('b').int4(0),
        "a value of kind 'b'");
    assertRefused(new Message('I').int4(7).raw('N').int2(2).value("1"), "ends too early");
    assertRefused(
        new Message('I').int4(7).raw('N').int2(2).value("1").raw('t').int4(9), "ends too early");
    assertThat(said).isEmpty();
    assertRefused(new Message('I').int4(7).row("1", "x").raw(0), "with 1 more bytes");
  }

  private void assertRefused(Message message, String why) {
    assertThatThrownBy(() -> read(message))
        .isInstanceOf(UnknownMessageException.class)
        .hasMessageContaining(why);
  }

  private void read(Message message) throws InterruptedException {
    byte[] bytes = message.bytes.toByteArray();
    byte[] among = new byte[bytes.length + 10]; // as in a chunk
    System.arraycopy(bytes, 0, among, 5, bytes.length);
    reader.read(ByteBuffer.wrap(among, 5, bytes.length), 42);
  }

  private static Message table(int oid, String schema, String name, int identity) {
    return new Message('R')
        .int4(oid)
        .text(schema)
        .text(name)
        .raw(identity)
        .int2(2)
        .raw(1)
        .text("id")
        .int4(23)
        .int4(-1)
        .raw(0)
        .text("v")
        .int4(25)
        .int4(-1);
  }

  /** A message that is being written. */
  private static final class Message {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    Message(int type) {
      raw(type);
    }

    Message raw(int value) {
      bytes.write(value);
      return this;
    }

    Message int2(int value) {
      bytes.writeBytes(ByteBuffer.allocate(2).putShort((short) value).array());
      return this;
    }

    Message int4(int value) {
      bytes.writeBytes(ByteBuffer.allocate(4).putInt(value).array());
      return this;
    }

    Message int8(long value) {
      bytes.writeBytes(ByteBuffer.allocate(8).putLong(value).array());
      return this;
    }

    Message text(String value) {
      bytes.writeBytes(value.getBytes(UTF_8));
      return raw(0);
    }

    Message value(String value) {
      byte[] utf8 = value.getBytes(UTF_8);
      raw('t').int4(utf8.length);
      bytes.writeBytes(utf8);
      return this;
    }

    Message row(String... values) {
      raw('N').int2(values.length);
      Arrays.stream(values).forEach(this::value);
      return this;
    }
  }

  private final class Said implements PgOutputHandler {
    @Override
    public void begin(long xid, Instant committedAt) {
      said.add("begin " + xid + " " + committedAt);
    }

    @Override
    public void insert(RelationMessage relation, Tuple row, long lsn) {
      said.add("insert " + relation.name() + " " + texts(row));
    }

    @Override
    public void update(RelationMessage relation, Tuple old, Tuple row, long lsn) {
      said.add("update " + relation.name() + " " + texts(old) + " to " + texts(row));
    }

    @Override
    public void delete(RelationMessage relation, Tuple old, long lsn) {
      said.add("delete " + relation.name() + " " + texts(old));
    }

    @Override
    public void truncate(RelationMessage relation, long lsn) {
      said.add("truncate " + relation.name());
    }

    @Override
    public void commit(long end) {
      said.add("commit " + end);
    }
  }

  private static String texts(Tuple row) {
    if (row == null) {
      return "null";
    }
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < row.size(); i++) {
      texts.add(row.isUnchanged(i) ? "unchanged" : row.text(i));
    }
    return texts.toString();
  }
}
