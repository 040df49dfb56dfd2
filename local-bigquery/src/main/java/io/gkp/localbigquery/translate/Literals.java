package io.gkp.localbigquery.translate;

import com.google.zetasql.Type;
import com.google.zetasql.Value;
import io.gkp.localbigquery.api.ApiException;
import io.gkp.localbigquery.sql.value.ValueDecoder;
import io.gkp.localbigquery.storage.ColumnTypes;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Constants in DuckDB's SQL. */
final class Literals {
  private Literals() {}

  static String of(Value value) {
    Type type = value.getType();
    String duck = Types.duck(type);
    if (value.isNull()) {
      return "CAST(NULL AS " + duck + ")";
    }
    return switch (type.getKind()) {
      case TYPE_INT64 -> "CAST('" + value.getInt64Value() + "' AS BIGINT)";
      case TYPE_DOUBLE -> "CAST('" + value.getDoubleValue() + "' AS DOUBLE)";
      case TYPE_BOOL -> value.getBoolValue() ? "TRUE" : "FALSE";
      case TYPE_STRING -> text(value.getStringValue());
      case TYPE_JSON -> text(value.getJsonValue());
      case TYPE_BYTES ->
          "unhex('" + HexFormat.of().formatHex(value.getBytesValue().toByteArray()) + "')";
      case TYPE_DATE -> "DATE '" + value.getLocalDateValue() + "'";
      case TYPE_DATETIME -> "TIMESTAMP '" + value.getLocalDateTimeValue() + "'";
      case TYPE_TIME -> "TIME '" + value.getLocalTimeValue() + "'";
      case TYPE_TIMESTAMP ->
          "make_timestamp(CAST('" + value.getTimestampUnixMicros() + "' AS BIGINT))";
      case TYPE_NUMERIC ->
          "CAST('" + value.getNumericValue().toPlainString() + "' AS DECIMAL(38,9))";
      case TYPE_BIGNUMERIC ->
          "CAST('"
              + value.getBigNumericValue().movePointRight(38).toBigIntegerExact()
              + "' AS BIGNUM)";
      case TYPE_INTERVAL -> {
        var interval = value.getIntervalValue();
        yield "(to_months("
            + interval.months()
            + ") + to_days("
            + interval.days()
            + ") + to_microseconds("
            + interval.micros()
            + "))";
      }
      case TYPE_ARRAY -> {
        List<String> elements = new ArrayList<>();
        value.getElementList().forEach(element -> elements.add(of(element)));
        yield "CAST([" + String.join(", ", elements) + "] AS " + duck + ")";
      }
      case TYPE_STRUCT -> {
        List<String> fields = new ArrayList<>();
        for (int i = 0; i < value.getFieldCount(); i++) {
          fields.add(of(value.getField(i)));
        }
        yield ColumnTypes.struct(fields);
      }
      case TYPE_RANGE -> text((String) ValueDecoder.decode(type.serialize(), value.serialize()));
      default -> throw ApiException.notImplemented("constants of type " + Types.name(type));
    };
  }

  static String text(String text) {
    String quoted = "'" + text.replace("'", "''") + "'";
    return text.indexOf(0) < 0 ? quoted : "(" + quoted.replace("\0", "' || chr(0) || '") + ")";
  }
}
