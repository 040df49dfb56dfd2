package io.gkp.connector.property;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.math.BigDecimal;
import java.util.List;

/** Values as literals for statements, and as texts that are equal when the values are. */
final class SourceValue {
  /** Longer than a row may be before Postgres moves its values out of it. */
  private static final int LONG = 2_100;

  private static final int SHOWN = 40;
  private static final ObjectMapper JSON =
      new ObjectMapper().configure(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS, true);

  private SourceValue() {}

  /** What a statement does to a column. */
  enum Kind {
    /** An update leaves it, an insert makes it NULL. */
    KEPT,
    NULL,
    SHORT,
    LONG
  }

  /** The kind of the n-th column in an encoded choice for all of them. */
  static Kind kind(int choice, int column) {
    return Kind.values()[(choice >> (2 * column)) & 3];
  }

  /**
   * A literal.
   *
   * @param number makes the value unlike any other
   */
  static String literal(String type, Kind kind, int number) {
    if (kind == Kind.KEPT || kind == Kind.NULL) {
      return "NULL";
    }
    String tail = kind == Kind.LONG ? "x".repeat(LONG) : "";
    return switch (type) {
      case "int" -> String.valueOf(number);
      case "numeric" -> number + (kind == Kind.LONG ? "7".repeat(2 * LONG) : ".5");
      case "numeric(12,2)" -> number + ".25";
      case "text" -> "'v" + number + tail + "'";
      case "text[]" -> "'{a" + number + tail + ",b}'";
      case "jsonb" -> "'{\"n\": " + number + ", \"a\": [\"" + tail + "\", null]}'";
      case "bytea" ->
          "'\\x" + "%08x".formatted(number) + (tail.isEmpty() ? "" : "ab".repeat(LONG)) + "'";
      default -> throw new IllegalArgumentException(type);
    };
  }

  /** Of a value as Postgres prints it. */
  static String ofPostgres(String type, String text) {
    return switch (type) {
      case "numeric", "numeric(12,2)" -> number(text);
      case "text[]" -> array(List.of(text.substring(1, text.length() - 1).split(",")));
      case "jsonb" -> json(text);
      case "bytea" -> shorten(text.substring(2));
      default -> shorten(text);
    };
  }

  static String number(String text) {
    return shorten(new BigDecimal(text).stripTrailingZeros().toPlainString());
  }

  static String json(String text) {
    try {
      return shorten(JSON.writeValueAsString(JSON.readValue(text, Object.class)));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  static String array(List<String> elements) {
    return shorten(elements.toString());
  }

  /** Nobody reads thousands of letters in a failed comparison. */
  static String shorten(String text) {
    return text.length() <= SHOWN
        ? text
        : text.substring(0, SHOWN / 2) + "..." + text.length() + "#" + text.hashCode();
  }
}
