package io.gkp.localbigquery.storage;

import java.util.ArrayList;
import java.util.List;

/**
 * The form in which values pass between DuckDB and Java: what its Java interface carries fast and
 * without loss. DATE as days, TIMESTAMP, DATETIME and TIME as microseconds, BYTES in hexadecimal,
 * BIGNUMERIC in digits, INTERVAL as its months, days and microseconds, ARRAY and STRUCT as JSON.
 */
public final class Border {
  private Border() {}

  /** DuckDB's type of the form. */
  public static String type(Column column) {
    if (column.repeated()) {
      return "VARCHAR";
    }
    return switch (column.type()) {
      case INT64, DATE, TIME, DATETIME, TIMESTAMP -> "BIGINT";
      case FLOAT64 -> "DOUBLE";
      case BOOL -> "BOOLEAN";
      case NUMERIC -> "DECIMAL(38,9)";
      default -> "VARCHAR";
    };
  }

  /** SQL that brings a value out of DuckDB. */
  public static String out(Column column, String value) {
    if (column.repeated() || column.type() == FieldType.STRUCT) {
      return "CAST(to_json(" + nestedOut(column, value) + ") AS VARCHAR)";
    }
    return scalarOut(column, value);
  }

  private static String scalarOut(Column column, String value) {
    return switch (column.type()) {
      case DATE -> "date_diff('day', DATE '1970-01-01', " + value + ")";
      case TIME, DATETIME, TIMESTAMP -> "epoch_us(" + value + ")";
      case BYTES -> "hex(" + value + ")";
      case BIGNUMERIC -> "CAST(" + value + " AS VARCHAR)";
      case INTERVAL -> "bq_interval_out(" + value + ")";
      default -> value;
    };
  }

  private static String nestedOut(Column column, String value) {
    if (!column.repeated()) {
      return nestedOutOne(column, value);
    }
    String element = "e" + value.length();
    String inner = nestedOutOne(column, element);
    return inner.equals(element)
        ? value
        : "list_transform(" + value + ", lambda " + element + ": " + inner + ")";
  }

  private static String nestedOutOne(Column column, String value) {
    return switch (column.type()) {
      case STRUCT -> {
        List<String> fields = new ArrayList<>();
        for (int i = 0; i < column.fields().size(); i++) {
          fields.add(nestedOut(column.fields().get(i), ColumnTypes.field(value, i)));
        }
        yield "(CASE WHEN "
            + value
            + " IS NOT NULL THEN "
            + (fields.isEmpty() ? value : ColumnTypes.struct(fields))
            + " END)";
      }
      // JSON's numbers are not exact.
      case FLOAT64, NUMERIC -> "CAST(" + value + " AS VARCHAR)";
      default -> scalarOut(column, value);
    };
  }

  /** SQL that takes a value in. */
  public static String in(Column column, String value) {
    if (column.repeated() || column.type() == FieldType.STRUCT) {
      return nestedIn(column, "CAST(CAST(" + value + " AS JSON) AS " + carried(column) + ")");
    }
    return scalarIn(column, value);
  }

  private static String scalarIn(Column column, String value) {
    return switch (column.type()) {
      case DATE -> "CAST(make_timestamp(" + value + " * 86400000000) AS DATE)";
      case TIME -> "CAST(make_timestamp(" + value + ") AS TIME)";
      case DATETIME, TIMESTAMP -> "make_timestamp(" + value + ")";
      case BYTES -> "unhex(" + value + ")";
      case BIGNUMERIC -> "CAST(" + value + " AS BIGNUM)";
      case INTERVAL -> "bq_interval_in(" + value + ")";
      default -> value;
    };
  }

  /** The type that the JSON is read as. */
  private static String carried(Column column) {
    String element;
    if (column.type() == FieldType.STRUCT) {
      List<String> fields = new ArrayList<>();
      for (int i = 0; i < column.fields().size(); i++) {
        fields.add("f" + i + " " + carried(column.fields().get(i)));
      }
      element = "STRUCT(" + String.join(", ", fields) + ")";
    } else {
      element =
          switch (column.type()) {
            case INT64, DATE, TIME, DATETIME, TIMESTAMP -> "BIGINT";
            case BOOL -> "BOOLEAN";
            default -> "VARCHAR";
          };
    }
    return element + (column.repeated() ? "[]" : "");
  }

  private static String nestedIn(Column column, String value) {
    if (!column.repeated()) {
      return nestedInOne(column, value);
    }
    String element = "e" + value.length();
    String inner = nestedInOne(column, element);
    return inner.equals(element)
        ? value
        : "list_transform(" + value + ", lambda " + element + ": " + inner + ")";
  }

  private static String nestedInOne(Column column, String value) {
    return switch (column.type()) {
      case STRUCT -> {
        if (carried(column).equals(ColumnTypes.of(column))) {
          yield value;
        }
        List<String> fields = new ArrayList<>();
        for (int i = 0; i < column.fields().size(); i++) {
          fields.add(nestedIn(column.fields().get(i), ColumnTypes.field(value, i)));
        }
        yield "(CASE WHEN " + value + " IS NOT NULL THEN " + ColumnTypes.struct(fields) + " END)";
      }
      case FLOAT64 -> "CAST(" + value + " AS DOUBLE)";
      case NUMERIC -> "CAST(" + value + " AS DECIMAL(38,9))";
      default -> scalarIn(column, value);
    };
  }
}
