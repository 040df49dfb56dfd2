package io.gkp.connector.wire;

import io.gkp.connector.session.ServerText;

/**
 * Reads rows of {@code COPY ... TO STDOUT} in its text format: tab-separated, {@code \N} for NULL,
 * backslash escapes.
 *
 * @see <a href="https://www.postgresql.org/docs/current/sql-copy.html#id-1.9.3.55.9.2">COPY text
 *     format</a>
 */
public final class CopyText {
  private CopyText() {}

  /**
   * @param line one row as the server sent it, in its own encoding, with or without its line feed;
   *     the tuple's from now on, which has the escapes taken out of it
   * @param columns how many values it holds
   */
  public static Tuple row(byte[] line, int columns, ServerText encoding) {
    int[] places = new int[2 * columns];
    int end = line.length > 0 && line[line.length - 1] == '\n' ? line.length - 1 : line.length;
    int next = 0;
    for (int column = 0; column < columns; column++) {
      int start = next;
      int length = 0; // of the value; its end is behind the start by as much
      byte b;
      while (next < end && (b = line[next]) != '\t') {
        next++;
        if (b == '\\') {
          b = line[next++];
          if (b == 'N') {
            length = Tuple.NULL;
            break;
          }
          b = control(b);
        }
        line[start + length++] = b;
      }
      places[column] = start;
      places[columns + column] = length;
      next++;
    }
    return new Tuple(encoding, line, places);
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
