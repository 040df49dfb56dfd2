package io.gkp.localbigquery.storage;

import java.util.List;

/**
 * The size of values as the real service bills it, of those that are in Java. {@link
 * ColumnTypes#bytes} is the same of those in DuckDB.
 *
 * @see <a href="https://cloud.google.com/bigquery/pricing#data">Data size calculation</a>
 */
final class LogicalBytes {
  private LogicalBytes() {}

  /** Of a value as {@link Warehouse} describes it. */
  static long of(Column column, Object value) {
    if (value == null) {
      return 0;
    }
    if (!column.repeated()) {
      return ofOne(column, value);
    }
    long bytes = 0;
    for (Object element : (List<?>) value) {
      bytes += ofOne(column, element);
    }
    return bytes;
  }

  private static long ofOne(Column column, Object value) {
    return switch (column.type()) {
      case STRING -> 2 + utf8((String) value);
      case BYTES -> 2 + ((byte[]) value).length;
      case JSON, GEOGRAPHY -> utf8((String) value);
      case STRUCT -> {
        Object[] fields = (Object[]) value;
        long bytes = 0;
        for (int i = 0; i < fields.length; i++) {
          bytes += of(column.fields().get(i), fields[i]);
        }
        yield bytes;
      }
      default -> ColumnTypes.fixedBytes(column);
    };
  }

  /** How many bytes the text has in UTF-8. */
  private static long utf8(String text) {
    long bytes = text.length();
    for (int i = 0; i < text.length(); i++) {
      char unit = text.charAt(i);
      if (unit >= 0x80) {
        // The two halves of a character beyond 16 bits make four bytes.
        bytes += unit < 0x800 || Character.isSurrogate(unit) ? 1 : 2;
      }
    }
    return bytes;
  }
}
