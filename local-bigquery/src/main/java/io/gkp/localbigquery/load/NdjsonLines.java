package io.gkp.localbigquery.load;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;

/**
 * The lines of a file, gzipped or not, one at a time; blank ones are left out. Holds one line in
 * memory.
 */
final class NdjsonLines implements Closeable {
  /** The largest row that the real service takes. */
  static final int LONGEST_LINE = 100 << 20;

  private static final int BUFFER = 1 << 16;

  private final InputStream in;
  private final byte[] buffer = new byte[BUFFER];
  private int next;
  private int filled;
  private byte[] line = new byte[1024];
  private int length;
  private long number;
  private long start;
  private long consumed;

  NdjsonLines(Path file) throws IOException {
    InputStream raw = new BufferedInputStream(Files.newInputStream(file), BUFFER);
    raw.mark(2);
    boolean gzipped = raw.read() == 0x1f && raw.read() == 0x8b;
    raw.reset();
    this.in = gzipped ? new GZIPInputStream(raw, BUFFER) : raw;
  }

  /**
   * Moves to the next line that is not blank.
   *
   * @throws RowException where it is longer than the real service takes
   */
  boolean next() throws IOException {
    while (readLine()) {
      number++;
      if (!isBlank()) {
        return true;
      }
    }
    return false;
  }

  /** The line's bytes, from 0 to {@link #length}; used again for the next line. */
  byte[] bytes() {
    return line;
  }

  int length() {
    return length;
  }

  /** Counted from 1, blank lines included. */
  long number() {
    return number;
  }

  /** Where the line starts in the (unzipped) file, in bytes. */
  long start() {
    return start;
  }

  private boolean readLine() throws IOException {
    length = 0;
    start = consumed;
    while (true) {
      if (next == filled) {
        next = 0;
        filled = Math.max(0, in.read(buffer));
        if (filled == 0) {
          return consumed > start;
        }
      }
      int end = next;
      while (end < filled && buffer[end] != '\n') {
        end++;
      }
      append(end - next);
      consumed += end - next;
      next = end;
      if (end < filled) {
        next++;
        consumed++;
        return true;
      }
    }
  }

  private void append(int count) {
    if (length + count > LONGEST_LINE) {
      throw new RowException("Row size is larger than: " + LONGEST_LINE, null);
    }
    if (length + count > line.length) {
      line = Arrays.copyOf(line, Math.max(line.length * 2, length + count));
    }
    System.arraycopy(buffer, next, line, length, count);
    length += count;
  }

  private boolean isBlank() {
    for (int i = 0; i < length; i++) {
      if (line[i] != ' ' && line[i] != '\t' && line[i] != '\r') {
        return false;
      }
    }
    return true;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
