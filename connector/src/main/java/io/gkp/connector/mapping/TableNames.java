package io.gkp.connector.mapping;

/**
 * Names raw tables: {@code raw_<table>} for a table of the schema {@code public}, {@code
 * raw_<schema>__<table>} for any other. Where that could be ambiguous, or BigQuery would refuse it,
 * a hash of the full name follows. No two source tables share a name, whichever are captured.
 */
public final class TableNames {
  private static final int HASH_DIGITS = 12;
  private static final String DEFAULT_SCHEMA = "public";
  private static final String SEPARATOR = "__";

  private TableNames() {}

  /** The raw table of a source table; both names as Postgres has them, unquoted. */
  public static String raw(String schema, String table) {
    boolean isDefault = schema.equals(DEFAULT_SCHEMA);
    String name = isDefault ? table : schema + SEPARATOR + table;
    if (isUnambiguous(table) && (isDefault || isUnambiguous(schema))) {
      return "raw_" + name;
    }
    // Quoting keeps the schema and the table apart in what is hashed.
    String quoted = Sql.quote(schema) + "." + Sql.quote(table);
    return "raw_" + Identifiers.sanitize(name) + SEPARATOR + StableHash.hex(quoted, HASH_DIGITS);
  }

  private static boolean isUnambiguous(String name) {
    return Identifiers.isPlain(name)
        && !name.contains(SEPARATOR)
        && !name.startsWith("_")
        && !name.endsWith("_");
  }
}
