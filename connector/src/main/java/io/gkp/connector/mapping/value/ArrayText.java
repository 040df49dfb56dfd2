package io.gkp.connector.mapping.value;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads the text of a one-dimensional array without NULLs: {@code {a,"b c","d\"e"}}.
 *
 * @see <a href="https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO">PostgreSQL: array
 *     input and output syntax</a>
 */
public final class ArrayText {
  private final String text;
  private final char delimiter;
  private int at;

  private ArrayText(String text, char delimiter) {
    this.text = text;
    this.delimiter = delimiter;
  }

  /**
   * The elements' texts, in order.
   *
   * @throws Unrepresentable when BigQuery has no array that says the same
   */
  public static List<String> elements(String text, char delimiter) throws Unrepresentable {
    return new ArrayText(text, delimiter).read();
  }

  private List<String> read() throws Unrepresentable {
    if (text.startsWith("[")) {
      // Bounds are printed for every dimension once one of them does not start at 1.
      throw Unrepresentable.because(
          text.contains("={{") ? LossyReason.DIMENSIONS : LossyReason.LOWER_BOUND);
    }
    if (!text.startsWith("{")) {
      throw Unrepresentable.because(LossyReason.MALFORMED);
    }
    List<String> elements = new ArrayList<>();
    at = 1;
    if (charAt() == '}') {
      return elements;
    }
    while (true) {
      elements.add(charAt() == '"' ? quoted() : plain());
      char c = charAt();
      at++;
      if (c == '}') {
        return elements;
      }
      if (c != delimiter) {
        throw Unrepresentable.because(LossyReason.MALFORMED);
      }
    }
  }

  private String quoted() throws Unrepresentable {
    StringBuilder element = new StringBuilder();
    at++;
    while (charAt() != '"') {
      if (charAt() == '\\') {
        at++;
      }
      element.append(charAt());
      at++;
    }
    at++;
    return element.toString();
  }

  private String plain() throws Unrepresentable {
    if (charAt() == '{') {
      throw Unrepresentable.because(LossyReason.DIMENSIONS);
    }
    StringBuilder element = null;
    int start = at;
    while (charAt() != delimiter && charAt() != '}') {
      if (charAt() == '\\') {
        element = element == null ? new StringBuilder() : element;
        element.append(text, start, at);
        start = ++at;
      }
      at++;
    }
    String plain = text.substring(start, at);
    if (element != null) {
      return element.append(plain).toString();
    }
    if (plain.equals("NULL")) {
      throw Unrepresentable.because(LossyReason.NULL_ELEMENT);
    }
    return plain;
  }

  private char charAt() throws Unrepresentable {
    if (at >= text.length()) {
      throw Unrepresentable.because(LossyReason.MALFORMED);
    }
    return text.charAt(at);
  }
}
