package io.gkp.sql.verify;

import io.gkp.sql.render.Identifiers;
import io.gkp.sql.warehouse.RawColumn;
import java.util.Set;

/**
 * A column of both sides.
 *
 * @param source as the rows that were read have it
 * @param known whether the warehouse has it; one that was added, and never changed since, it does
 *     not have, and that is NULL in each of its rows
 * @param alias its name within the comparison, whatever it is called
 */
record ComparedColumn(RawColumn source, boolean known, String alias) {
  /** Types that {@code IS DISTINCT FROM} compares value by value. NaN is not equal to itself. */
  private static final Set<String> COMPARABLE =
      Set.of(
          "INT64",
          "BOOL",
          "DATE",
          "TIME",
          "DATETIME",
          "TIMESTAMP",
          "NUMERIC",
          "BIGNUMERIC",
          "BYTES");

  /** Whether BigQuery can tell rows apart by it. */
  boolean isGroupable() {
    return source.type().equals("STRING") || COMPARABLE.contains(source.type());
  }

  String inSource() {
    return Identifiers.column(source.name());
  }

  String inWarehouse() {
    if (known) {
      return inSource();
    }
    return source.type().startsWith("ARRAY")
        ? "CAST([] AS %s)".formatted(source.type())
        : "CAST(NULL AS %s)".formatted(source.type());
  }

  /** Whether the two values of one row are not the same. */
  String differs() {
    return comparable("from_source." + alias)
        + " IS DISTINCT FROM "
        + comparable("numbered." + alias);
  }

  private String comparable(String value) {
    if (source.type().equals("STRING")) {
      return "CAST(%s AS BYTES)".formatted(value); // whatever its collation is
    }
    if (COMPARABLE.contains(source.type())) {
      return value;
    }
    // Neither JSON nor = tells the zeros of floating-point numbers apart.
    String text = source.type().contains("FLOAT64") ? "FORMAT('%%T', %s)" : "TO_JSON_STRING(%s)";
    return text.formatted(
        source.type().startsWith("ARRAY")
            ? "COALESCE(%s, [])".formatted(value) // tables hold no NULL arrays
            : value);
  }
}
