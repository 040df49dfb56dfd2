package io.gkp.connector.source;

import io.gkp.connector.session.ServerText;

/**
 * Reads rows of {@code COPY ... TO STDOUT} in its text format: tab-separated, {@code \N} for NULL,
 * backslash escapes.
 *
 * @see <a href="https://www.postgresql.org/docs/current/sql-copy.html#id-1.9.3.55.9.2">COPY text
 *     format</a>
 */
final class CopyText {
  private CopyText() {}

  /**
   * @param line one row as the server sent it, in its own encoding, with or without its line feed
   * @param columns how many values it holds
   */
  static String[] row(byte[] line, int columns, ServerText text) {
    String[] values = new String[columns];
    int end = line.length > 0 && line[line.length - 1] == '\n' ? line.length - 1 : line.length;
    int start = 0;
    for (int column = 0; column < columns; column++) {
      int stop = start;
      boolean escaped = false;
      while (stop < end && line[stop] != '\t') {
        escaped |= line[stop] == '\\';
        stop++;
      }
      values[column] =
          escaped ? unescape(line, start, stop, text) : text.decode(line, start, stop - start);
      start = stop + 1;
    }
    return values;
  }

  private static String unescape(byte[] line, int start, int stop, ServerText text) {
    if (stop - start == 2 && line[start + 1] == 'N') {
      return null;
    }
    byte[] plain = new byte[stop - start];
    int length = 0;
    for (int i = start; i < stop; i++) {
      byte b = line[i];
      if (b == '\\') {
        b = control(line[++i]);
      }
      plain[length++] = b;
    }
    return text.decode(plain, 0, length);
  }

  /** COPY TO writes no octal or hexadecimal escapes. */
  private static byte control(byte letter) {
    return switch (letter) {
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'v' -> 0x0B;
      default -> letter;
    };
  }
}
