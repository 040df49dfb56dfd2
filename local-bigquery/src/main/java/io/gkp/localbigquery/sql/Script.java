package io.gkp.localbigquery.sql;

import io.gkp.localbigquery.ApiException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Cuts a text into its statements. */
final class Script {
  private static final Pattern FIRST_WORD = Pattern.compile("[A-Za-z_]+");
  private static final Set<String> PROCEDURAL =
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
          "ITERATE");

  private Script() {}

  /**
   * The statements, each with blanks for all that goes before it, so that positions in error
   * messages are those in the whole text.
   *
   * @throws ApiException {@code notImplemented} for variables and control flow
   */
  static List<String> statements(ZetaSql zetaSql, String sql) {
    List<String> statements = new ArrayList<>();
    byte[] bytes = sql.getBytes(StandardCharsets.UTF_8);
    int start = 0;
    do {
      String rest = new String(bytes, start, bytes.length - start, StandardCharsets.UTF_8);
      refuseProcedural(rest);
      int end = zetaSql.next(sql, start).end();
      byte[] blanked = Arrays.copyOf(bytes, end);
      for (int i = 0; i < start; i++) {
        blanked[i] = blanked[i] == '\n' ? blanked[i] : (byte) ' ';
      }
      statements.add(new String(blanked, StandardCharsets.UTF_8));
      start = end;
    } while (!isBlank(bytes, start));
    return statements;
  }

  private static boolean isBlank(byte[] bytes, int start) {
    return Lexer.isBlank(new String(bytes, start, bytes.length - start, StandardCharsets.UTF_8), 0);
  }

  private static void refuseProcedural(String statement) {
    int start = Lexer.startOfText(statement);
    Matcher word = FIRST_WORD.matcher(statement).region(start, statement.length());
    if (!word.lookingAt()) {
      return;
    }
    String first = word.group().toUpperCase(Locale.ROOT);
    boolean block =
        first.equals("BEGIN")
            && !statement.substring(word.end()).matches("(?is)\\s*(TRANSACTION\\b.*|;.*)?");
    if (block || PROCEDURAL.contains(first)) {
      throw ApiException.notImplemented("the scripting statement " + first);
    }
  }
}
