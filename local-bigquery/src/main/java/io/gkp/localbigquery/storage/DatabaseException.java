package io.gkp.localbigquery.storage;

import java.sql.SQLException;

/** What DuckDB refused or failed at, in its words without the position in the SQL made for it. */
public final class DatabaseException extends RuntimeException {
  /** What DuckDB's messages begin with. */
  public enum Kind {
    INVALID_INPUT("Invalid Input Error: "),
    OUT_OF_RANGE("Out of Range Error: "),
    CONVERSION("Conversion Error: "),
    CONSTRAINT("Constraint Error: "),
    OUT_OF_MEMORY("Out of Memory Error: "),
    CATALOG("Catalog Error: "),
    TRANSACTION("TransactionContext Error: "),
    OTHER("");

    private final String prefix;

    Kind(String prefix) {
      this.prefix = prefix;
    }
  }

  private final Kind kind;

  /** Goes before the message of an error that came while rows were made. */
  private static final String WHILE_EXECUTING =
      "Invalid Input Error: Attempting to execute an unsuccessful or closed pending query"
          + " result\nError: ";

  DatabaseException(SQLException cause) {
    this(String.valueOf(cause.getMessage()).replace(WHILE_EXECUTING, ""), cause);
  }

  private DatabaseException(String message, SQLException cause) {
    super(words(message), cause);
    this.kind = kind(message);
  }

  public Kind kind() {
    return kind;
  }

  private static Kind kind(String message) {
    for (Kind kind : Kind.values()) {
      if (message.startsWith(kind.prefix)) {
        return kind;
      }
    }
    return Kind.OTHER;
  }

  private static String words(String message) {
    String words = message.substring(kind(message).prefix.length());
    int position = words.indexOf("\n\nLINE ");
    return (position < 0 ? words : words.substring(0, position)).strip();
  }
}
