package io.gkp.localbigquery.storage;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/**
 * Reads and writes the {@link Border}'s form of values in Java. Scalars are {@link Long}, {@link
 * Double}, {@link Boolean}, {@link BigDecimal} or {@link String}; values as {@link Warehouse}
 * describes them.
 */
public final class BorderValues {
  private static final long MICROS = 1_000_000L;
  private static final ObjectMapper JSON =
      new ObjectMapper(
          JsonFactory.builder()
              .streamReadConstraints(
                  StreamReadConstraints.builder()
                      .maxStringLength(Integer.MAX_VALUE)
                      .maxNestingDepth(Integer.MAX_VALUE)
                      .build())
              .build());

  private BorderValues() {}

  /** The value in the border's form; {@code null} for NULL. */
  public static Object form(Column column, Object value) {
    if (value == null) {
      return null;
    }
    return column.repeated() || column.type() == FieldType.STRUCT
        ? json(column, value)
        : scalar(column, value);
  }

  private static Object scalar(Column column, Object value) {
    return switch (column.type()) {
      case NUMERIC ->
          ((BigDecimal) value).setScale(ColumnTypes.NUMERIC_SCALE, RoundingMode.UNNECESSARY);
      case BIGNUMERIC ->
          ((BigDecimal) value)
              .movePointRight(ColumnTypes.BIGNUMERIC_SCALE)
              .toBigIntegerExact()
              .toString();
      case DATE -> ((LocalDate) value).toEpochDay();
      case TIME -> ((LocalTime) value).toNanoOfDay() / 1000;
      case DATETIME -> micros(((LocalDateTime) value).toInstant(ZoneOffset.UTC));
      case TIMESTAMP -> micros((Instant) value);
      case BYTES -> HexFormat.of().formatHex((byte[]) value);
      case INTERVAL -> intervalForm((String) value);
      default -> value;
    };
  }

  private static long micros(Instant instant) {
    return Math.addExact(
        Math.multiplyExact(instant.getEpochSecond(), MICROS), instant.getNano() / 1000);
  }

