package io.gkp.localbigquery.storage;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.List;

/** Writes rows, valued as {@link Warehouse} says, in a compact form that can be read past. */
final class RowEncoder {
  private RowEncoder() {}

  static void encode(List<Column> columns, Object[] row, ByteSink out) {
    for (int i = 0; i < row.length; i++) {
      Column column = columns.get(i);
      if (column.repeated()) {
        repeated(column, row[i], out);
      } else if (row[i] == null) {
        out.put(0);
      } else {
        out.put(1);
        value(column, row[i], out);
      }
    }
  }

  private static void repeated(Column column, Object value, ByteSink out) {
    List<?> elements = value == null ? List.of() : (List<?>) value;
    out.unsigned(elements.size());
    for (Object element : elements) {
      value(column, element, out);
    }
  }

  private static void value(Column column, Object value, ByteSink out) {
    switch (column.type()) {
      case STRING, JSON, GEOGRAPHY, INTERVAL, RANGE ->
          out.put(((String) value).getBytes(StandardCharsets.UTF_8));
      case BYTES -> out.put((byte[]) value);
      case INT64 -> out.signed((Long) value);
      case FLOAT64 -> out.fixed(Double.doubleToLongBits((Double) value));
      case BOOL -> out.put((Boolean) value ? 1 : 0);
      case NUMERIC, BIGNUMERIC -> {
        out.signed(((BigDecimal) value).scale());
        out.put(((BigDecimal) value).unscaledValue().toByteArray());
      }
      case DATE -> out.signed(((LocalDate) value).toEpochDay());
      case TIME -> out.unsigned(((LocalTime) value).toNanoOfDay());
      case DATETIME -> instant(((LocalDateTime) value).toInstant(ZoneOffset.UTC), out);
      case TIMESTAMP -> instant((Instant) value, out);
      case STRUCT -> encode(column.fields(), (Object[]) value, out);
    }
  }

  private static void instant(Instant value, ByteSink out) {
    out.signed(value.getEpochSecond());
    out.unsigned(value.getNano());
  }
}
