package io.gkp.localbigquery.rest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.gkp.localbigquery.storage.Column;
import io.gkp.localbigquery.storage.FieldType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
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
  private static final JsonFactory JSON = new JsonFactory();
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
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final JsonGenerator out;

  /**
   * @param timestampsAsMicros whether TIMESTAMP is whole microseconds instead of seconds as a
   *     floating point number
   */
  RowJson(List<Column> columns, boolean timestampsAsMicros) throws IOException {
    this.columns = columns;
    this.timestampsAsMicros = timestampsAsMicros;
    this.out = JSON.createGenerator(bytes);
    out.writeStartArray();
  }

  void add(Object[] row) throws IOException {
    row(columns, row);
  }

  /** How many bytes the rows so far take, about. */
  long size() {
    return bytes.size();
  }

  /** The array of all rows; nothing can be added any more. */
  byte[] finish() throws IOException {
    out.writeEndArray();
    out.close();
    return bytes.toByteArray();
  }

  private void row(List<Column> columns, Object[] values) throws IOException {
    out.writeStartObject();
    out.writeArrayFieldStart("f");
    for (int i = 0; i < values.length; i++) {
      out.writeStartObject();
      out.writeFieldName("v");
      field(columns.get(i), values[i]);
      out.writeEndObject();
    }
    out.writeEndArray();
    out.writeEndObject();
  }

  private void field(Column column, Object value) throws IOException {
    if (!column.repeated()) {
      value(column, value);
      return;
    }
    out.writeStartArray();
    for (Object element : value == null ? List.of() : (List<?>) value) {
      out.writeStartObject();
      out.writeFieldName("v");
      value(column, element);
      out.writeEndObject();
    }
    out.writeEndArray();
  }

  private void value(Column column, Object value) throws IOException {
    if (value == null) {
      out.writeNull();
    } else if (value instanceof Object[] struct) {
      row(column.fields(), struct);
    } else {
      out.writeString(column.type() == FieldType.RANGE ? range((String) value) : text(value));
    }
  }

  /** The bounds as scalars of their type. */
  private String range(String value) {
    StringBuilder range = new StringBuilder("[");
    String[] bounds = value.substring(1, value.length() - 1).split(", ");
    for (int i = 0; i < bounds.length; i++) {
      boolean isTimestamp = bounds[i].endsWith("Z");
      range
          .append(i == 0 ? "" : ", ")
          .append(isTimestamp ? text(Instant.parse(bounds[i])) : bounds[i]);
    }
    return range.append(")").toString();
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