  private static String json(Column column, Object value) {
    StringWriter text = new StringWriter();
    try (JsonGenerator out = JSON.getFactory().createGenerator(text)) {
      write(column, value, out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  private static void write(Column column, Object value, JsonGenerator out) throws IOException {
    if (column.repeated()) {
      out.writeStartArray();
      for (Object element : value == null ? List.of() : (List<?>) value) {
        writeOne(column, element, out);
      }
      out.writeEndArray();
    } else {
      writeOne(column, value, out);
    }
  }

  private static void writeOne(Column column, Object value, JsonGenerator out) throws IOException {
    if (value == null) {
      out.writeNull();
    } else if (column.type() == FieldType.STRUCT) {
      Object[] fields = (Object[]) value;
      out.writeStartObject();
      for (int i = 0; i < fields.length; i++) {
        out.writeFieldName("f" + i);
        write(column.fields().get(i), fields[i], out);
      }
      out.writeEndObject();
    } else {
      Object form = scalar(column, value);
      if (form instanceof Long number) {
        out.writeNumber(number);
      } else if (form instanceof Boolean truth) {
        out.writeBoolean(truth);
      } else {
        out.writeString(form instanceof BigDecimal d ? d.toPlainString() : form.toString());
      }
    }
  }

  /** The value that came in this form. */
  public static Object value(Column column, Object form) {
    if (form == null) {
      return column.repeated() ? List.of() : null;
    }
    if (!column.repeated() && column.type() != FieldType.STRUCT) {
      return scalarValue(column, form);
    }
    try {
      return read(column, JSON.readTree((String) form));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Object read(Column column, JsonNode node) {
    if (!column.repeated() || node.isNull()) {
      return readOne(column, node);
    }
    List<Object> elements = new ArrayList<>();
    node.forEach(element -> elements.add(readOne(column, element)));
    return elements;
  }

  private static Object readOne(Column column, JsonNode node) {
    if (node.isNull()) {
      return null;
    }
    if (column.type() == FieldType.STRUCT) {
      Object[] fields = new Object[column.fields().size()];
      for (int i = 0; i < fields.length; i++) {
        fields[i] = read(column.fields().get(i), node.get("f" + i));
      }
      return fields;
    }
    return scalarValue(
        column,
        node.isNumber()
            ? node.longValue()
            : node.isBoolean() ? node.booleanValue() : node.asText());
  }

  private static Object scalarValue(Column column, Object form) {
    return switch (column.type()) {
      case FLOAT64 -> form instanceof String text ? floatingPoint(text) : form;
      case NUMERIC -> decimal(form instanceof BigDecimal d ? d : new BigDecimal((String) form));
      case BIGNUMERIC ->
          decimal(new BigDecimal(new BigInteger((String) form), ColumnTypes.BIGNUMERIC_SCALE));
      case DATE -> LocalDate.ofEpochDay((Long) form);
      case TIME -> LocalTime.ofNanoOfDay((Long) form * 1000);
      case DATETIME -> LocalDateTime.ofInstant(instant((Long) form), ZoneOffset.UTC);
      case TIMESTAMP -> instant((Long) form);
      case BYTES -> HexFormat.of().parseHex((String) form);
      case INTERVAL -> intervalText((String) form);
      default -> form;
    };
  }

  private static Double floatingPoint(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "nan" -> Double.NaN;
      case "inf" -> Double.POSITIVE_INFINITY;
      case "-inf" -> Double.NEGATIVE_INFINITY;
      default -> Double.valueOf(text);
    };
  }

  private static Instant instant(long micros) {
    return Instant.ofEpochSecond(
        Math.floorDiv(micros, MICROS), Math.floorMod(micros, MICROS) * 1000);
  }

  /** As few digits as the value needs. */
  private static BigDecimal decimal(BigDecimal value) {
    BigDecimal shortest = value.stripTrailingZeros();
    return shortest.scale() < 0 ? shortest.setScale(0) : shortest;
  }

  /** From {@code Y-M D H:M:S[.F]}, as BigQuery prints it. */
  private static String intervalForm(String text) {
    String[] parts = text.strip().split(" +");
    String[] yearsAndMonths = parts[0].replaceFirst("^-", "").split("-");
    long months = Long.parseLong(yearsAndMonths[0]) * 12 + Long.parseLong(yearsAndMonths[1]);
    String[] time = parts[2].replaceFirst("^-", "").split(":");
    long micros =
        new BigDecimal(time[2])
            .add(BigDecimal.valueOf(Long.parseLong(time[0]) * 3600 + Long.parseLong(time[1]) * 60))
            .movePointRight(6)
            .longValueExact();
    return (parts[0].startsWith("-") ? -months : months)
        + " "
        + Long.parseLong(parts[1])
        + " "
        + (parts[2].startsWith("-") ? -micros : micros);
  }

  /** {@code Y-M D H:M:S[.F]}, as BigQuery prints it. */
  private static String intervalText(String form) {
    String[] parts = form.split(" ");
    long months = Long.parseLong(parts[0]);
    long micros = Long.parseLong(parts[2]);
    long fraction = Math.abs(micros) % MICROS;
    String digits = "";
    if (fraction != 0) {
      digits = String.format(Locale.ROOT, ".%06d", fraction);
      digits = digits.endsWith("000") ? digits.substring(0, digits.length() - 3) : digits;
    }
    long seconds = Math.abs(micros) / MICROS;
    return String.format(
        Locale.ROOT,
        "%s%d-%d %s %s%d:%d:%d%s",
        months < 0 ? "-" : "",
        Math.abs(months) / 12,
        Math.abs(months) % 12,
        parts[1],
        micros < 0 ? "-" : "",
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60,
        digits);
  }
}
