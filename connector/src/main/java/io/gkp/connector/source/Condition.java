package io.gkp.connector.source;

import io.gkp.failure.ExportException;
import io.gkp.failure.Failure;

/**
 * The text behind WHERE of a filtered backfill: one expression and nothing else.
 *
 * <p>The text goes into a statement between parentheses. What could end the expression or the
 * statement early is refused here, outside of quoted text: semicolons, comments, dollar quotes,
 * unbalanced parentheses. What the expression may do is the server's to limit: it runs in a
 * read-only transaction with the rights of the export's role.
 *
 * @param text as the operator gave it
 */
public record Condition(String text) {
  private static final char END = '\0';

  /**
   * @throws ExportException {@code BACKFILL_REJECTED} when the text is not one expression
   */
  public Condition {
    if (text.isBlank()) {
      throw rejected("is empty");
    }
    check(text);
  }

  /** For use in SQL. */
  String parenthesized() {
    // The line break keeps a text from swallowing the parenthesis, whatever it ends with.
    return "(" + text + "\n)";
  }

  private static void check(String text) {
    int depth = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      char next = i + 1 < text.length() ? text.charAt(i + 1) : END;
      if (c == '\'' || c == '"') {
        i = endOfQuoted(text, i, c == '\'' && isEscapeString(text, i));
      } else if (c == '(') {
        depth++;
      } else if (c == ')' && --depth < 0) {
        throw rejected("closes a parenthesis that it did not open");
      } else if (c == ';') {
        throw rejected("holds a semicolon outside of quotes");
      } else if ((c == '-' && next == '-') || (c == '/' && next == '*')) {
        throw rejected("holds a comment");
      } else if (c == '$') {
        throw rejected("holds a dollar sign outside of quotes");
      } else if (c == END) {
        throw rejected("holds a character that no SQL text can hold");
      }
    }
    if (depth > 0) {
      throw rejected("opens a parenthesis that it does not close");
    }
  }

  /** Index of the closing quote; a doubled quote stands for itself. */
  private static int endOfQuoted(String text, int start, boolean backslashes) {
    char quote = text.charAt(start);
    for (int i = start + 1; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\' && backslashes) {
        i++;
      } else if (c == quote) {
        if (i + 1 < text.length() && text.charAt(i + 1) == quote) {
          i++;
        } else {
          return i;
        }
      }
    }
    throw rejected("opens a quote that it does not close");
  }

  /** {@code E'...'}, where E is not the end of a longer word. */
  private static boolean isEscapeString(String text, int quote) {
    if (quote == 0 || "eE".indexOf(text.charAt(quote - 1)) < 0) {
      return false;
    }
    return quote == 1 || !Character.isJavaIdentifierPart(text.charAt(quote - 2));
  }

  private static ExportException rejected(String what) {
    return new ExportException(
        Failure.BACKFILL_REJECTED,
        "The condition " + what + "; nothing was recorded.",
        "Give one boolean expression over the table's columns, as it would stand behind WHERE.");
  }
}
