package io.gkp.localbigquery.load;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.IOException;
import java.math.BigInteger;
import java.util.Map;
import java.util.TreeMap;

/**
 * The text of a JSON column's value: compact, members in order of their names, numbers as the real
 * service keeps them, that is as 64-bit integers where they are such and as doubles otherwise.
 *
 * @see <a
 *     href="https://cloud.google.com/bigquery/docs/reference/standard-sql/data-types#json_type">JSON
 *     type</a>
 */
final class JsonColumn {
  private static final BigInteger UNSIGNED_LIMIT = BigInteger.ONE.shiftLeft(64);

  private JsonColumn() {}

  static String text(JsonParser parser) throws IOException {
    StringBuilder text = new StringBuilder();
    write(parser, text);
    return text.toString();
  }

  private static void write(JsonParser parser, StringBuilder out) throws IOException {
    switch (parser.currentToken()) {
      case START_OBJECT -> object(parser, out);
      case START_ARRAY -> array(parser, out);
      case VALUE_STRING -> string(parser.getText(), out);
      case VALUE_NUMBER_INT -> integer(parser.getBigIntegerValue(), out);
      case VALUE_NUMBER_FLOAT -> out.append(parser.getDoubleValue());
      default -> out.append(parser.getText());
    }
  }

  private static void object(JsonParser parser, StringBuilder out) throws IOException {
    Map<String, String> members = new TreeMap<>();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      members.putIfAbsent(name, text(parser));
    }
    out.append('{');
    String separator = "";
    for (Map.Entry<String, String> member : members.entrySet()) {
      out.append(separator);
      string(member.getKey(), out);
      out.append(':').append(member.getValue());
      separator = ",";
    }
    out.append('}');
  }

  private static void array(JsonParser parser, StringBuilder out) throws IOException {
    out.append('[');
    String separator = "";
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      out.append(separator);
      write(parser, out);
      separator = ",";
    }
    out.append(']');
  }

  private static void integer(BigInteger value, StringBuilder out) {
    boolean exact =
        value.bitLength() < Long.SIZE || value.signum() > 0 && value.compareTo(UNSIGNED_LIMIT) < 0;
    if (exact) {
      out.append(value);
    } else {
      out.append(value.doubleValue());
    }
  }

  private static void string(String value, StringBuilder out) {
    out.append('"');
    JsonStringEncoder.getInstance().quoteAsString(value, out);
    out.append('"');
  }
}
