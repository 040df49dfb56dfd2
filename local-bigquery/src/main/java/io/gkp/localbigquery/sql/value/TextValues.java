package io.gkp.localbigquery.sql.value;

import com.google.zetasql.ZetaSQLType.TypeProto;
import io.gkp.localbigquery.api.ApiException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.Base64;

/** Values of scalar types as query parameters spell them. */
public final class TextValues {
  private static final DateTimeFormatter TIME =
      new DateTimeFormatterBuilder()
          .appendPattern("H:m:s")
          .optionalStart()
          .appendFraction(ChronoField.NANO_OF_SECOND, 0, 6, true)
          .optionalEnd()
          .toFormatter();
  private static final DateTimeFormatter DATETIME =
      new DateTimeFormatterBuilder()
          .appendPattern("u-M-d")
          .optionalStart()
          .appendPattern("['T'][' ']")
          .append(TIME)
          .optionalEnd()
          .parseDefaulting(ChronoField.HOUR_OF_DAY, 0)
          .toFormatter();
  private static final DateTimeFormatter TIMESTAMP =
      new DateTimeFormatterBuilder()
          .append(DATETIME)
          .optionalStart()
          .appendPattern("[ ]")
          .optionalEnd()
          .appendPattern("[XXX][X]['UTC']['Z']")
          .parseDefaulting(ChronoField.OFFSET_SECONDS, 0)
          .toFormatter();

  private TextValues() {}

  /** Throws {@code invalid} where the text is not a value of the type. */
  public static Object parse(TypeProto type, String text) {
    try {
      switch (type.getTypeKind()) {
        case TYPE_INT64:
          return Long.valueOf(text.trim());
        case TYPE_DOUBLE:
          return floatingPoint(text.trim());
        case TYPE_BOOL:
          return bool(text.trim());
        case TYPE_NUMERIC:
          return new BigDecimal(text.trim())
              .setScale(ValueEncoder.NUMERIC_SCALE, RoundingMode.HALF_UP);
        case TYPE_BIGNUMERIC:
          return new BigDecimal(text.trim())
              .setScale(ValueEncoder.BIGNUMERIC_SCALE, RoundingMode.HALF_UP);
        case TYPE_BYTES:
          return Base64.getDecoder().decode(text);
        case TYPE_DATE:
          return LocalDate.parse(text.trim(), DateTimeFormatter.ofPattern("u-M-d"));
        case TYPE_TIME:
          return LocalTime.parse(text.trim(), TIME);
        case TYPE_DATETIME:
          return LocalDateTime.parse(text.trim(), DATETIME);
        case TYPE_TIMESTAMP:
          return timestamp(text.trim());
        default:
          return text;
      }
    } catch (DateTimeException | IllegalArgumentException e) {
      throw ApiException.invalid(
          "Invalid value for query parameter of type " + SqlTypes.sql(type) + ": " + text);
    }
  }

  private static Instant timestamp(String text) {
    return OffsetDateTime.parse(text, TIMESTAMP).withOffsetSameInstant(ZoneOffset.UTC).toInstant();
  }

  private static Double floatingPoint(String text) {
    switch (text.toLowerCase(java.util.Locale.ROOT)) {
      case "nan":
        return Double.NaN;
      case "inf":
      case "+inf":
      case "infinity":
        return Double.POSITIVE_INFINITY;
      case "-inf":
      case "-infinity":
        return Double.NEGATIVE_INFINITY;
      default:
        return Double.valueOf(text);
    }
  }

  private static Boolean bool(String text) {
    if (text.equalsIgnoreCase("true")) {
      return true;
    }
    if (text.equalsIgnoreCase("false")) {
      return false;
    }
    throw new IllegalArgumentException(text);
  }
}
