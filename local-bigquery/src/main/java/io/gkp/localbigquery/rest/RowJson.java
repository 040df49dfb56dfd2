package io.gkp.localbigquery.rest;

import com.google.api.client.util.Data;
import com.google.api.services.bigquery.model.TableCell;
import com.google.api.services.bigquery.model.TableRow;
import io.gkp.localbigquery.storage.Column;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * Rows as the REST API answers with them: every scalar a string, {@code {"f": [{"v": ...}]}} for a
 * row or a STRUCT, {@code [{"v": ...}]} for an array.
 *
 * @see <a
 *     href="https://cloud.google.com/bigquery/docs/reference/rest/v2/tabledata/list">tabledata.list</a>
 */
final class RowJson {
  private static final DateTimeFormatter TIME =
      new DateTimeFormatterBuilder()
          .appendPattern("HH:mm:ss")
          .optionalStart()
          .appendFraction(ChronoField.MICRO_OF_SECOND, 6, 6, true)
          .optionalEnd()
          .toFormatter();
  private static final DateTimeFormatter WHOLE_SECONDS = DateTimeFormatter.ofPattern("HH:mm:ss");
  private static final double MICROS_PER_SECOND = 1e6;

  private final List<Column> columns;
  private final boolean timestampsAsMicros;
  private long size;

  /**
   * @param timestampsAsMicros whether TIMESTAMP is whole microseconds instead of seconds as a
   *     floating point number
   */
  RowJson(List<Column> columns, boolean timestampsAsMicros) {
    this.columns = columns;
    this.timestampsAsMicros = timestampsAsMicros;
  }

  TableRow row(Object[] values) {
    return row(columns, values);
  }

  /** How many characters the values so far take, about. */
  long size() {
    return size;
  }

  private TableRow row(List<Column> columns, Object[] values) {
    List<TableCell> cells = new ArrayList<>(values.length);
    for (int i = 0; i < values.length; i++) {
      cells.add(new TableCell().setV(field(columns.get(i), values[i])));
    }
    return new TableRow().setF(cells);
  }

  private Object field(Column column, Object value) {
    size += 8;
    if (column.repeated()) {
      List<?> elements = value == null ? List.of() : (List<?>) value;
      return elements.stream()
          .map(element -> new TableCell().setV(value(column, element)))
          .toList();
    }
    return value(column, value);
  }

  private Object value(Column column, Object value) {
    if (value == null) {
      return Data.NULL_STRING;
    }
    if (value instanceof Object[] struct) {
      return row(column.fields(), struct);
    }
    String text = text(value);
    size += text.length();
    return text;
  }

  private String text(Object value) {
    if (value instanceof Instant instant) {
      long micros = instant.getEpochSecond() * 1_000_000 + instant.getNano() / 1_000;
      return timestampsAsMicros
          ? Long.toString(micros)
          : Double.toString(micros / MICROS_PER_SECOND);
    }
    if (value instanceof byte[] bytes) {
      return Base64.getEncoder().encodeToString(bytes);
    }
    if (value instanceof BigDecimal decimal) {
      return decimal.signum() == 0 ? "0" : decimal.stripTrailingZeros().toPlainString();
    }
    if (value instanceof LocalTime time) {
      return time(time);
    }
    if (value instanceof LocalDateTime dateTime) {
      return dateTime.toLocalDate() + "T" + time(dateTime.toLocalTime());
    }
    return value.toString();
  }

  private static String time(LocalTime time) {
    return (time.getNano() == 0 ? WHOLE_SECONDS : TIME).format(time);
  }
}
