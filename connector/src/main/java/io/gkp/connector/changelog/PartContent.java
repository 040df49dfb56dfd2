package io.gkp.connector.changelog;

import io.gkp.bigquery.Content;
import io.gkp.connector.config.Compression;
import java.io.OutputStream;

/** What takes the rows of a part as they are written. */
abstract class PartContent extends OutputStream {
  static PartContent of(Compression compression) {
    return switch (compression) {
      case GZIP -> new Gzip();
      case NONE -> new Plain();
    };
  }

  @Override
  public void write(int b) {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public abstract void write(byte[] source, int offset, int count);

  /** All that was written, as it is loaded; nothing more may be written then. */
  abstract Content finish();

  private static final class Plain extends PartContent {
    private final Content.Collector rows = new Content.Collector();

    @Override
    public void write(byte[] source, int offset, int count) {
      rows.write(source, offset, count);
    }

    @Override
    Content finish() {
      return rows.finish();
    }
  }
}
