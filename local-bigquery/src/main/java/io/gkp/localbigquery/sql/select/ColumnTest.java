package io.gkp.localbigquery.sql.select;

import com.google.zetasql.ZetaSQLType.TypeKind;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * A condition on a column that rows must meet to matter.
 *
 * @param column its id in the statement, or its position in a table
 * @param isNull whether the column has to be NULL; else it has to lie in one of the intervals
 */
record ColumnTest(long column, boolean isNull, List<Interval> anyOf) {
  /** Types whose values compare in Java as they do in GoogleSQL. FLOAT64 has NaN. */
  static final Set<TypeKind> COMPARABLE =
      EnumSet.of(
          TypeKind.TYPE_INT64,
          TypeKind.TYPE_STRING,
          TypeKind.TYPE_BOOL,
          TypeKind.TYPE_NUMERIC,
          TypeKind.TYPE_BIGNUMERIC,
          TypeKind.TYPE_DATE,
          TypeKind.TYPE_DATETIME,
          TypeKind.TYPE_TIMESTAMP);

  boolean matches(Object value) {
    if (value == null || isNull) {
      return value == null && isNull;
    }
    return anyOf.stream().anyMatch(interval -> interval.contains(value));
  }

  /**
   * @param partition of which all values but NULL are known to come
   */
  boolean mayMatch(Interval partition) {
    return !isNull && anyOf.stream().anyMatch(interval -> interval.overlaps(partition));
  }

  ColumnTest on(long otherColumn) {
    return new ColumnTest(otherColumn, isNull, anyOf);
  }
}
