package io.gkp.localbigquery.api;

import com.google.api.client.json.GenericJson;
import com.google.api.client.json.gson.GsonFactory;
import com.google.api.client.util.Data;
import com.google.api.client.util.GenericData;
import com.google.api.client.util.Types;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The REST API's JSON, to and from the API's own model classes. Unknown fields are kept. */
public final class ApiJson {
  private static final GsonFactory FACTORY = GsonFactory.getDefaultInstance();

  private ApiJson() {}

  /** Throws {@code parseError} (400) for what is no JSON object. An empty text is an empty one. */
  public static <T> T read(byte[] json, Class<T> type) {
    return read(new String(json, StandardCharsets.UTF_8), type);
  }

  public static <T> T read(String json, Class<T> type) {
    try {
      T parsed = FACTORY.fromString(json.isBlank() ? "{}" : json, type);
      if (parsed == null) {
        throw new ApiException(400, "parseError", "The request body is not a JSON object.");
      }
      return parsed;
    } catch (IOException | IllegalArgumentException e) {
      throw new ApiException(400, "parseError", "The request body is not valid JSON.");
    }
  }

  public static byte[] write(Object model) {
    try {
      return ModelWriter.write(model);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Deep, and free of what is shared or immutable within the given one. */
  @SuppressWarnings("unchecked") // the class of a copy is the model's
  public static <T extends GenericJson> T copy(T model) {
    return (T) copied(model);
  }

  /** Not by way of JSON: a table may have 10,000 columns. Null has objects that stand for it. */
  private static Object copied(Object value) {
    if (value instanceof String || value == null || Data.isNull(value)) {
      return value;
    }
    if (value instanceof GenericData data) {
      return copied(data);
    }
    if (value instanceof Map<?, ?> map) {
      Map<Object, Object> copy = new LinkedHashMap<>();
      map.forEach((key, each) -> copy.put(key, copied(each)));
      return copy;
    }
    if (value instanceof List<?> list) {
      List<Object> copy = new ArrayList<>(list.size());
      list.forEach(each -> copy.add(copied(each)));
      return copy;
    }
    return value;
  }

  /** Field by field: as a map, the library looks each of them up by its name, and interns that. */
  private static GenericData copied(GenericData data) {
    GenericData copy = Types.newInstance(data.getClass());
    try {
      for (ModelField field : ModelField.of(data)) {
        Object value = field.field().get(data);
        if (value != null) {
          field.field().set(copy, copied(value));
        }
      }
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e); // the library has made its fields accessible
    }
    if (!data.getUnknownKeys().isEmpty()) {
      data.getUnknownKeys()
          .forEach((name, value) -> copy.getUnknownKeys().put(name, copied(value)));
    }
    if (copy instanceof GenericJson json) {
      json.setFactory(FACTORY);
    }
    return copy;
  }
}
