package io.gkp.localbigquery.load;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The records of a CSV file, as RFC 4180 has them. Blank lines are left out. Holds one record in
 * memory.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc4180">RFC 4180</a>
 */
final class CsvReader implements Closeable {
  private static final int BUFFER = 1 << 16;
  private static final int END = -1;

  private final InputStream in;
  private final CsvFormat format;
  private final ByteArrayOutputStream text = new ByteArrayOutputStream();
  private long consumed;
  private long line = 1;
  private long start;
  private long number;
  private int current;

  /** A field, and whether it stood in quotes. */
  record Field(String text, boolean quoted) {
    boolean isNull(CsvFormat format) {
      return format.nullMarkers().contains(text) && !quoted;
    }
  }

  /** Passes over the format's header. */
  CsvReader(Path file, CsvFormat format) throws IOException {
    this.in = Unzipped.open(file, BUFFER);
    this.format = format;
    for (int i = 0; i < format.header(); i++) {
      next();
    }
  }

  /**
   * The next record; nothing at the file's end.
   *
   * @throws RowException where a quoted field does not end, or goes on behind its quote
   */
  List<Field> next() throws IOException {
    do {
      start = consumed;
      number = line;
      advance();
    } while (current == '\n' || current == '\r');
    if (current == END) {
      return List.of();
    }
    List<Field> fields = new ArrayList<>();
    fields.add(field());
    while (current == format.delimiter()) {
      advance();
      fields.add(field());
    }
    if (current == '\r') {
      advance();
    }
    return fields;
  }

  /** Reads up to the delimiter or the line's end, which is current then. */
  private Field field() throws IOException {
    text.reset();
    boolean quoted = format.quote() != 0 && current == format.quote();
    if (quoted) {
      quoted();
    }
    while (current != format.delimiter() && current != '\n' && current != END) {
      if (current == '\r' && peekIsNewline()) {
        break;
      }
      if (quoted) {
        throw new RowException(
            "Data between close quote character (" + format.quote() + ") and field separator.",
            null);
      }
      append();
    }
    return new Field(text.toString(StandardCharsets.UTF_8), quoted);
  }

  private void quoted() throws IOException {
    while (true) {
      advance();
      if (current == END || current == '\n' && !format.quotedNewlines()) {
        throw new RowException("Missing close quote character (" + format.quote() + ").", null);
      }
      if (current == format.quote()) {
        advance();
        if (current != format.quote()) {
          return;
        }
      }
      text.write(current);
    }
  }

  private void append() throws IOException {
    if (text.size() == NdjsonLines.LONGEST_LINE) {
      throw new RowException("Row size is larger than: " + NdjsonLines.LONGEST_LINE, null);
    }
    text.write(current);
    advance();
  }

  private boolean peekIsNewline() throws IOException {
    in.mark(1);
    int next = in.read();
    in.reset();
    return next == '\n';
  }

  private void advance() throws IOException {
    current = in.read();
    consumed += current == END ? 0 : 1;
    line += current == '\n' ? 1 : 0;
  }

  /** The line on which the record begins, counted from 1. */
  long number() {
    return number;
  }

  /** Where the record starts, in bytes. */
  long start() {
    return start;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
