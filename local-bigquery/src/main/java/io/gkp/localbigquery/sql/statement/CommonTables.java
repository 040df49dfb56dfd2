package io.gkp.localbigquery.sql.statement;

import io.gkp.localbigquery.sql.text.Lexer;
import java.util.List;

/** Puts common table expressions before a query, which may have some of its own. */
final class CommonTables {
  private static final String WITH = "WITH";
  private static final String RECURSIVE = "RECURSIVE";

  private CommonTables() {}

  /**
   * @param entries of WITH, each after those that it reads
   */
  static String before(String query, List<String> entries) {
    if (entries.isEmpty()) {
      return query;
    }
    String all = " " + String.join(",\n", entries);
    int start = Lexer.startOfText(query);
    if (!isWord(WITH, query, start)) {
      return WITH + all + "\n" + query;
    }
    int end = start + WITH.length();
    int next = end + Lexer.startOfText(query.substring(end));
    if (isWord(RECURSIVE, query, next)) {
      end = next + RECURSIVE.length();
    }
    return query.substring(0, end) + all + "," + query.substring(end);
  }

  private static boolean isWord(String word, String sql, int start) {
    int end = start + word.length();
    return sql.regionMatches(true, start, word, 0, word.length())
        && (end == sql.length() || !Character.isJavaIdentifierPart(sql.charAt(end)));
  }
}
