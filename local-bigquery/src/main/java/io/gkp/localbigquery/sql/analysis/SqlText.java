package io.gkp.localbigquery.sql.analysis;

import com.google.protobuf.Message;
import com.google.zetasql.ParseLocationRangeProto;
import io.gkp.localbigquery.sql.text.Lexer;

/** Parts of a statement's text, found by nodes of its parsed tree. */
public final class SqlText {
  private final String sql;

  public SqlText(String sql) {
    this.sql = sql;
  }

  /**
   * What a node was made of. The parser leaves out parentheses around an expression, and where one
   * opens a longer expression its position may lack the opening half: that is made up for.
   */
  public String of(Message node) {
    ParseLocationRangeProto range = AstNodes.range(node);
    return between(range.getStart(), range.getEnd());
  }

  /**
   * @param start in UTF-8 bytes, as {@code end}
   */
  public String between(int start, int end) {
    String before = ZetaSql.slice(sql, 0, start);
    String text = ZetaSql.slice(sql, start, end);
    String after = sql.substring(before.length() + text.length());
    int depth = depth(text, true);
    for (; depth < 0; depth++) {
      int open = before.lastIndexOf('(');
      text = before.substring(open) + text;
      before = before.substring(0, open);
    }
    for (depth = depth(text, false); depth > 0; depth--) {
      int close = after.indexOf(')') + 1;
      text = text + after.substring(0, close);
      after = after.substring(close);
    }
    return text;
  }

  /** Parentheses left open at the end, or (negative) at worst closed without having been opened. */
  private static int depth(String text, boolean worst) {
    int depth = 0;
    int lowest = 0;
    int i = 0;
    while (i < text.length()) {
      char c = text.charAt(i);
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
      lowest = Math.min(lowest, depth);
      i = Lexer.endOfToken(text, i);
    }
    return worst ? lowest : depth;
  }
}
