package io.gkp.localbigquery.sql.value;

import com.google.protobuf.ByteString;
import com.google.zetasql.CivilTimeEncoder;
import com.google.zetasql.IntervalValue;
import com.google.zetasql.ZetaSQLType.StructFieldProto;
import com.google.zetasql.ZetaSQLType.TypeProto;
import com.google.zetasql.ZetaSQLValue.ValueProto;
import com.google.zetasql.ZetaSQLValue.ValueProto.ValueCase;
import io.gkp.localbigquery.api.ApiException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.ArrayList;
import java.util.List;

/**
 * Turns ZetaSQL's values into those of {@link io.gkp.localbigquery.storage.Warehouse}. A NULL array
 * becomes an empty one.
 */
public final class ValueDecoder {
  private static final DateTimeFormatter DATETIME =
      new DateTimeFormatterBuilder()
          .appendPattern("uuuu-MM-dd'T'HH:mm:ss")
          .optionalStart()
          .appendFraction(ChronoField.MICRO_OF_SECOND, 0, 6, true)
          .optionalEnd()
          .toFormatter();
  public static final String UNBOUNDED = "UNBOUNDED";

  private ValueDecoder() {}

  public static Object decode(TypeProto type, ValueProto value) {
    boolean isNull = value.getValueCase() == ValueCase.VALUE_NOT_SET;
    if (isNull) {
      return type.hasArrayType() ? List.of() : null;
    }
    switch (type.getTypeKind()) {
      case TYPE_STRING:
        return value.getStringValue();
      case TYPE_JSON:
        return value.getJsonValue();
      case TYPE_INT64:
        return value.getInt64Value();
      case TYPE_DOUBLE:
        return value.getDoubleValue();
      case TYPE_BOOL:
        return value.getBoolValue();
      case TYPE_BYTES:
        return value.getBytesValue().toByteArray();
      case TYPE_NUMERIC:
        return decimal(value.getNumericValue(), ValueEncoder.NUMERIC_SCALE);
      case TYPE_BIGNUMERIC:
        return decimal(value.getBignumericValue(), ValueEncoder.BIGNUMERIC_SCALE);
      case TYPE_DATE:
        return LocalDate.ofEpochDay(value.getDateValue());
      case TYPE_TIME:
        return CivilTimeEncoder.decodePacked64TimeNanosAsJavaTime(value.getTimeValue());
      case TYPE_DATETIME:
        return CivilTimeEncoder.decodePacked96DatetimeNanosAsJavaTime(value.getDatetimeValue());
      case TYPE_TIMESTAMP:
        return Instant.ofEpochSecond(
            value.getTimestampValue().getSeconds(), value.getTimestampValue().getNanos());
      case TYPE_INTERVAL:
        return interval(IntervalValue.deserializeInterval(value.getIntervalValue()));
      case TYPE_RANGE:
        return range(type.getRangeType().getElementType(), value.getRangeValue());
      case TYPE_ARRAY:
        return array(type.getArrayType().getElementType(), value.getArrayValue());
      case TYPE_STRUCT:
        return struct(type.getStructType().getFieldList(), value.getStructValue());
      default:
        throw ApiException.notImplemented("returning values of type " + SqlTypes.sql(type));
    }
  }

  private static List<Object> array(TypeProto elementType, ValueProto.Array array) {
    List<Object> elements = new ArrayList<>(array.getElementCount());
    for (ValueProto element : array.getElementList()) {
      elements.add(decode(elementType, element));
    }
    return elements;
  }

  private static Object[] struct(List<StructFieldProto> fields, ValueProto.Struct struct) {
    Object[] values = new Object[fields.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = decode(fields.get(i).getFieldType(), struct.getField(i));
    }
    return values;
  }

  private static BigDecimal decimal(ByteString littleEndian, int scale) {
    byte[] bytes = ValueEncoder.reversed(littleEndian.toByteArray());
    BigDecimal exact = new BigDecimal(new BigInteger(bytes), scale);
    BigDecimal shortest = exact.stripTrailingZeros();
    return shortest.scale() < 0 ? shortest.setScale(0) : shortest;
  }

  /** {@code Y-M D H:M:S[.F]}, as BigQuery prints it. */
  private static String interval(IntervalValue interval) {
    long months = Math.abs((long) interval.months());
    long micros = Math.abs(interval.micros());
    String fraction = "";
    if (micros % 1_000_000 != 0) {
      fraction = String.format(".%06d", micros % 1_000_000);
      fraction = fraction.endsWith("000") ? fraction.substring(0, fraction.length() - 3) : fraction;
    }
    long seconds = micros / 1_000_000;
    return String.format(
        "%s%d-%d %d %s%d:%d:%d%s",
        interval.months() < 0 ? "-" : "",
        months / 12,
        months % 12,
        interval.days(),
        interval.micros() < 0 ? "-" : "",
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60,
        fraction);
  }

  private static String range(TypeProto boundType, ValueProto.Range range) {
    return "[" + bound(boundType, range.getStart()) + ", " + bound(boundType, range.getEnd()) + ")";
  }

  private static String bound(TypeProto type, ValueProto value) {
    Object bound = decode(type, value);
    if (bound instanceof LocalDateTime dateTime) {
      return DATETIME.format(dateTime);
    }
    return bound == null ? UNBOUNDED : bound.toString();
  }
}
