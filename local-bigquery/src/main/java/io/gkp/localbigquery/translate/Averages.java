package io.gkp.localbigquery.translate;

import com.google.zetasql.Type;
import com.google.zetasql.TypeFactory;
import com.google.zetasql.ZetaSQLType.TypeKind;
import java.util.List;
import java.util.function.UnaryOperator;

/** SUM and AVG, of groups and of windows. */
final class Averages {
  private static final Type INT64 = TypeFactory.createSimpleType(TypeKind.TYPE_INT64);

  private final ZetaFunctions zeta;

  Averages(ZetaFunctions zeta) {
    this.zeta = zeta;
  }

  /**
   * @param rows what follows the call: FILTER or OVER
   */
  String sum(Type type, String values, String rows) {
    String sum = "sum(" + values + ")" + rows;
    return switch (type.getKind()) {
      case TYPE_INT64 -> "bq_int64(" + sum + ")";
      case TYPE_NUMERIC -> "bq_numeric(" + sum + ")";
      case TYPE_DOUBLE, TYPE_BIGNUMERIC -> sum;
      case TYPE_INTERVAL -> intervals(values, rows);
      default -> throw new IllegalArgumentException("SUM of " + type);
    };
  }

  /** ZetaSQL divides what is neither INT64 nor FLOAT64: its quotient is rounded as BigQuery's. */
  String average(Type type, String values, String rows) {
    if (type.isInt64() || type.isDouble()) {
      return "avg(" + values + ")" + rows;
    }
    return zeta.call(
        "a0 / a1",
        List.of(type, INT64),
        List.of(sum(type, values, rows), "nullif(count(" + values + ")" + rows + ", 0)"),
        type);
  }

  /** The sum, part by part: nothing is carried from days to months, or from hours to days. */
  private static String intervals(String values, String rows) {
    UnaryOperator<String> sum =
        part -> "CAST(sum(bq_" + part + "(" + values + "))" + rows + " AS BIGINT)";
    return "(to_months(CAST("
        + sum.apply("months")
        + " AS INTEGER)) + to_days(CAST("
        + sum.apply("days")
        + " AS INTEGER)) + to_microseconds("
        + sum.apply("micros")
        + "))";
  }
}
