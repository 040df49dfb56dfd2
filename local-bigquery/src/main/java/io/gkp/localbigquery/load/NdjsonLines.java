package io.gkp.localbigquery.load;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The lines of a file, gzipped or not, one at a time; blank ones are left out. Holds one line in
 * memory.
 */
final class NdjsonLines implements Records {
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
    this.in = Unzipped.open(file, BUFFER);
  }

  /**
   * Moves to the next line that is not blank.
   *
   * @throws RowException where it is longer than the real service takes
   */
  @Override
  public boolean next() throws IOException {
    while (readLine()) {
      number++;
      if (!isBlank()) {
        return true;
      }
    }
    return false;
  }

  @Override
  public byte[] bytes() {
    return line;
  }

  @Override
  public int length() {
    return length;
  }

  /** Counted from 1, blank lines included. */
  @Override
  public long number() {
    return number;
  }

  @Override
  public long start() {
    return start;
  }

  @Override
  public String format() {
    return "JSON";
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
