package io.gkp.localbigquery.translate;

import com.google.zetasql.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Variances, deviations, covariances and correlations, of groups and of windows: FLOAT64 whatever
 * they are over. DuckDB raises an error where a value is not finite; the result is NaN.
 */
final class Statistics {
  private static final Map<String, String> FUNCTIONS =
      Map.ofEntries(
          Map.entry("stddev", "stddev_samp"),
          Map.entry("stddev_samp", "stddev_samp"),
          Map.entry("stddev_pop", "stddev_pop"),
          Map.entry("variance", "var_samp"),
          Map.entry("var_samp", "var_samp"),
          Map.entry("var_pop", "var_pop"),
          Map.entry("corr", "corr"),
          Map.entry("covar_pop", "covar_pop"),
          Map.entry("covar_samp", "covar_samp"));

  private Statistics() {}

  static boolean isOne(String name) {
    return FUNCTIONS.containsKey(name);
  }

  /**
   * @param distinct {@code "DISTINCT "} or nothing
   * @param rows what follows the call: FILTER or OVER
   */
  static String of(
      String name, List<Type> types, List<String> arguments, String distinct, String rows) {
    List<String> values = new ArrayList<>();
    for (int i = 0; i < types.size(); i++) {
      values.add(asDouble(types.get(i), arguments.get(i)));
    }
    String function = FUNCTIONS.get(name);
    String finite =
        values.stream()
            .map(value -> "isfinite(" + value + ")")
            .collect(Collectors.joining(" AND "));
    String present =
        values.stream().map(value -> value + " IS NOT NULL").collect(Collectors.joining(" AND "));
    String guarded =
        values.stream()
            .map(value -> "CASE WHEN " + finite + " THEN " + value + " END")
            .collect(Collectors.joining(", "));
    int fewest = name.endsWith("_pop") ? 1 : 2;
    return "(CASE WHEN count(CASE WHEN "
        + present
        + " THEN 1 END)"
        + rows
        + " < "
        + fewest
        + " THEN NULL WHEN bool_or(NOT ("
        + finite
        + "))"
        + rows
        + " THEN CAST('nan' AS DOUBLE) ELSE "
        + function
        + "("
        + distinct
        + guarded
        + ")"
        + rows
        + " END)";
  }

  private static String asDouble(Type type, String value) {
    return switch (type.getKind()) {
      case TYPE_DOUBLE -> value;
      case TYPE_BIGNUMERIC -> "(CAST(" + value + " AS DOUBLE) / 1e38)";
      default -> "CAST(" + value + " AS DOUBLE)";
    };
  }
}
