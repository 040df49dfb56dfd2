package io.gkp.localbigquery.sql;

import com.google.api.services.bigquery.model.TableFieldSchema;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/**
 * Logical bytes of a value, which the real service bills by.
 *
 * @see <a href="https://cloud.google.com/bigquery/pricing#data">Data size calculation</a>
 */
final class DataSizes {
  private DataSizes() {}

  static long of(TableFieldSchema field, Object value) {
    if (value instanceof List<?> elements) {
      long bytes = 0;
      for (Object element : elements) {
        bytes += ofOne(field, element);
      }
      return bytes;
    }
    return ofOne(field, value);
  }

  private static long ofOne(TableFieldSchema field, Object value) {
    if (value == null) {
      return 0;
    }
    switch (field.getType().toUpperCase(Locale.ROOT)) {
      case "STRING":
        return 2L + utf8Length((String) value);
      case "BYTES":
        return 2L + ((byte[]) value).length;
      case "BOOL":
      case "BOOLEAN":
        return 1;
      case "NUMERIC":
      case "INTERVAL":
      case "RANGE":
        return 16;
      case "BIGNUMERIC":
        return 32;
      case "JSON":
      case "GEOGRAPHY":
        return utf8Length((String) value);
      case "RECORD":
      case "STRUCT":
        long bytes = 0;
        Object[] values = (Object[]) value;
        List<TableFieldSchema> fields = SqlTypes.fields(field);
        for (int i = 0; i < values.length; i++) {
          bytes += of(fields.get(i), values[i]);
        }
        return bytes;
      default:
        return 8;
    }
  }

  private static int utf8Length(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= 0x80) {
        return text.getBytes(StandardCharsets.UTF_8).length;
      }
    }
    return text.length();
  }
}
