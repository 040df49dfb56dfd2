package io.gkp.localbigquery.sql.text;

/**
 * Gives the {@code ?} of a statement names, so that its parts can be moved: ZetaSQL's service
 * evaluates named parameters only.
 */
public final class Placeholders {
  private static final String PREFIX = "_p";

  private Placeholders() {}

  /**
   * @param position from 1
   */
  public static String name(int position) {
    return PREFIX + position;
  }

  /** Whether the name is one that {@code ?} was given. */
  public static boolean isName(String name) {
    return name.matches(PREFIX + "\\d+");
  }

  /**
   * @param before how many there were in the statements before this one
   */
  public static String named(String sql, int before) {
    StringBuilder result = new StringBuilder();
    int position = before;
    int i = 0;
    while (i < sql.length()) {
      int end = Lexer.endOfToken(sql, i);
      if (sql.charAt(i) == '?') {
        result.append('@').append(name(++position));
      } else {
        result.append(sql, i, end);
      }
      i = end;
    }
    return result.toString();
  }

  static int count(String sql) {
    int count = 0;
    for (int i = 0; i < sql.length(); i = Lexer.endOfToken(sql, i)) {
      count += sql.charAt(i) == '?' ? 1 : 0;
    }
    return count;
  }
}
