package io.gkp.name;

/**
 * A column of a source table.
 *
 * @param column Postgres column, unquoted
 */
public record ColumnName(TableName table, String column) {
  /**
   * Reads {@code table.column} or {@code schema.table.column}; a part in double quotes may hold any
   * character, a quote doubled.
   *
   * @throws IllegalArgumentException when the text is neither
   */
  public static ColumnName parse(String text) {
    int dot = QuotedText.lastIndexOf(text, '.');
    String column = dot < 0 ? "" : QuotedText.unquote(text.substring(dot + 1));
    if (dot < 1 || column.isEmpty()) {
      throw new IllegalArgumentException(
          "expected table.column or schema.table.column, got " + text);
    }
    return new ColumnName(TableName.parse(text.substring(0, dot)), column);
  }

  @Override
  public String toString() {
    return table.display() + "." + column;
  }
}
