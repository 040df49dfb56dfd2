package io.gkp.connector.mapping.value;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a JSON document that Postgres has already parsed, looking only for what BigQuery's JSON
 * type would change or refuse. One pass, no tree.
 *
 * @see <a
 *     href="https://cloud.google.com/bigquery/docs/reference/standard-sql/data-types#json_type">BigQuery:
 *     JSON type</a>
 */
final class JsonDocument {
  /** BigQuery's nesting limit. */
  private static final int MAX_DEPTH = 500;

  private final String text;

  /** The names of each open object; null for an array. */
  private final List<Set<String>> open = new ArrayList<>();

  private int at;
  private boolean nameExpected;
  private boolean lineBreaks;

  private JsonDocument(String text) {
    this.text = text;
  }

  /**
   * The document on one line.
   *
   * @throws Unrepresentable when BigQuery would not give the same document back
   */
  static String compact(String text) throws Unrepresentable {
    JsonDocument document = new JsonDocument(text);
    document.scan();
    if (text.strip().equals("null")) {
      throw Unrepresentable.because(LossyReason.JSON_NULL);
    }
    // Inside strings line breaks are escaped, so these can only stand between tokens.
    return document.lineBreaks ? text.replace('\n', ' ').replace('\r', ' ') : text;
  }

  private void scan() throws Unrepresentable {
    int length = text.length();
    while (at < length) {
      char c = text.charAt(at);
      switch (c) {
        case '{' -> push(new HashSet<>());
        case '[' -> push(null);
        case '}', ']' -> pop();
        case ',' -> {
          nameExpected = !open.isEmpty() && open.get(open.size() - 1) != null;
          at++;
        }
        case '"' -> string();
        case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> number();
        default -> {
          lineBreaks |= c == '\n' || c == '\r';
          at++;
        }
      }
    }
  }

  private void push(@Nullable Set<String> names) throws Unrepresentable {
    if (open.size() == MAX_DEPTH) {
      throw Unrepresentable.because(LossyReason.JSON_DEPTH);
    }
    open.add(names);
    nameExpected = names != null;
    at++;
  }

  private void pop() throws Unrepresentable {
    if (open.isEmpty()) {
      throw Unrepresentable.because(LossyReason.MALFORMED);
    }
    open.remove(open.size() - 1);
    nameExpected = false;
    at++;
  }

  private void string() throws Unrepresentable {
    int start = ++at;
    boolean escapes = false;
    while (true) {
      if (at >= text.length()) {
        throw Unrepresentable.because(LossyReason.MALFORMED);
      }
      char c = text.charAt(at);
      if (c == '"') {
        break;
      }
      if (c == '\\') {
        escapes = true;
        at++;
      }
      at++;
    }
    String raw = escapes || nameExpected ? text.substring(start, at) : "";
    at++;
    String decoded = escapes ? JsonString.decode(raw) : raw;
    if (nameExpected) {
      nameExpected = false;
      if (!open.get(open.size() - 1).add(decoded)) {
        throw Unrepresentable.because(LossyReason.JSON_DUPLICATE_NAME);
      }
    }
  }

  private void number() throws Unrepresentable {
    int start = at++;
    while (at < text.length() && isNumberPart(text.charAt(at))) {
      at++;
    }
    if (!JsonNumber.survives(text, start, at)) {
      throw Unrepresentable.because(LossyReason.JSON_NUMBER);
    }
  }

  private static boolean isNumberPart(char c) {
    return c >= '0' && c <= '9' || c == '.' || c == 'e' || c == 'E' || c == '+' || c == '-';
  }
}
