package io.gkp.raw;

/** Names of ASCII letters, digits and underscores that do not start with a digit. */
public final class Identifiers {
  private Identifiers() {}

  public static boolean isPlain(String name) {
    return !name.isEmpty()
        && !isDigit(name.charAt(0))
        && name.chars().allMatch(Identifiers::isPart);
  }

  /** Replaces each other character with an underscore. */
  public static String sanitize(String name) {
    StringBuilder plain = new StringBuilder(name.length() + 1);
    if (name.isEmpty() || isDigit(name.charAt(0))) {
      plain.append('_');
    }
    name.codePoints().forEach(c -> plain.append(isPart(c) ? (char) c : '_'));
    return plain.toString();
  }

  private static boolean isPart(int c) {
    return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || isDigit(c) || c == '_';
  }

  private static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }
}
