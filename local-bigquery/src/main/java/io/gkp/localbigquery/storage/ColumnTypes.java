package io.gkp.localbigquery.storage;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * How DuckDB keeps BigQuery's types.
 *
 * <p>Fields of a STRUCT are called {@code f0}, {@code f1} ... by their position: names may be
 * missing or come twice. NUMERIC is a DECIMAL(38,9), BIGNUMERIC the integer of its value times
 * 10<sup>38</sup>, TIMESTAMP and DATETIME a TIMESTAMP in UTC, JSON its text as BigQuery prints it,
 * GEOGRAPHY and RANGE their text.
 */
public final class ColumnTypes {
  /** Digits of a BIGNUMERIC behind the point. */
  static final int BIGNUMERIC_SCALE = 38;

  /** Digits of a NUMERIC behind the point. */
  static final int NUMERIC_SCALE = 9;

  private ColumnTypes() {}

  /** The name of a stored column, by its position. */
  public static String column(int position) {
    return "v" + position;
  }

  /** The names of stored columns, one of each. */
  public static String columns(int count) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      names.add(column(i));
    }
    return String.join(", ", names);
  }

  /** Name and type of each stored column, as CREATE TABLE takes them. */
  static String definitions(List<Column> columns) {
    List<String> definitions = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      definitions.add(column(i) + " " + of(columns.get(i)));
    }
    // A table of no columns is none in DuckDB.
    return definitions.isEmpty() ? "none BOOLEAN" : String.join(", ", definitions);
  }

  public static String of(Column column) {
    return element(column) + (column.repeated() ? "[]" : "");
  }

  private static String element(Column column) {
    return switch (column.type()) {
      case STRING, JSON, GEOGRAPHY, RANGE -> "VARCHAR";
      case BYTES -> "BLOB";
      case INT64 -> "BIGINT";
      case FLOAT64 -> "DOUBLE";
      case BOOL -> "BOOLEAN";
      case NUMERIC -> "DECIMAL(38,9)";
      case BIGNUMERIC -> "BIGNUM";
      case DATE -> "DATE";
      case TIME -> "TIME";
      case DATETIME, TIMESTAMP -> "TIMESTAMP";
      case INTERVAL -> "INTERVAL";
      case STRUCT -> {
        List<Column> fields = column.fields();
        List<String> types = new ArrayList<>();
        for (int i = 0; i < fields.size(); i++) {
          types.add("f" + i + " " + of(fields.get(i)));
        }
        yield "STRUCT(" + String.join(", ", types) + ")";
      }
    };
  }

  /** A field of a STRUCT. */
  public static String field(String struct, int position) {
    return "struct_extract(" + struct + ", 'f" + position + "')";
  }

  /** A STRUCT of these values. */
  public static String struct(List<String> values) {
    List<String> fields = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      fields.add("f" + i + " := " + values.get(i));
    }
    return "struct_pack(" + String.join(", ", fields) + ")";
  }

  /** The value under another type or with fields that it did not have: SQL over {@code value}. */
  static String convert(String value, Column from, Column to) {
    if (of(from).equals(of(to))) {
      return value;
    }
    if (to.repeated()) {
      String element = "e" + value.length();
      return "list_transform("
          + value
          + ", lambda "
          + element
          + ": "
          + convertOne(element, from, to)
          + ")";
    }
    return convertOne(value, from, to);
  }

  private static String convertOne(String value, Column from, Column to) {
    if (to.type() == FieldType.STRUCT) {
      List<String> fields = new ArrayList<>();
      for (int i = 0; i < to.fields().size(); i++) {
        Column field = to.fields().get(i);
        int before = Column.indexOf(from.fields(), field.name());
        fields.add(
            before < 0
                ? absent(field)
                : convert(field(value, before), from.fields().get(before), field));
      }
      return "(CASE WHEN " + value + " IS NULL THEN NULL ELSE " + struct(fields) + " END)";
    }
    if (to.type() == FieldType.BIGNUMERIC) {
      String zeros =
          "0".repeat(BIGNUMERIC_SCALE - (from.type() == FieldType.NUMERIC ? NUMERIC_SCALE : 0));
      String digits = "replace(CAST(" + value + " AS VARCHAR), '.', '')";
      return from.type() == FieldType.BIGNUMERIC
          ? value
          : "CAST(" + digits + " || '" + zeros + "' AS BIGNUM)";
    }
    return from.type() == to.type() ? value : "CAST(" + value + " AS " + element(to) + ")";
  }

  /** What rows have in a column that they were written without. */
  public static String absent(Column column) {
    return "CAST(" + (column.repeated() ? "[]" : "NULL") + " AS " + of(column) + ")";
  }

  /**
   * Logical bytes of a value, which the real service bills by: SQL over {@code value}. {@link
   * LogicalBytes} is the same in Java.
   *
   * @see <a href="https://cloud.google.com/bigquery/pricing#data">Data size calculation</a>
   */
  static String bytes(String value, Column column) {
    if (!column.repeated()) {
      return bytesOfOne(value, column);
    }
    String element = "e" + value.length();
    return "coalesce(list_sum(list_transform("
        + value
        + ", lambda "
        + element
        + ": "
        + bytesOfOne(element, column)
        + ")), 0)";
  }

  private static String bytesOfOne(String value, Column column) {
    return switch (column.type()) {
      case STRING, BYTES, JSON, GEOGRAPHY ->
          "coalesce(" + fixedBytes(column) + " + " + length(value, column) + ", 0)";
      case STRUCT -> {
        List<String> fields = new ArrayList<>();
        for (int i = 0; i < column.fields().size(); i++) {
          fields.add(bytes(field(value, i), column.fields().get(i)));
        }
        yield fields.stream().collect(Collectors.joining(" + ", "(", ")"));
      }
      default -> "(CASE WHEN " + value + " IS NULL THEN 0 ELSE " + fixedBytes(column) + " END)";
    };
  }

  /** The bytes of a text's or a byte string's content: SQL over {@code value}. */
  static String length(String value, Column column) {
    return (column.type() == FieldType.BYTES ? "octet_length(" : "strlen(") + value + ")";
  }

  /** Logical bytes that every value has which is not NULL, whatever its content. */
  static int fixedBytes(Column column) {
    return switch (column.type()) {
      case JSON, GEOGRAPHY -> 0;
      case STRING, BYTES -> 2;
      case BOOL -> 1;
      case NUMERIC, INTERVAL, RANGE -> 16;
      case BIGNUMERIC -> 32;
      default -> 8;
    };
  }
}
