package io.gkp.localbigquery.sql.analysis;

import com.google.protobuf.Message;
import com.google.zetasql.ParseLocationRangeProto;
import io.gkp.localbigquery.sql.text.Lexer;
import java.nio.charset.StandardCharsets;

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
    byte[] bytes = sql.getBytes(StandardCharsets.UTF_8);
    int from = new String(bytes, 0, start, StandardCharsets.UTF_8).length();
    int to = from + new String(bytes, start, end - start, StandardCharsets.UTF_8).length();
    Depth depth = Depth.of(sql.substring(from, to));
    for (int i = depth.lowest(); i < 0; i++) {
      from = sql.lastIndexOf('(', from - 1);
    }
    int open = (depth.lowest() < 0 ? Depth.of(sql.substring(from, to)) : depth).last();
    for (int i = 0; i < open && sql.indexOf(')', to) >= 0; i++) {
      to = sql.indexOf(')', to) + 1;
    }
    return sql.substring(from, to);
  }

  /**
   * How many parentheses of a text are open, where it begins with none.
   *
   * @param lowest at worst: negative where one closes that was not opened
   * @param last at the end
   */
  private record Depth(int lowest, int last) {
    static Depth of(String text) {
      int depth = 0;
      int lowest = 0;
      int i = 0;
      while (i < text.length()) {
        char c = text.charAt(i);
        depth += c == '(' ? 1 : c == ')' ? -1 : 0;
        lowest = Math.min(lowest, depth);
        i = Lexer.endOfToken(text, i);
      }
      return new Depth(lowest, depth);
    }
  }
}
