package io.gkp.connector.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.cloud.bigquery.Field;
import com.google.cloud.bigquery.FieldValue;
import com.google.cloud.bigquery.FieldValueList;
import com.google.cloud.bigquery.LegacySQLTypeName;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A row of an answer as plain values: text, whole numbers, booleans, lists, maps, null. */
final class QueryValues {
  private static final ObjectMapper JSON = new ObjectMapper();

  private QueryValues() {}

  static List<Object> of(List<Field> fields, FieldValueList row) {
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < fields.size(); i++) {
      values.add(value(fields.get(i), row.get(i)));
    }
    return values;
  }

  /** As a cell of a table. */
  static String text(Object value) {
    if (value == null) {
      return "NULL";
    }
    if (value instanceof List || value instanceof Map) {
      try {
        return JSON.writeValueAsString(value);
      } catch (JsonProcessingException e) {
        throw new UncheckedIOException(e);
      }
    }
    return value.toString();
  }

  private static @Nullable Object value(Field field, FieldValue value) {
    if (value.isNull()) {
      return null;
    }
    if (value.getAttribute() == FieldValue.Attribute.REPEATED) {
      return value.getRepeatedValue().stream().map(element -> single(field, element)).toList();
    }
    return single(field, value);
  }

  private static @Nullable Object single(Field field, FieldValue value) {
    if (value.isNull()) {
      return null;
    }
    LegacySQLTypeName type = field.getType();
    if (type == LegacySQLTypeName.RECORD) {
      List<Field> fields = field.getSubFields();
      List<Object> values = of(fields, value.getRecordValue());
      Map<String, Object> named = new LinkedHashMap<>();
      for (int i = 0; i < values.size(); i++) {
        named.put(fields.get(i).getName(), values.get(i));
      }
      return named;
    }
    if (type == LegacySQLTypeName.TIMESTAMP) {
      return value.getTimestampInstant().toString();
    }
    if (type == LegacySQLTypeName.INTEGER) {
      return value.getLongValue();
    }
    return type == LegacySQLTypeName.BOOLEAN ? value.getBooleanValue() : value.getStringValue();
  }
}
