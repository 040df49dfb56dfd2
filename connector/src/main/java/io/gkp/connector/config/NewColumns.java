package io.gkp.connector.config;

/** What becomes of a column that a captured table got after its raw table was created. */
public enum NewColumns {
  /** Its values are exported like all others. */
  EXPORT,
  /** No run writes anything before somebody has decided. */
  REFUSE,
  /** Its values are not exported until somebody decides otherwise. */
  EXCLUDE;

  static NewColumns parse(String text) {
    return Choice.parse(NewColumns.class, text);
  }

  /** As it is configured, such as {@code refuse}. */
  public String text() {
    return Choice.text(this);
  }
}
