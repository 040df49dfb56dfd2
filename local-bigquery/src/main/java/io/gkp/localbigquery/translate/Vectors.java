package io.gkp.localbigquery.translate;

import io.gkp.localbigquery.storage.Border;
import io.gkp.localbigquery.storage.BorderValues;
import io.gkp.localbigquery.storage.Column;
import java.math.BigDecimal;
import org.duckdb.DuckDBReadableVector;
import org.duckdb.DuckDBWritableVector;

/** Values in the vectors that go between DuckDB and Java. */
final class Vectors {
  private Vectors() {}

  static Object read(Column column, DuckDBReadableVector vector, int row) {
    return vector.isNull(row) ? null : BorderValues.value(column, form(column, vector, row));
  }

  private static Object form(Column column, DuckDBReadableVector vector, int row) {
    return switch (Border.type(column)) {
      case "BIGINT" -> (Object) vector.getLong(row);
      case "DOUBLE" -> (Object) vector.getDouble(row);
      case "BOOLEAN" -> (Object) vector.getBoolean(row);
      case "VARCHAR" -> vector.getString(row);
      default -> vector.getBigDecimal(row);
    };
  }

  static void write(Column column, Object value, DuckDBWritableVector out, int row) {
    if (value == null) {
      out.setNull(row);
      return;
    }
    Object form = BorderValues.form(column, value);
    switch (Border.type(column)) {
      case "BIGINT" -> out.setLong(row, (Long) form);
      case "DOUBLE" -> out.setDouble(row, (Double) form);
      case "BOOLEAN" -> out.setBoolean(row, (Boolean) form);
      case "VARCHAR" -> out.setString(row, (String) form);
      default -> out.setBigDecimal(row, (BigDecimal) form);
    }
  }
}
