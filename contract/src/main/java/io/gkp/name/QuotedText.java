package io.gkp.name;

import java.util.ArrayList;
import java.util.List;

/** Text in which separators between double quotes do not count. */
public final class QuotedText {
  private QuotedText() {}

  /** The parts between commas, without white space around them. */
  public static List<String> list(String text) {
    List<String> parts = new ArrayList<>();
    String rest = text;
    for (int comma = indexOf(rest, ','); comma >= 0; comma = indexOf(rest, ',')) {
      parts.add(rest.substring(0, comma).strip());
      rest = rest.substring(comma + 1);
    }
    parts.add(rest.strip());
    return parts;
  }

  private static int indexOf(String text, char separator) {
    boolean quoted = false;
    for (int i = 0; i < text.length(); i++) {
      quoted ^= text.charAt(i) == '"';
      if (!quoted && text.charAt(i) == separator) {
        return i;
      }
    }
    return -1;
  }

  static int lastIndexOf(String text, char separator) {
    int last = -1;
    for (int next = indexOf(text, separator); next >= 0; ) {
      last += next + 1;
      next = indexOf(text.substring(last + 1), separator);
    }
    return last;
  }

  /** One name without its quotes. */
  static String unquote(String name) {
    boolean quoted = name.length() > 1 && name.startsWith("\"") && name.endsWith("\"");
    return quoted ? name.substring(1, name.length() - 1).replace("\"\"", "\"") : name;
  }
}
