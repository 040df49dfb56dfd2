package io.gkp.connector.wire;

import io.gkp.connector.session.ServerText;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The values of one row as the server sent them. They stay where they came, in the bytes of a
 * message, until somebody asks for one: whoever keeps a tuple {@linkplain #compact compacts} it.
 */
public final class Tuple {
  /** The length of what is not there. */
  static final int NULL = -1;

  /** The length of what was not sent. */
  static final int UNCHANGED = -2;

  private final ServerText encoding;
  private final byte[] data;

  /** Of each value where it begins and, in the second half, its length. */
  private final int[] places;

  Tuple(ServerText encoding, byte[] data, int[] places) {
    this.encoding = encoding;
    this.data = data;
    this.places = places;
  }

  /** A row of these texts; null for NULL. */
  public static Tuple of(String... texts) {
    byte[][] values = new byte[texts.length][];
    int[] places = new int[2 * texts.length];
    int length = 0;
    for (int i = 0; i < texts.length; i++) {
      values[i] = texts[i] == null ? new byte[0] : texts[i].getBytes(StandardCharsets.UTF_8);
      places[i] = length;
      places[texts.length + i] = texts[i] == null ? NULL : values[i].length;
      length += values[i].length;
    }
    byte[] data = new byte[length];
    for (int i = 0; i < texts.length; i++) {
      System.arraycopy(values[i], 0, data, places[i], values[i].length);
    }
    return new Tuple(ServerText.UTF_8, data, places);
  }

  /** The number of its values. */
  public int size() {
    return places.length / 2;
  }

  public boolean isNull(int i) {
    return lengthOf(i) == NULL;
  }

  /** Whether Postgres did not send the value, because it is long and the one before. */
  public boolean isUnchanged(int i) {
    return lengthOf(i) == UNCHANGED;
  }

  /** What holds the value, among others. */
  public byte[] data() {
    return data;
  }

  /** Where the value begins in {@link #data}. */
  public int start(int i) {
    return places[i];
  }

  /** The value's length in bytes; 0 for one that is not there. */
  public int length(int i) {
    return Math.max(0, lengthOf(i));
  }

  private int lengthOf(int i) {
    return places[size() + i];
  }

  /** The value as {@link ServerText} has it; null for NULL. */
  public @Nullable String text(int i) {
    return switch (lengthOf(i)) {
      case NULL -> null;
      case UNCHANGED -> throw new IllegalStateException("value " + i + " was not sent");
      default -> encoding.decode(data, start(i), length(i));
    };
  }

  /** All values as {@link #text} gives them. */
  public String[] texts() {
    String[] texts = new String[size()];
    for (int i = 0; i < texts.length; i++) {
      texts[i] = text(i);
    }
    return texts;
  }

  /** Whether the value's bytes are its text in UTF-8. */
  public boolean isUtf8(int i) {
    return encoding.isUtf8(data, start(i), length(i));
  }

  /** Whether both have the same value there. */
  public boolean hasSame(int i, Tuple other) {
    return lengthOf(i) == other.lengthOf(i)
        && Arrays.equals(
            data,
            start(i),
            start(i) + length(i),
            other.data,
            other.start(i),
            other.start(i) + other.length(i));
  }

  /** The same values apart from one that becomes NULL. */
  public Tuple without(int i) {
    int[] others = places.clone();
    others[size() + i] = NULL;
    return new Tuple(encoding, data, others);
  }

  /**
   * The same values among others that are NULL.
   *
   * @param targets the place of each value
   * @param size how many values there are then
   */
  public Tuple among(int[] targets, int size) {
    int[] spread = new int[2 * size];
    Arrays.fill(spread, size, 2 * size, NULL);
    for (int i = 0; i < targets.length; i++) {
      spread[targets[i]] = places[i];
      spread[size + targets[i]] = places[size() + i];
    }
    return new Tuple(encoding, data, spread);
  }

  /** The same values, and no bytes beside them. */
  public Tuple compact() {
    int length = 0;
    for (int i = 0; i < size(); i++) {
      length += length(i);
    }
    byte[] own = new byte[length];
    int[] ownPlaces = places.clone();
    int end = 0;
    for (int i = 0; i < size(); i++) {
      ownPlaces[i] = end;
      System.arraycopy(data, start(i), own, end, length(i));
      end += length(i);
    }
    return new Tuple(encoding, own, ownPlaces);
  }

  /** Takes what is unchanged from the old row; both are of one message. */
  void fillFrom(Tuple old) {
    if (data != old.data || size() != old.size()) {
      throw new IllegalArgumentException("rows of different messages");
    }
    for (int i = 0; i < size(); i++) {
      if (isUnchanged(i) && !old.isNull(i)) {
        places[i] = old.places[i];
        places[size() + i] = old.lengthOf(i);
      }
    }
  }
}
