package io.gkp.localbigquery.sql.text;

/**
 * Tells strings, comments, quoted names and words from the rest of a statement, and no more.
 *
 * @see <a href="https://cloud.google.com/bigquery/docs/reference/standard-sql/lexical">Lexical
 *     structure</a>
 */
public final class Lexer {
  private Lexer() {}

  /** Where the string, comment, quoted name or word that starts here ends; one further else. */
  public static int endOfToken(String sql, int start) {
    char c = sql.charAt(start);
    if (Character.isLetterOrDigit(c) || c == '_') {
      return endOfWord(sql, start + 1);
    }
    if (c == '#' || c == '-' && sql.startsWith("--", start)) {
      int newline = sql.indexOf('\n', start);
      return newline < 0 ? sql.length() : newline + 1;
    }
    if (c == '/' && sql.startsWith("/*", start)) {
      int close = sql.indexOf("*/", start + 2);
      return close < 0 ? sql.length() : close + 2;
    }
    if (c == '\'' || c == '"' || c == '`') {
      String triple = String.valueOf(c).repeat(3);
      String quote = c != '`' && sql.startsWith(triple, start) ? triple : String.valueOf(c);
      return endOfQuoted(sql, start + quote.length(), quote);
    }
    return start + 1;
  }

  private static int endOfWord(String sql, int start) {
    int i = start;
    while (i < sql.length() && (Character.isLetterOrDigit(sql.charAt(i)) || sql.charAt(i) == '_')) {
      i++;
    }
    return i;
  }

  private static int endOfQuoted(String sql, int start, String quote) {
    int i = start;
    while (i < sql.length()) {
      if (sql.charAt(i) == '\\') {
        i += 2;
      } else if (sql.charAt(i) == quote.charAt(0) && sql.startsWith(quote, i)) {
        return i + quote.length();
      } else {
        i++;
      }
    }
    return sql.length();
  }

  /** Whether nothing but space, comments and semicolons is left from here on. */
  public static boolean isBlank(String sql, int start) {
    return startOfText(sql.substring(start).replace(';', ' ')) == sql.length() - start;
  }

  /** Where something else than space and comments begins. */
  public static int startOfText(String sql) {
    int i = 0;
    while (i < sql.length()) {
      char c = sql.charAt(i);
      boolean comment = c == '#' || sql.startsWith("--", i) || sql.startsWith("/*", i);
      if (!comment && !Character.isWhitespace(c)) {
        return i;
      }
      i = comment ? endOfToken(sql, i) : i + 1;
    }
    return i;
  }
}
