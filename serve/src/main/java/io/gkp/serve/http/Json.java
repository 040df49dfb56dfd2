package io.gkp.serve.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import io.javalin.http.Context;

/** JSON as the command line prints it: keys in snake case. */
public final class Json {
  private static final ObjectMapper MAPPER =
      new ObjectMapper()
          .setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .setDefaultPropertyInclusion(JsonInclude.Include.ALWAYS)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS);

  private Json() {}

  public static void send(Context context, Object body) {
    context.contentType("application/json").result(text(body));
  }

  public static String text(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * @throws IllegalArgumentException when it is no JSON
   */
  public static JsonNode tree(String text) {
    try {
      return MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("no JSON", e);
    }
  }

  public static JsonNode tree(Object value) {
    return MAPPER.valueToTree(value);
  }

  /**
   * The request's body.
   *
   * @throws Problem 400, naming the member that is wrong; never its value
   */
  public static <T> T read(Context context, Class<T> type) {
    String body = context.body();
    try {
      T value = MAPPER.readValue(body.isBlank() ? "{}" : body, type);
      if (value == null) {
        throw Problem.badRequest("The body is no JSON object.", "Send {...}.");
      }
      return value;
    } catch (MismatchedInputException e) {
      String where =
          e.getPath().isEmpty() || e.getPath().get(0).getFieldName() == null
              ? ""
              : " (" + e.getPath().get(0).getFieldName() + ")";
      throw Problem.badRequest(
          "The body does not fit" + where + ".", "GET /api/openapi.json says what it may hold.");
    } catch (JsonProcessingException e) {
      throw Problem.badRequest("The body is no JSON.", "Send one JSON object.");
    }
  }
}
