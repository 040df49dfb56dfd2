package io.gkp.localbigquery.sql.value;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import com.google.zetasql.CivilTimeEncoder;
import com.google.zetasql.IntervalValue;
import com.google.zetasql.ZetaSQLType.StructFieldProto;
import com.google.zetasql.ZetaSQLType.TypeProto;
import com.google.zetasql.ZetaSQLValue.ValueProto;
import io.gkp.localbigquery.api.ApiException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.List;

/**
 * Turns values as {@link io.gkp.localbigquery.storage.Warehouse} keeps them into ZetaSQL's.
 *
 * <p>GEOGRAPHY cannot be passed: {@code notImplemented}.
 */
public final class ValueEncoder {
  static final ValueProto NULL = ValueProto.getDefaultInstance();
  static final int NUMERIC_SCALE = 9;
  static final int BIGNUMERIC_SCALE = 38;

  private ValueEncoder() {}

  public static ValueProto encode(TypeProto type, Object value) {
    if (value == null) {
      return NULL;
    }
    ValueProto.Builder proto = ValueProto.newBuilder();
    switch (type.getTypeKind()) {
      case TYPE_STRING:
        return proto.setStringValue((String) value).build();
      case TYPE_JSON:
        return proto.setJsonValue((String) value).build();
      case TYPE_INT64:
        return proto.setInt64Value((Long) value).build();
      case TYPE_DOUBLE:
        return proto.setDoubleValue((Double) value).build();
      case TYPE_BOOL:
        return proto.setBoolValue((Boolean) value).build();
      case TYPE_BYTES:
        return proto.setBytesValue(ByteString.copyFrom((byte[]) value)).build();
      case TYPE_NUMERIC:
        return proto.setNumericValue(decimal((BigDecimal) value, NUMERIC_SCALE)).build();
      case TYPE_BIGNUMERIC:
        return proto.setBignumericValue(decimal((BigDecimal) value, BIGNUMERIC_SCALE)).build();
      case TYPE_DATE:
        return proto.setDateValue((int) ((LocalDate) value).toEpochDay()).build();
      case TYPE_TIME:
        return proto
            .setTimeValue(CivilTimeEncoder.encodePacked64TimeNanos((LocalTime) value))
            .build();
      case TYPE_DATETIME:
        return proto
            .setDatetimeValue(CivilTimeEncoder.encodePacked96DatetimeNanos((LocalDateTime) value))
            .build();
      case TYPE_TIMESTAMP:
        Instant instant = (Instant) value;
        return proto
            .setTimestampValue(
                Timestamp.newBuilder()
                    .setSeconds(instant.getEpochSecond())
                    .setNanos(instant.getNano()))
            .build();
      case TYPE_INTERVAL:
        return proto.setIntervalValue(interval((String) value)).build();
      case TYPE_RANGE:
        return proto.setRangeValue(range(type, (String) value)).build();
      case TYPE_ARRAY:
        return array(type.getArrayType().getElementType(), (List<?>) value);
      case TYPE_STRUCT:
        return struct(type.getStructType().getFieldList(), (Object[]) value);
      default:
        throw ApiException.notImplemented("reading values of type " + SqlTypes.sql(type));
    }
  }

  /** From {@code Y-M D H:M:S[.F]}. */
  private static ByteString interval(String text) {
    String[] parts = text.split(" ");
    String[] months = parts[0].replaceFirst("^-", "").split("-");
    String[] time = parts[2].replaceFirst("^-", "").split(":");
    int wholeMonths = Integer.parseInt(months[0]) * 12 + Integer.parseInt(months[1]);
    long micros =
        new BigDecimal(time[2])
            .add(BigDecimal.valueOf(Long.parseLong(time[0]) * 3600 + Long.parseLong(time[1]) * 60))
            .movePointRight(6)
            .longValueExact();
    return IntervalValue.serializeInterval(
        IntervalValue.builder()
            .setMonths(parts[0].startsWith("-") ? -wholeMonths : wholeMonths)
            .setDays(Integer.parseInt(parts[1]))
            .setMicros(parts[2].startsWith("-") ? -micros : micros)
            .setNanoFractions((short) 0)
            .build());
  }

  /** From {@code [start, end)}, either of which may be UNBOUNDED. */
  private static ValueProto.Range range(TypeProto type, String text) {
    String[] bounds = text.substring(1, text.length() - 1).split(", ");
    TypeProto bound = type.getRangeType().getElementType();
    return ValueProto.Range.newBuilder()
        .setStart(bound(bound, bounds[0]))
        .setEnd(bound(bound, bounds[1]))
        .build();
  }

  private static ValueProto bound(TypeProto type, String text) {
    return encode(type, text.equals(ValueDecoder.UNBOUNDED) ? null : TextValues.parse(type, text));
  }

  private static ValueProto array(TypeProto elementType, List<?> elements) {
    ValueProto.Array.Builder array = ValueProto.Array.newBuilder();
    for (Object element : elements) {
      array.addElement(encode(elementType, element));
    }
    return ValueProto.newBuilder().setArrayValue(array).build();
  }

  private static ValueProto struct(List<StructFieldProto> fields, Object[] values) {
    ValueProto.Struct.Builder struct = ValueProto.Struct.newBuilder();
    for (int i = 0; i < fields.size(); i++) {
      struct.addField(encode(fields.get(i).getFieldType(), values[i]));
    }
    return ValueProto.newBuilder().setStructValue(struct).build();
  }

  /** Little-endian two's complement of the unscaled value, as short as it goes. */
  private static ByteString decimal(BigDecimal value, int scale) {
    BigInteger unscaled = value.setScale(scale, RoundingMode.UNNECESSARY).unscaledValue();
    return ByteString.copyFrom(reversed(unscaled.toByteArray()));
  }

  static byte[] reversed(byte[] bytes) {
    byte[] result = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      result[i] = bytes[bytes.length - 1 - i];
    }
    return result;
  }
}
