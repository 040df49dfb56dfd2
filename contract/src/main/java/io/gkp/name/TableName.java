package io.gkp.name;

/**
 * A source table.
 *
 * @param schema Postgres schema, unquoted
 * @param table Postgres table, unquoted
 */
public record TableName(String schema, String table) {
  private static final String DEFAULT_SCHEMA = "public";

  /**
   * Reads {@code table} or {@code schema.table}; a part in double quotes may hold any character, a
   * quote doubled; a dot that belongs to a name stands in quotes.
   *
   * @throws IllegalArgumentException when the text is neither
   */
  public static TableName parse(String text) {
    StringBuilder part = new StringBuilder();
    String schema = null;
    boolean quoted = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' && quoted && i + 1 < text.length() && text.charAt(i + 1) == '"') {
        part.append('"');
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (c == '.' && !quoted) {
        if (schema != null || part.isEmpty()) {
          throw malformed(text);
        }
        schema = part.toString();
        part.setLength(0);
      } else {
        part.append(c);
      }
    }
    if (quoted || part.isEmpty()) {
      throw malformed(text);
    }
    return new TableName(schema == null ? DEFAULT_SCHEMA : schema, part.toString());
  }

  private static IllegalArgumentException malformed(String text) {
    return new IllegalArgumentException("expected table or schema.table, got " + text);
  }

  /** How reports and control tables name it: without the schema where that is {@code public}. */
  public String display() {
    return schema.equals(DEFAULT_SCHEMA) ? table : schema + "." + table;
  }

  /** For use in SQL: both parts quoted. */
  public String quoted() {
    return quote(schema) + "." + quote(table);
  }

  /** An identifier quoted for PostgreSQL. */
  public static String quote(String identifier) {
    return '"' + identifier.replace("\"", "\"\"") + '"';
  }

  @Override
  public String toString() {
    return display();
  }
}
