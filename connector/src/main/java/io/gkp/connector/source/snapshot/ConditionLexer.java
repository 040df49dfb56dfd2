package io.gkp.connector.source.snapshot;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a condition into tokens. It knows fewer forms than PostgreSQL's lexer does, and refuses what
 * it does not know: what both read, both read alike.
 *
 * @see <a href="https://www.postgresql.org/docs/current/sql-syntax-lexical.html">PostgreSQL:
 *     lexical structure</a>
 */
final class ConditionLexer {
  /** Of keys that were given one by one there may be many. */
  private static final int MOST_CHARACTERS = 1_000_000;

  private static final String OPERATOR_CHARACTERS = "+-*/<>=~!@#%^&|?";

  /** An operator with one of these may end in a sign. */
  private static final String BEFORE_SIGN = "~!@#%^&|?";

  private static final Set<String> OPERATORS =
      Set.of(
          "+", "-", "*", "/", "%", "^", "=", "<>", "!=", "<", ">", "<=", ">=", "||", "&&", "@>",
          "<@", "->", "->>", "#>", "#>>", "?", "?|", "?&", "~", "~*", "!~", "!~*", "&", "|", "#",
          "<<", ">>");

  private final String text;
  private final List<Token> tokens = new ArrayList<>();
  private int at;

  private ConditionLexer(String text) {
    this.text = text;
  }

  /** What a token is. */
  enum Kind {
    /** A name or keyword without quotes. */
    WORD,
    /** A name in quotes. */
    NAME,
    /** A text in quotes. */
    TEXT,
    NUMBER,
    OPERATOR,
    /** A bracket, comma, dot, or {@code ::}. */
    MARK
  }

  /**
   * One token.
   *
   * @param value a word in lower case; what stands between quotes, those inside not doubled
   */
  record Token(Kind kind, String value) {
    boolean is(String mark) {
      return kind == Kind.MARK && value.equals(mark);
    }

    boolean isWord(String word) {
      return kind == Kind.WORD && value.equals(word);
    }
  }

  /** Thrown for a text that is refused; the message goes on where "The condition" ended. */
  static final class Refused extends RuntimeException {
    Refused(String what) {
      super(what, null, false, false);
    }
  }

  /**
   * @throws Refused when the text holds what is not known here, or leaves a bracket open
   */
  static List<Token> tokens(@Nullable String text) {
    if (text == null || text.isBlank()) {
      throw new Refused("is empty");
    }
    if (text.length() > MOST_CHARACTERS) {
      throw new Refused("has more than %,d characters".formatted(MOST_CHARACTERS));
    }
    if (text.indexOf('\0') >= 0) {
      throw new Refused("holds a character that no SQL text can hold");
    }
    ConditionLexer lexer = new ConditionLexer(text);
    while (lexer.at < text.length()) {
      lexer.next();
    }
    requireBalance(lexer.tokens);
    return List.copyOf(lexer.tokens);
  }

  private void next() {
    char c = text.charAt(at);
    if (" \t\n\r\f".indexOf(c) >= 0) {
      at++;
    } else if (c == '\'') {
      text();
    } else if (c == '"') {
      add(Kind.NAME, quoted());
    } else if (isDigit(c) || (c == '.' && isDigit(charAt(at + 1)))) {
      number();
    } else if (isLetter(c)) {
      word();
    } else if ("()[],.".indexOf(c) >= 0) {
      add(Kind.MARK, String.valueOf(c));
      at++;
    } else if (c == ':' && charAt(at + 1) == ':') {
      add(Kind.MARK, "::");
      at += 2;
    } else if (OPERATOR_CHARACTERS.indexOf(c) >= 0) {
      operators();
    } else {
      throw refused(c);
    }
  }

  private static Refused refused(char c) {
    return switch (c) {
      case ';' -> new Refused("holds a semicolon outside of quotes");
      case '$' -> new Refused("holds a dollar sign outside of quotes");
      case '\\' -> new Refused("holds a backslash outside of quotes");
      default ->
          new Refused(
              c > ' ' && c < 0x7f
                  ? "holds the character " + c + " outside of quotes"
                  : "holds a character outside of quotes that is none of SQL's; put names into double"
                      + " quotes");
    };
  }

