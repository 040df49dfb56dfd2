package io.gkp.localbigquery.sql;

/**
 * Gives the {@code ?} of a statement names, so that its parts can be moved: ZetaSQL's service
 * evaluates named parameters only.
 */
final class Placeholders {
  private static final String PREFIX = "_p";

  private Placeholders() {}

  /**
   * @param position from 1
   */
  static String name(int position) {
    return PREFIX + position;
  }

  static String named(String sql) {
    StringBuilder result = new StringBuilder();
    int position = 0;
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
}
