package io.gkp.localbigquery.javascript;

import com.google.zetasql.ZetaSQLType.StructFieldProto;
import com.google.zetasql.ZetaSQLType.TypeProto;
import io.gkp.localbigquery.api.ApiException;
import io.gkp.localbigquery.sql.value.SqlTypes;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.mozilla.javascript.Context;
import org.mozilla.javascript.NativeArray;
import org.mozilla.javascript.NativeJSON;
import org.mozilla.javascript.NativeObject;
import org.mozilla.javascript.Scriptable;
import org.mozilla.javascript.ScriptableObject;
import org.mozilla.javascript.Undefined;

/**
 * Between values of GoogleSQL and of JavaScript. What the documentation leaves open is refused.
 *
 * @see <a
 *     href="https://cloud.google.com/bigquery/docs/user-defined-functions#supported-javascript-udf-data-types">Data
 *     types of JavaScript UDFs</a>
 */
final class JavaScriptValues {
  /** The integers that a JavaScript number holds exactly end here. */
  private static final BigDecimal MOST_EXACT = BigDecimal.valueOf(1L << 53);

  private final Context context;
  private final ScriptableObject scope;

  JavaScriptValues(Context context, ScriptableObject scope) {
    this.context = context;
    this.scope = scope;
  }

  static void checkArgument(TypeProto type) {
    switch (type.getTypeKind()) {
      case TYPE_ARRAY -> checkArgument(type.getArrayType().getElementType());
      case TYPE_STRUCT ->
          type.getStructType().getFieldList().forEach(f -> checkArgument(f.getFieldType()));
      case TYPE_BOOL,
          TYPE_INT64,
          TYPE_DOUBLE,
          TYPE_NUMERIC,
          TYPE_BIGNUMERIC,
          TYPE_STRING,
          TYPE_BYTES,
          TYPE_JSON,
          TYPE_DATE,
          TYPE_TIMESTAMP -> {}
      default -> throw refused(type);
    }
  }

  static void checkResult(TypeProto type) {
    checkArgument(type);
  }

  private static ApiException refused(TypeProto type) {
    return ApiException.notImplemented("JavaScript functions over " + SqlTypes.sql(type));
  }

  Object in(TypeProto type, Object value) {
    if (value == null) {
      return null;
    }
    switch (type.getTypeKind()) {
      case TYPE_BOOL, TYPE_DOUBLE, TYPE_STRING:
        return value;
      case TYPE_INT64:
        // A number would not hold all of them: the service passes text.
        return value.toString();
      case TYPE_NUMERIC, TYPE_BIGNUMERIC:
        BigDecimal number = ((BigDecimal) value).stripTrailingZeros();
        return number.scale() <= 0 && number.abs().compareTo(MOST_EXACT) <= 0
            ? (Object) number.doubleValue()
            : number.toPlainString();
      case TYPE_BYTES:
        return Base64.getEncoder().encodeToString((byte[]) value);
      case TYPE_JSON:
        return NativeJSON.parse(
            context, scope, (String) value, (c, s, self, arguments) -> arguments[1]);
      case TYPE_DATE:
        return date(((LocalDate) value).atStartOfDay().toInstant(ZoneOffset.UTC));
      case TYPE_TIMESTAMP:
        return date((Instant) value);
      case TYPE_ARRAY:
        List<Object> elements = new ArrayList<>();
        for (Object element : (List<?>) value) {
          elements.add(in(type.getArrayType().getElementType(), element));
        }
        return context.newArray(scope, elements.toArray());
      default:
        Scriptable object = context.newObject(scope);
        List<StructFieldProto> fields = type.getStructType().getFieldList();
        for (int i = 0; i < fields.size(); i++) {
          object.put(
              fields.get(i).getFieldName(),
              object,
              in(fields.get(i).getFieldType(), ((Object[]) value)[i]));
        }
        return object;
    }
  }

  private Object date(Instant instant) {
    return context.newObject(scope, "Date", new Object[] {(double) instant.toEpochMilli()});
  }

  Object out(TypeProto type, Object value) {
    if (value == null || Undefined.isUndefined(value)) {
      return null;
    }
    switch (type.getTypeKind()) {
      case TYPE_BOOL:
        return require(value instanceof Boolean, type, value);
      case TYPE_STRING:
        require(!(value instanceof Scriptable), type, value);
        return Context.toString(value);
      case TYPE_INT64:
        BigDecimal whole = number(type, value);
        try {
          return whole.longValueExact();
        } catch (ArithmeticException e) {
          throw uncoerced(type, value);
        }
      case TYPE_DOUBLE:
        require(value instanceof Number || value instanceof CharSequence, type, value);
        return value instanceof Number ? ((Number) value).doubleValue() : Context.toNumber(value);
      case TYPE_NUMERIC, TYPE_BIGNUMERIC:
        return number(type, value);
      case TYPE_BYTES:
        require(value instanceof CharSequence, type, value);
        return decoded(type, value.toString());
      case TYPE_JSON:
        return NativeJSON.stringify(context, scope, value, null, null).toString();
      case TYPE_DATE:
        return instant(type, value).atZone(ZoneOffset.UTC).toLocalDate();
      case TYPE_TIMESTAMP:
        return instant(type, value);
      case TYPE_ARRAY:
        NativeArray array = (NativeArray) require(value instanceof NativeArray, type, value);
        List<Object> elements = new ArrayList<>();
        for (int i = 0; i < array.getLength(); i++) {
          elements.add(out(type.getArrayType().getElementType(), present(array.get(i, array))));
        }
        return elements;
      default:
        Scriptable object = (Scriptable) require(value instanceof NativeObject, type, value);
        return type.getStructType().getFieldList().stream()
            .map(
                field ->
                    out(field.getFieldType(), present(object.get(field.getFieldName(), object))))
            .toArray();
    }
  }

  private static Object present(Object property) {
    return property == Scriptable.NOT_FOUND ? null : property;
  }

  private static BigDecimal number(TypeProto type, Object value) {
    require(value instanceof Number || value instanceof CharSequence, type, value);
    try {
      return new BigDecimal(Context.toString(value).strip());
    } catch (NumberFormatException e) {
      throw uncoerced(type, value);
    }
  }

  private static byte[] decoded(TypeProto type, String text) {
    try {
      return Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw uncoerced(type, text);
    }
  }

  private static Instant instant(TypeProto type, Object value) {
    boolean isDate = value instanceof Scriptable object && object.getClassName().equals("Date");
    require(isDate, type, value);
    double millis = Context.toNumber(value);
    require(!Double.isNaN(millis), type, value);
    return Instant.ofEpochMilli((long) millis);
  }

  private static Object require(boolean holds, TypeProto type, Object value) {
    if (!holds) {
      throw uncoerced(type, value);
    }
    return value;
  }

  private static ApiException uncoerced(TypeProto type, Object value) {
    return ApiException.invalidQuery(
        "Failed to coerce output value "
            + Context.toString(value)
            + " to type "
            + SqlTypes.sql(type));
  }
}
