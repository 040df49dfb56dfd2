package io.gkp.localbigquery.storage;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the wanted columns of rows that were written under an earlier schema. Columns that the
 * writer did not know are NULL (or empty), widened types are converted, others are read past.
 */
final class RowDecoder {
  private final List<Column> stored;
  private final List<Column> wanted;

  /** Where each stored column goes among the wanted, -1 for nowhere. */
  private final int[] targets;

  /** For the wanted place of a stored STRUCT, how to read its fields. */
  private final RowDecoder[] nested;

  /** For a stored STRUCT that nobody wants, how to read past it. */
  private static final int UNWANTED = -1;

  RowDecoder(List<Column> stored, List<Column> wanted) {
    this.stored = stored;
    this.wanted = wanted;
    this.targets = new int[stored.size()];
    this.nested = new RowDecoder[stored.size()];
    for (int i = 0; i < targets.length; i++) {
      Column column = stored.get(i);
      targets[i] = Column.indexOf(wanted, column.name());
      if (column.type() == FieldType.STRUCT) {
        List<Column> fields = targets[i] == UNWANTED ? List.of() : wanted.get(targets[i]).fields();
        nested[i] = new RowDecoder(column.fields(), fields);
      }
    }
  }

  Object[] decode(ByteSource in) {
    Object[] row = new Object[wanted.size()];
    for (int i = 0; i < row.length; i++) {
      if (wanted.get(i).repeated()) {
        row[i] = List.of();
      }
    }
    for (int i = 0; i < targets.length; i++) {
      Object value = stored.get(i).repeated() ? repeated(i, in) : nullable(i, in);
      if (targets[i] != UNWANTED && value != null) {
        row[targets[i]] = value;
      }
    }
    return row;
  }

  private Object repeated(int i, ByteSource in) {
    int count = (int) in.unsigned();
    List<Object> elements = new ArrayList<>(targets[i] == UNWANTED ? 0 : count);
    for (int element = 0; element < count; element++) {
      Object value = value(i, in);
      if (targets[i] != UNWANTED) {
        elements.add(value);
      }
    }
    return elements;
  }

  private Object nullable(int i, ByteSource in) {
    return in.get() == 0 ? null : value(i, in);
  }

  private Object value(int i, ByteSource in) {
    FieldType type = stored.get(i).type();
    if (type == FieldType.STRUCT) {
      return nested[i].decode(in);
    }
    if (targets[i] == UNWANTED) {
      pass(type, in);
      return null;
    }
    return widen(scalar(type, in), wanted.get(targets[i]).type());
  }

  private static void pass(FieldType type, ByteSource in) {
    switch (type) {
      case STRING, JSON, GEOGRAPHY, INTERVAL, RANGE, BYTES -> in.skip((int) in.unsigned());
      case FLOAT64 -> in.skip(8);
      default -> scalar(type, in);
    }
  }

  private static Object scalar(FieldType type, ByteSource in) {
    return switch (type) {
      case STRING, JSON, GEOGRAPHY, INTERVAL, RANGE -> in.text();
      case BYTES -> in.bytes();
      case INT64 -> in.signed();
      case FLOAT64 -> Double.longBitsToDouble(in.fixed());
      case BOOL -> in.get() == 1;
      case NUMERIC, BIGNUMERIC -> {
        int scale = (int) in.signed();
        yield new BigDecimal(new BigInteger(in.bytes()), scale);
      }
      case DATE -> LocalDate.ofEpochDay(in.signed());
      case TIME -> LocalTime.ofNanoOfDay(in.unsigned());
      case DATETIME -> LocalDateTime.ofInstant(instant(in), ZoneOffset.UTC);
      case TIMESTAMP -> instant(in);
      case STRUCT -> throw new IllegalStateException("a STRUCT is no scalar");
    };
  }

  private static Instant instant(ByteSource in) {
    long seconds = in.signed();
    return Instant.ofEpochSecond(seconds, in.unsigned());
  }

  private static Object widen(Object value, FieldType wanted) {
    return switch (wanted) {
      case NUMERIC, BIGNUMERIC ->
          value instanceof Long integer ? BigDecimal.valueOf(integer) : value;
      case FLOAT64 -> value instanceof Double ? value : (Object) ((Number) value).doubleValue();
      case DATETIME -> value instanceof LocalDate date ? date.atStartOfDay() : value;
      default -> value;
    };
  }
}
