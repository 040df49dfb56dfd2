package io.gkp.connector.source.table;

/** What queries say alike about types. */
public final class TypeSql {
  /**
   * The types that a type is made of: what a domain is over, an array's elements, a range's bounds,
   * a composite's columns. For {@code CROSS JOIN LATERAL} to a {@code t} of {@code pg_type}.
   */
  public static final String PARTS =
      """
      (
        SELECT t.typbasetype WHERE t.typbasetype <> 0
        UNION ALL
        SELECT t.typelem WHERE t.typelem <> 0
        UNION ALL
        SELECT r.rngsubtype
        FROM pg_catalog.pg_range r
        WHERE t.oid IN (r.rngtypid, r.rngmultitypid)
        UNION ALL
        SELECT a.atttypid
        FROM pg_catalog.pg_attribute a
        WHERE t.typrelid <> 0
          AND a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped
      )""";

  private TypeSql() {}
}
