package io.gkp.localbigquery.translate;

import com.google.zetasql.Type;
import com.google.zetasql.resolvedast.ResolvedNonScalarFunctionCallBaseEnums.NullHandlingModifier;

/**
 * PERCENTILE_CONT and PERCENTILE_DISC, over the sorted values of a partition: NULLs first, where
 * they count, then NaN.
 */
final class Percentiles {
  private Percentiles() {}

  static String continuous(
      String value, String percentile, NullHandlingModifier nulls, String partition) {
    return "bq_percentile(bq_sorted_doubles("
        + values(value, nulls, partition)
        + "), "
        + percentile
        + ")";
  }

  static String discrete(
      Type type, String value, String percentile, NullHandlingModifier nulls, String partition) {
    String values = values(value, nulls, partition);
    return "bq_percentile_disc("
        + (Types.isDouble(type)
            ? "bq_sorted_doubles(" + values + ")"
            : "list_sort(" + values + ", 'ASC', 'NULLS FIRST')")
        + ", "
        + percentile
        + ")";
  }

  private static String values(String value, NullHandlingModifier nulls, String partition) {
    String filter =
        nulls == NullHandlingModifier.RESPECT_NULLS
            ? ""
            : " FILTER (WHERE " + value + " IS NOT NULL)";
    return "list(" + value + ")" + filter + " OVER (" + partition + ")";
  }
}
