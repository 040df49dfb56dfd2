package io.gkp.localbigquery.load;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonParser.NumberType;
import com.fasterxml.jackson.core.JsonToken;
import io.gkp.localbigquery.storage.Column;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.util.Base64;
import java.util.Locale;

/** Reads a JSON number, string or boolean as the value of a column's type. */
final class ScalarParser {
  private ScalarParser() {}

  static Object parse(Column column, String path, JsonParser parser) throws IOException {
    try {
      return switch (column.type()) {
        case STRING, GEOGRAPHY, INTERVAL -> string(column, parser);
        case BYTES -> bytes(column, parser);
        case INT64 -> integer(parser);
        case FLOAT64 -> floating(parser);
        case BOOL -> bool(parser);
        case NUMERIC, BIGNUMERIC -> Decimals.fit(column, decimal(parser));
        case DATE -> CivilTimes.date(text(parser));
        case TIME -> CivilTimes.time(text(parser));
        case DATETIME -> CivilTimes.dateTime(text(parser));
        case TIMESTAMP ->
            isNumber(parser)
                ? CivilTimes.timestamp(decimal(parser))
                : CivilTimes.timestamp(text(parser));
        case RANGE -> throw new RowException("Loading RANGE is not implemented.", path);
        case JSON, STRUCT -> throw new IllegalStateException(column.type() + " is no scalar");
      };
    } catch (IllegalArgumentException | ArithmeticException | DateTimeException e) {
      throw new RowException(
          "Could not convert value to %s. Field: %s"
              .formatted(column.type().apiName().toLowerCase(Locale.ROOT), path),
          path);
    }
  }

  private static boolean isNumber(JsonParser parser) {
    return parser.currentToken().isNumeric();
  }

  private static String text(JsonParser parser) throws IOException {
    if (parser.currentToken() != JsonToken.VALUE_STRING) {
      throw new IllegalArgumentException("not a string");
    }
    return parser.getText();
  }

  private static String string(Column column, JsonParser parser) throws IOException {
    String text = text(parser);
    checkLength(column, text.codePointCount(0, text.length()));
    return text;
  }

  private static byte[] bytes(Column column, JsonParser parser) throws IOException {
    byte[] bytes = Base64.getDecoder().decode(text(parser).getBytes(StandardCharsets.US_ASCII));
    checkLength(column, bytes.length);
    return bytes;
  }

  private static void checkLength(Column column, int length) {
    if (column.maxLength() != null && length > column.maxLength()) {
      throw new IllegalArgumentException("too long");
    }
  }

  private static Long integer(JsonParser parser) throws IOException {
    if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT) {
      return Long.valueOf(text(parser).strip());
    }
    return parser.getNumberType() == NumberType.BIG_INTEGER
        ? Long.valueOf(parser.getBigIntegerValue().longValueExact())
        : Long.valueOf(parser.getLongValue());
  }

  private static Double floating(JsonParser parser) throws IOException {
    if (isNumber(parser)) {
      return finite(parser.getDoubleValue());
    }
    String text = text(parser).strip();
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "nan" -> Double.NaN;
      case "inf", "+inf", "infinity", "+infinity" -> Double.POSITIVE_INFINITY;
      case "-inf", "-infinity" -> Double.NEGATIVE_INFINITY;
      default -> finite(new BigDecimal(text).doubleValue());
    };
  }

  private static Double finite(double value) {
    if (Double.isInfinite(value)) {
      throw new ArithmeticException("too large");
    }
    return value;
  }

  private static Boolean bool(JsonParser parser) throws IOException {
    if (parser.currentToken().isBoolean()) {
      return parser.getBooleanValue();
    }
    return switch (text(parser).toLowerCase(Locale.ROOT)) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException("neither true nor false");
    };
  }

  private static BigDecimal decimal(JsonParser parser) throws IOException {
    return new BigDecimal(isNumber(parser) ? parser.getText() : text(parser).strip());
  }
}
