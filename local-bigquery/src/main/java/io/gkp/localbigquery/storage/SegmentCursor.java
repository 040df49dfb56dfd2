package io.gkp.localbigquery.storage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/** Reads the rows of several segments, opening one at a time. */
final class SegmentCursor implements Warehouse.RowCursor {
  private final Path directory;
  private final Iterator<Segment> segments;
  private final List<Column> wanted;
  private final Runnable onClose;
  private SegmentReader reader;
  private long left;
  private long limit;
  private boolean closed;

  SegmentCursor(
      Path directory,
      List<Segment> segments,
      List<Column> wanted,
      long skip,
      long limit,
      Runnable onClose) {
    this.directory = directory;
    this.segments = segments.iterator();
    this.wanted = wanted;
    this.limit = limit;
    this.onClose = onClose;
    skip(skip);
  }

  private void skip(long rows) {
    long toSkip = rows;
    while (toSkip > 0 && segments.hasNext()) {
      Segment segment = segments.next();
      if (segment.rows() <= toSkip) {
        toSkip -= segment.rows();
        continue;
      }
      open(segment);
      for (; toSkip > 0; toSkip--, left--) {
        try {
          reader.skip();
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  @Override
  public boolean hasNext() {
    while (left == 0 && segments.hasNext()) {
      open(segments.next());
    }
    return limit > 0 && left > 0;
  }

  @Override
  public Object[] next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    left--;
    limit--;
    try {
      return reader.read();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void open(Segment segment) {
    try {
      closeReader();
      reader = new SegmentReader(directory.resolve(segment.file()), wanted);
      left = segment.rows();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void closeReader() throws IOException {
    if (reader != null) {
      reader.close();
      reader = null;
    }
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      closeReader();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      onClose.run();
    }
  }
}
