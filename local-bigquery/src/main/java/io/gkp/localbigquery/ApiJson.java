package io.gkp.localbigquery;

import com.google.api.client.json.GenericJson;
import com.google.api.client.json.gson.GsonFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

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
      return FACTORY.toByteArray(model);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Deep, and free of what is shared or immutable within the given one. */
  @SuppressWarnings("unchecked") // the class of a model is that model's
  public static <T extends GenericJson> T copy(T model) {
    return read(write(model), (Class<T>) model.getClass());
  }
}
