package io.gkp.connector.source.table;

/** Postgres' SQL syntax. */
final class Sql {
  private Sql() {}

  static String quote(String identifier) {
    return '"' + identifier.replace("\"", "\"\"") + '"';
  }
}
