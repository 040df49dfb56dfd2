package io.gkp.connector.mapping.value;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * A line of newline-delimited JSON that is being written, in UTF-8. What is written last can be cut
 * off again. Knows neither fields nor types; nothing checks that the brackets match.
 */
public final class JsonLine {
  private static final int FIRST_CAPACITY = 4_096;

  /** A larger buffer is not kept for the next line. */
  private static final int KEPT_CAPACITY = 1 << 20;

  /** Room is made for so many bytes at once, each of which may become {@link #LONGEST_ESCAPE}. */
  private static final int BLOCK = 1_024;

  private static final int LONGEST_ESCAPE = 6;
  private static final int LONGEST_NUMBER = 20;

  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGH_BITS = 0x80 * ONES;
  private static final long SPACES = ' ' * ONES;
  private static final long QUOTES = '"' * ONES;
  private static final long BACKSLASHES = '\\' * ONES;

  /** What stands for a byte; null for itself. */
  private static final byte[][] ESCAPES = new byte[256][];

  static {
    HexFormat hex = HexFormat.of().withUpperCase();
    for (int control = 0; control < ' '; control++) {
      ESCAPES[control] = ascii("\\u" + hex.toHexDigits((short) control));
    }
    ESCAPES['\b'] = ascii("\\b");
    ESCAPES['\t'] = ascii("\\t");
    ESCAPES['\n'] = ascii("\\n");
    ESCAPES['\f'] = ascii("\\f");
    ESCAPES['\r'] = ascii("\\r");
    ESCAPES['"'] = ascii("\\\"");
    ESCAPES['\\'] = ascii("\\\\");
  }

  private byte[] bytes = new byte[FIRST_CAPACITY];
  private int length;

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** How {@link #name} takes a field's name. */
  public static byte[] quoted(String name) {
    JsonLine line = new JsonLine();
    line.string(name);
    line.raw(':');
    return Arrays.copyOf(line.bytes, line.length);
  }

  /** What holds the line, from its beginning. */
  public byte[] bytes() {
    return bytes;
  }

  /** How long the line is by now, in bytes. */
  public int length() {
    return length;
  }

  /** Takes back what is behind an earlier {@link #length}. */
  public void cut(int earlier) {
    length = earlier;
  }

  /** Begins another line. */
  public void clear() {
    length = 0;
    if (bytes.length > KEPT_CAPACITY) {
      bytes = new byte[FIRST_CAPACITY];
    }
  }

  /** A bracket, a brace, or the line feed. */
  public void raw(char sign) {
    room(1);
    bytes[length++] = (byte) sign;
  }

  /** A value that is JSON already. */
  public void raw(String json) {
    raw(json.getBytes(StandardCharsets.UTF_8));
  }

  private void raw(byte[] json) {
    raw(json, 0, json.length);
  }

  /** The same, from UTF-8. */
  public void raw(byte[] json, int from, int count) {
    room(count);
    System.arraycopy(json, from, bytes, length, count);
    length += count;
  }

  /** Begins a field, behind those that the object has. */
  public void name(byte[] quoted) {
    separate('{');
    raw(quoted);
  }

  /** Separates a value from the one before it in an object or array that opens so. */
  public void separate(char opening) {
    if (bytes[length - 1] != opening) {
      raw(',');
    }
  }

  public void number(long value) {
    room(LONGEST_NUMBER);
    if (value < 0) {
      raw(Long.toString(value));
      return;
    }
    int digits = 1;
    for (long rest = value; rest >= 10; rest /= 10) {
      digits++;
    }
    long rest = value;
    for (int i = length + digits - 1; i >= length; i--) {
      bytes[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    length += digits;
  }

  public void string(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    string(utf8, 0, utf8.length);
  }

  /**
   * A string, from UTF-8 that nobody has checked.
   *
   * @return whether all of it is ASCII
   */
  public boolean string(byte[] utf8, int from, int count) {
    if (count > BLOCK) {
      // At once: a line that grows to megabytes step by step leaves them behind several times over.
      room(count + LONGEST_ESCAPE * BLOCK);
    }
    raw('"');
    boolean isAscii = escape(utf8, from, from + count);
    raw('"');
    return isAscii;
  }

  private boolean escape(byte[] utf8, int from, int end) {
    long seen = 0;
    int i = from;
    while (i < end) {
      int stop = Math.min(i + BLOCK, end);
      room(LONGEST_ESCAPE * (stop - i));
      byte[] out = bytes;
      int n = length;
      while (i < stop) {
        while (i + Long.BYTES <= stop) {
          long word = (long) WORD.get(utf8, i);
          if (needsEscape(word)) {
            break;
          }
          WORD.set(out, n, word);
          seen |= word;
          i += Long.BYTES;
          n += Long.BYTES;
        }
        for (int wordEnd = Math.min(i + Long.BYTES, stop); i < wordEnd; i++) {
          byte b = utf8[i];
          byte[] escape = ESCAPES[b & 0xff];
          seen |= b;
          if (escape == null) {
            out[n++] = b;
          } else {
            System.arraycopy(escape, 0, out, n, escape.length);
            n += escape.length;
          }
        }
      }
      length = n;
    }
    return (seen & HIGH_BITS) == 0;
  }

  /**
   * Whether one of eight bytes is below a space, a quote or a backslash.
   *
   * @see <a href="https://graphics.stanford.edu/~seander/bithacks.html#HasLessInWord">how it is
   *     told of all at once</a>
   */
  private static boolean needsEscape(long word) {
    long quotes = word ^ QUOTES;
    long backslashes = word ^ BACKSLASHES;
    return ((word - SPACES & ~word | quotes - ONES & ~quotes | backslashes - ONES & ~backslashes)
            & HIGH_BITS)
        != 0;
  }

  private void room(int more) {
    if (length + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(length + more, bytes.length + (bytes.length >> 1)));
    }
  }
}
