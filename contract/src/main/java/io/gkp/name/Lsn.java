package io.gkp.name;

/**
 * A position in PostgreSQL's write-ahead log, as an unsigned 64-bit byte offset.
 *
 * @see <a href="https://www.postgresql.org/docs/current/datatype-pg-lsn.html">pg_lsn</a>
 */
public record Lsn(long value) implements Comparable<Lsn> {
  /** No position yet. */
  public static final Lsn NONE = new Lsn(0);

  /**
   * Reads PostgreSQL's form, such as {@code 16/B374D848}.
   *
   * @throws IllegalArgumentException when the text is not of that form
   */
  public static Lsn parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 1) {
      throw new IllegalArgumentException("Not an LSN (expected the form 16/B374D848): " + text);
    }
    long high = Long.parseLong(text.substring(0, slash), 16);
    long low = Long.parseLong(text.substring(slash + 1), 16);
    return new Lsn(high << 32 | low);
  }

  @Override
  public int compareTo(Lsn other) {
    return Long.compareUnsigned(value, other.value);
  }

  public boolean isAfter(Lsn other) {
    return compareTo(other) > 0;
  }

  @Override
  public String toString() {
    return Long.toHexString(value >>> 32).toUpperCase()
        + "/"
        + Long.toHexString(value & 0xFFFFFFFFL).toUpperCase();
  }
}
