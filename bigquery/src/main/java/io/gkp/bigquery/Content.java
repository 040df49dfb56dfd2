package io.gkp.bigquery;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.List;

/** Bytes in pieces: what was written is not copied, and little is reserved for what may come. */
public final class Content {
  private final List<ByteBuffer> pieces;
  private final int length;

  private Content(List<ByteBuffer> pieces) {
    this.pieces = List.copyOf(pieces);
    this.length = pieces.stream().mapToInt(ByteBuffer::remaining).sum();
  }

  public static Content of(byte[] bytes) {
    return new Content(List.of(ByteBuffer.wrap(bytes)));
  }

  /** In bytes. */
  public int length() {
    return length;
  }

  /** Writes all bytes, each time it is called. */
  public void writeTo(WritableByteChannel channel) throws IOException {
    for (ByteBuffer piece : pieces) {
      ByteBuffer unread = piece.duplicate();
      while (unread.hasRemaining()) {
        channel.write(unread);
      }
    }
  }

  /** Collects content. */
  public static final class Collector extends OutputStream {
    private static final int PIECE = 64 * 1024;

    private final List<ByteBuffer> full = new ArrayList<>();
    private ByteBuffer last = ByteBuffer.allocate(PIECE);

    @Override
    public void write(int b) {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] source, int offset, int length) {
      int from = offset;
      int left = length;
      while (left > 0) {
        if (!last.hasRemaining()) {
          full.add(last.flip());
          last = ByteBuffer.allocate(PIECE);
        }
        int some = Math.min(left, last.remaining());
        last.put(source, from, some);
        from += some;
        left -= some;
      }
    }

    /** What was written; nothing more may be written then. */
    public Content finish() {
      full.add(last.flip());
      return new Content(full);
    }
  }
}
