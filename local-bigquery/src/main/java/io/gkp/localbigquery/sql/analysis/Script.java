package io.gkp.localbigquery.sql.analysis;

import io.gkp.localbigquery.sql.text.Lexer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Tells scripts from single statements, without parsing them to their end. */
public final class Script {
  private static final Pattern FIRST_WORD = Pattern.compile("[A-Za-z_][A-Za-z_0-9]*");
  private static final Pattern LABEL = Pattern.compile("\\s*:.*", Pattern.DOTALL);
  private static final Set<String> OF_SCRIPTS =
      Set.of(
          "DECLARE",
          "SET",
          "IF",
          "LOOP",
          "WHILE",
          "REPEAT",
          "FOR",
          "CASE",
          "CALL",
          "EXECUTE",
          "RAISE",
          "RETURN",
          "BREAK",
          "LEAVE",
          "CONTINUE",
          "ITERATE",
          "BEGIN",
          "COMMIT",
          "ROLLBACK",
          "ASSERT");

  private Script() {}

  /**
   * Whether the text is no script.
   *
   * @throws io.gkp.localbigquery.api.ApiException {@code invalidQuery} where it is no statement
   *     either
   */
  public static boolean isOneStatement(ZetaSql zetaSql, String sql) {
    Matcher word = FIRST_WORD.matcher(sql).region(Lexer.startOfText(sql), sql.length());
    if (word.lookingAt()
        && (OF_SCRIPTS.contains(word.group().toUpperCase(Locale.ROOT))
            || LABEL.matcher(sql).region(word.end(), sql.length()).matches())) {
      return false;
    }
    byte[] bytes = sql.getBytes(StandardCharsets.UTF_8);
    int end = zetaSql.next(sql, 0).end();
    return Lexer.isBlank(new String(bytes, end, bytes.length - end, StandardCharsets.UTF_8), 0);
  }
}