  /** Two in a row are one literal to PostgreSQL where a line break stands in between. */
  private void text() {
    if (!tokens.isEmpty() && last().kind() == Kind.TEXT) {
      throw new Refused("holds two texts in a row");
    }
    add(Kind.TEXT, quoted());
  }

  private String quoted() {
    char quote = text.charAt(at);
    StringBuilder value = new StringBuilder();
    for (int i = at + 1; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == quote && charAt(i + 1) != quote) {
        at = i + 1;
        return value.toString();
      }
      if (c == quote) {
        i++;
      }
      value.append(c);
    }
    throw new Refused("opens a quote that it does not close");
  }

  private void number() {
    int start = at;
    digits();
    if (charAt(at) == '.') {
      at++;
      digits();
    }
    if (charAt(at) == 'e' || charAt(at) == 'E') {
      at++;
      if (charAt(at) == '+' || charAt(at) == '-') {
        at++;
      }
      digits();
    }
    if (isLetter(charAt(at)) || !isDigit(text.charAt(at - 1)) && text.charAt(at - 1) != '.') {
      throw new Refused("holds a number that is not a plain decimal one");
    }
    add(Kind.NUMBER, text.substring(start, at));
  }

  private void digits() {
    while (isDigit(charAt(at))) {
      at++;
    }
  }

  /** A letter before a quote changes what the quotes mean: {@code E''}, {@code U&""}. */
  private void word() {
    int start = at;
    while (isLetter(charAt(at)) || isDigit(charAt(at))) {
      at++;
    }
    boolean unicode = charAt(at) == '&' && "'\"".indexOf(charAt(at + 1)) >= 0;
    if (unicode || charAt(at) == '\'' || charAt(at) == '"') {
      throw new Refused("holds a letter directly before a quote");
    }
    StringBuilder lower = new StringBuilder();
    text.substring(start, at)
        .chars()
        .map(ConditionLexer::lower)
        .forEach(c -> lower.append((char) c));
    add(Kind.WORD, lower.toString());
  }

  /** As PostgreSQL: the longest run of characters, which ends in no sign of the next operand. */
  private void operators() {
    int end = at;
    while (OPERATOR_CHARACTERS.indexOf(charAt(end)) >= 0) {
      end++;
    }
    String run = text.substring(at, end);
    if (run.contains("--") || run.contains("/*")) {
      throw new Refused("holds a comment");
    }
    int length = run.length();
    while (length > 1
        && "+-".indexOf(run.charAt(length - 1)) >= 0
        && run.substring(0, length - 1).chars().noneMatch(c -> BEFORE_SIGN.indexOf(c) >= 0)) {
      length--;
    }
    String operator = run.substring(0, length);
    if (!OPERATORS.contains(operator)) {
      throw new Refused("holds the operator " + operator + ", which a condition cannot have");
    }
    add(Kind.OPERATOR, operator);
    at += length;
  }

  private static void requireBalance(List<Token> tokens) {
    StringBuilder open = new StringBuilder();
    for (Token token : tokens) {
      if (token.is("(") || token.is("[")) {
        open.append(token.value());
      } else if (token.is(")") || token.is("]")) {
        int last = open.length() - 1;
        if (last < 0 || (open.charAt(last) == '(') != token.is(")")) {
          throw new Refused("closes a parenthesis that it did not open");
        }
        open.setLength(last);
      } else if (token.is(",") && open.isEmpty()) {
        throw new Refused("holds a comma outside of parentheses");
      }
    }
    if (!open.isEmpty()) {
      throw new Refused("opens a parenthesis that it does not close");
    }
  }

  private void add(Kind kind, String value) {
    tokens.add(new Token(kind, value));
  }

  private Token last() {
    return tokens.get(tokens.size() - 1);
  }

  /** A blank behind the end. */
  private char charAt(int index) {
    return index < text.length() ? text.charAt(index) : ' ';
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isLetter(char c) {
    return (lower(c) >= 'a' && lower(c) <= 'z') || c == '_';
  }

  /** Of ASCII alone, whatever the locale. */
  private static int lower(int c) {
    return c >= 'A' && c <= 'Z' ? c + 'a' - 'A' : c;
  }
}
