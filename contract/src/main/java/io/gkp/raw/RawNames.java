package io.gkp.raw;

import io.gkp.name.TableName;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Names raw tables: {@code raw_<table>} for a table of the schema {@code public}, {@code
 * raw_<schema>__<table>} for any other. Where that could be ambiguous, or BigQuery would refuse it,
 * a hash of the full name follows. No two source tables share a name, whichever are captured.
 */
public final class RawNames {
  public static final String PREFIX = "raw_";

  private static final int HASH_DIGITS = 12;
  private static final String DEFAULT_SCHEMA = "public";
  private static final String SEPARATOR = "__";

  private RawNames() {}

  /** The raw table of a source table; both names as Postgres has them, unquoted. */
  public static String raw(String schema, String table) {
    boolean isDefault = schema.equals(DEFAULT_SCHEMA);
    String name = isDefault ? table : schema + SEPARATOR + table;
    if (isUnambiguous(table) && (isDefault || isUnambiguous(schema))) {
      return PREFIX + name;
    }
    // Quoting keeps the schema and the table apart in what is hashed.
    String quoted = new TableName(schema, table).quoted();
    return PREFIX + Identifiers.sanitize(name) + SEPARATOR + StableHash.hex(quoted, HASH_DIGITS);
  }

  /**
   * The raw tables of which one belongs to a table that is called so in control tables and reports,
   * where a dot may separate schema and table or be part of either.
   *
   * @see TableName#display
   */
  public static Set<String> ofDisplayed(String displayed) {
    Set<String> names = new LinkedHashSet<>();
    names.add(raw(DEFAULT_SCHEMA, displayed));
    for (int dot = displayed.indexOf('.'); dot >= 0; dot = displayed.indexOf('.', dot + 1)) {
      names.add(raw(displayed.substring(0, dot), displayed.substring(dot + 1)));
    }
    return names;
  }

  private static boolean isUnambiguous(String name) {
    return Identifiers.isPlain(name)
        && !name.contains(SEPARATOR)
        && !name.startsWith("_")
        && !name.endsWith("_");
  }
}
