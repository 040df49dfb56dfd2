package io.gkp.connector.source.snapshot;

import io.gkp.connector.config.Suggestion;
import io.gkp.connector.source.snapshot.ConditionLexer.Kind;
import io.gkp.connector.source.snapshot.ConditionLexer.Refused;
import io.gkp.connector.source.snapshot.ConditionLexer.Token;
import io.gkp.connector.source.table.SourceColumn;
import io.gkp.connector.source.table.SourceTable;
import io.gkp.failure.ExportException;
import io.gkp.failure.Failure;
import io.gkp.name.TableName;
import java.util.List;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * The text behind WHERE of a filtered backfill. It may come from the dataset, which others write
 * to, so nobody is trusted to have checked it before: the worst that it can ask for is that rows of
 * a captured table are read again.
 *
 * <ol>
 *   <li>{@link ConditionLexer} cuts it into tokens and refuses what it does not know.
 *   <li>{@link #over} allows the words of {@link ConditionWords} and columns that are exported as
 *       they are; whoever could filter by another column could guess its values from the rows that
 *       come.
 *   <li>The server is sent what is written anew from the tokens, never the text. Values are written
 *       as {@code quote_literal} writes them, which means the same under each setting; COPY takes
 *       no parameters.
 * </ol>
 */
public final class Condition {
  private final List<Token> tokens;

  /**
   * @param text as the operator gave it
   * @throws ExportException {@code BACKFILL_REJECTED} when the text is not of a condition's form
   */
  public Condition(@Nullable String text) {
    try {
      tokens = ConditionLexer.tokens(text);
    } catch (Refused e) {
      throw rejected("The condition " + e.getMessage() + ".");
    }
  }

  /** A value as it stands in a condition's text. */
  public static String literal(String value) {
    return "'" + value.replace("'", "''") + "'";
  }

  /**
   * One expression in parentheses, for use in SQL.
   *
   * @throws ExportException {@code BACKFILL_REJECTED} when it names what it may not
   */
  String over(SourceTable table) {
    StringJoiner sql = new StringJoiner(" ", "(", ")");
    try {
      for (int i = 0; i < tokens.size(); i++) {
        if (isQualified(i, table)) {
          i += 2;
        }
        sql.add(
            switch (tokens.get(i).kind()) {
              case WORD -> word(i, table);
              case NAME -> column(i, table);
              case TEXT -> sqlLiteral(tokens.get(i).value());
              case NUMBER, OPERATOR -> tokens.get(i).value();
              case MARK -> mark(i);
            });
      }
    } catch (Refused e) {
      throw rejected(
          "The condition on %s %s."
              .formatted(new TableName(table.schema(), table.name()), e.getMessage()));
    }
    return sql.toString();
  }

  /** {@code table.column}. */
  private boolean isQualified(int i, SourceTable table) {
    Token token = tokens.get(i);
    return isIdentifier(token)
        && token.value().equals(table.name())
        && at(i + 1).is(".")
        && isIdentifier(at(i + 2))
        && !namesType(i);
  }

  private String word(int i, SourceTable table) {
    String word = tokens.get(i).value();
    boolean called = at(i + 1).is("(");
    if (called && ConditionWords.FUNCTIONS.contains(word)) {
      return word;
    }
    if (namesType(i) || (ConditionWords.TYPES.contains(word) && at(i + 1).kind() == Kind.TEXT)) {
      return type(word);
    }
    if (ConditionWords.RESERVED.contains(word)) {
      if (called && !ConditionWords.BEFORE_PARENTHESIS.contains(word)) {
        throw new Refused("has a parenthesis behind " + word);
      }
      return word;
    }
    if (hasColumn(table, word)) {
      return column(i, table);
    }
    boolean keyword =
        ConditionWords.OTHERS.contains(word)
            && (!called || ConditionWords.BEFORE_PARENTHESIS.contains(word));
    // Types may have a size behind them, and are functions that cast.
    return keyword || ConditionWords.TYPES.contains(word) ? word : column(i, table);
  }

  private boolean namesType(int i) {
    return i > 0 && (tokens.get(i - 1).is("::") || tokens.get(i - 1).isWord("as"));
  }

  private static String type(String word) {
    if (!ConditionWords.TYPES.contains(word)) {
      throw new Refused(
          "casts to " + shown(word) + ", which is not among the types that it may cast to");
    }
    return word;
  }

  private String column(int i, SourceTable table) {
    String name = tokens.get(i).value();
    if (namesType(i)) {
      throw new Refused("casts to a type in quotes; write it without");
    }
    if (at(i + 1).is("(")) {
      throw new Refused(
          "calls " + shown(name) + ", which is not among the functions that it may call");
    }
    if (at(i + 1).kind() == Kind.TEXT) {
      throw new Refused("has a text directly behind " + shown(name));
    }
    SourceColumn column =
        table.columns().stream()
            .filter(candidate -> candidate.name().equals(name))
            .findFirst()
            .orElseThrow(() -> new Refused(unknown(name, table)));
    if (!column.protection().isNone()) {
      throw new Refused(
          "reads column %s, whose values are %s"
              .formatted(name, column.protection().isExcluded() ? "excluded" : "hashed"));
    }
    return TableName.quote(name);
  }

  private static String unknown(String name, SourceTable table) {
    return "names %s, and such a column does not exist among those that are exported%s"
        .formatted(
            shown(name),
            Suggestion.among(table.columns().stream().map(SourceColumn::name).toList(), name)
                .map(column -> "; did you mean " + column + "?")
                .orElse(""));
  }

  /** What has no look of a name may be anything. */
  private static String shown(String name) {
    return name.matches("[\\p{L}\\p{N}_ -]{1,63}") ? name : "something";
  }

  private static boolean hasColumn(SourceTable table, String name) {
    return table.columns().stream().anyMatch(column -> column.name().equals(name));
  }

  private String mark(int i) {
    if (tokens.get(i).is(".")) {
      throw new Refused("holds a dot that does not part the table's name from a column's");
    }
    if (tokens.get(i).is("::") && at(i + 1).kind() != Kind.WORD) {
      throw new Refused("casts to what is not a type");
    }
    return tokens.get(i).value();
  }

  private static boolean isIdentifier(Token token) {
    return token.kind() == Kind.WORD || token.kind() == Kind.NAME;
  }

  /** An empty mark behind the end. */
  private Token at(int i) {
    return i < tokens.size() ? tokens.get(i) : new Token(Kind.MARK, "");
  }

  /**
   * Escapes backslashes where there are any, by the form that means it under each setting.
   *
   * @see <a
   *     href="https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-STRINGS-ESCAPE">PostgreSQL:
   *     string constants</a>
   */
  static String sqlLiteral(String value) {
    return value.indexOf('\\') < 0 ? literal(value) : "E" + literal(value.replace("\\", "\\\\"));
  }

  private static ExportException rejected(String what) {
    return new ExportException(
        Failure.BACKFILL_REJECTED,
        what,
        "Give one boolean expression over the table's exported columns, without subqueries;"
            + " docs/operate/reset-backfill-skip.md has what it may hold. Or give --keys.");
  }
}
