package io.gkp.connector.mapping.value;

import com.fasterxml.jackson.core.io.JsonStringEncoder;

/**
 * An {@code hstore}, {@code "a"=>"1", "b"=>NULL}, as a JSON object of strings and nulls.
 *
 * <p>The driver's {@code HStoreConverter} is no help: it does not keep the order of the keys, and
 * it takes text that is none for another value, such as {@code "a"=>x} for an empty one.
 *
 * @see <a href="https://www.postgresql.org/docs/current/hstore.html">PostgreSQL: hstore</a>
 */
final class HstoreEncoder implements ValueEncoder {
  @Override
  public String encode(String text) throws Unrepresentable {
    StringBuilder json = new StringBuilder(text.length() + 2).append('{');
    int at = 0;
    while (at < text.length()) {
      at = quoted(text, at, json);
      json.append(':');
      at = expect(text, at, "=>");
      if (text.startsWith("NULL", at)) {
        json.append("null");
        at += "NULL".length();
      } else {
        at = quoted(text, at, json);
      }
      if (at < text.length()) {
        at = expect(text, at, ", ");
        json.append(',');
      }
    }
    return json.append('}').toString();
  }

  private static int quoted(String text, int start, StringBuilder json) throws Unrepresentable {
    int at = expect(text, start, "\"");
    StringBuilder content = new StringBuilder();
    while (at < text.length() && text.charAt(at) != '"') {
      if (text.charAt(at) == '\\') {
        at++;
      }
      content.append(character(text, at++));
    }
    json.append('"');
    JsonStringEncoder.getInstance().quoteAsString(content, json);
    json.append('"');
    return expect(text, at, "\"");
  }

  private static char character(String text, int at) throws Unrepresentable {
    if (at == text.length()) {
      throw Unrepresentable.because(LossyReason.MALFORMED);
    }
    return text.charAt(at);
  }

  private static int expect(String text, int at, String expected) throws Unrepresentable {
    if (!text.startsWith(expected, at)) {
      throw Unrepresentable.because(LossyReason.MALFORMED);
    }
    return at + expected.length();
  }

  @Override
  public void write(String encoded, JsonLine out) {
    out.raw(encoded);
  }
}
