package io.gkp.localbigquery.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.google.api.client.util.Data;
import com.google.api.client.util.DateTime;
import com.google.api.client.util.GenericData;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Map;

/**
 * Writes the API's models as their library does, field by field. The library takes a model for a
 * map: it looks each field up by its name, and interns that, whether it is set or not.
 */
final class ModelWriter {
  private static final JsonFactory JSON = new JsonFactory();

  private final JsonGenerator out;

  private ModelWriter(JsonGenerator out) {
    this.out = out;
  }

  /**
   * @param model a model, or a map or list of them
   */
  static byte[] write(Object model) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator out = JSON.createGenerator(bytes)) {
      new ModelWriter(out).write(model, false);
    }
    return bytes.toByteArray();
  }

  /**
   * @param quoted whether numbers become texts
   */
  private void write(Object value, boolean quoted) throws IOException {
    if (Data.isNull(value)) {
      out.writeNull();
    } else if (value instanceof GenericData data) {
      writeModel(data);
    } else if (value instanceof Map<?, ?> map) {
      out.writeStartObject();
      writeEntries(map, quoted);
      out.writeEndObject();
    } else if (value instanceof Iterable<?> elements) {
      out.writeStartArray();
      for (Object element : elements) {
        write(element, quoted);
      }
      out.writeEndArray();
    } else if (value instanceof Boolean truth) {
      out.writeBoolean(truth);
    } else if (value instanceof Number number && !quoted) {
      writeNumber(number);
    } else if (value instanceof DateTime time) {
      out.writeString(time.toStringRfc3339());
    } else {
      out.writeString(value.toString());
    }
  }

  private void writeModel(GenericData data) throws IOException {
    out.writeStartObject();
    try {
      for (ModelField field : ModelField.of(data)) {
        Object value = field.field().get(data);
        if (value != null) {
          out.writeFieldName(field.name());
          write(value, field.isQuoted());
        }
      }
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e); // the library has made its fields accessible
    }
    writeEntries(data.getUnknownKeys(), false);
    out.writeEndObject();
  }

  private void writeEntries(Map<?, ?> map, boolean quoted) throws IOException {
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      if (entry.getValue() != null) {
        out.writeFieldName((String) entry.getKey());
        write(entry.getValue(), quoted);
      }
    }
  }

  private void writeNumber(Number number) throws IOException {
    if (number instanceof Double || number instanceof Float) {
      out.writeNumber(number.doubleValue());
    } else if (number instanceof BigDecimal decimal) {
      out.writeNumber(decimal);
    } else if (number instanceof BigInteger integer) {
      out.writeNumber(integer);
    } else {
      out.writeNumber(number.longValue());
    }
  }
}
