package io.gkp.connector.changelog;

import io.gkp.bigquery.Content;
import io.gkp.connector.mapping.ChangeOp;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/** Rows of one part, compressed as they come. */
final class PartBuffer {
  private static final int BUFFER = 64 * 1024;

  private final PartId id;
  private final int attempt;
  private final Content.Collector compressed = new Content.Collector();
  private final CountingStream out;
  private final long[] rowsByOp = new long[ChangeOp.values().length];
  private long lossy;
  private Instant lastCommittedAt;

  PartBuffer(PartId id, int attempt) {
    this.id = id;
    this.attempt = attempt;
    try {
      this.out = new CountingStream(new FastGzip(compressed));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where the next row is written to; {@link #rowWritten} follows. */
  OutputStream out() {
    return out;
  }

  void rowWritten(ChangeOp op, Instant committedAt, int lossyValues) {
    rowsByOp[op.ordinal()]++;
    lossy += lossyValues;
    if (committedAt != null) {
      lastCommittedAt = committedAt;
    }
  }

  long jsonBytes() {
    return out.bytes;
  }

  Part finish(ChangelogTable table, Cut cut, Instant ingestedAt) {
    try {
      out.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Part(
        id,
        table.schema(),
        compressed.finish(),
        new PartContents(rowsByOp, out.bytes, lossy, lastCommittedAt),
        cut,
        ingestedAt,
        attempt);
  }

  /** The fastest level: it already shrinks JSON rows several times. */
  private static final class FastGzip extends GZIPOutputStream {
    FastGzip(OutputStream out) throws IOException {
      super(out, BUFFER);
      def.setLevel(Deflater.BEST_SPEED);
    }
  }

  private static final class CountingStream extends OutputStream {
    private final OutputStream target;
    private long bytes;

    CountingStream(OutputStream target) {
      this.target = target;
    }

    @Override
    public void write(int b) throws IOException {
      target.write(b);
      bytes++;
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
      target.write(source, offset, length);
      bytes += length;
    }

    @Override
    public void close() throws IOException {
      target.close();
    }
  }
}
