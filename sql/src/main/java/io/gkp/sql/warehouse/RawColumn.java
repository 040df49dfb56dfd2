package io.gkp.sql.warehouse;

import java.util.Set;

/**
 * A source column as its raw table has it.
 *
 * @param type GoogleSQL type
 * @param description from the raw table; may be empty
 */
public record RawColumn(String name, String type, String description) {
  /**
   * Types whose Postgres values never leave the row (TOAST moves only values longer than 24 bytes),
   * so that Postgres always sends them.
   *
   * @see <a href="https://www.postgresql.org/docs/current/storage-toast.html">PostgreSQL: TOAST</a>
   */
  private static final Set<String> ALWAYS_SENT =
      Set.of("INT64", "FLOAT64", "BOOL", "DATE", "TIME", "DATETIME", "TIMESTAMP");

  public boolean mayBeUnavailable() {
    return !ALWAYS_SENT.contains(type);
  }
}
