package io.gkp.localbigquery.rest;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.google.api.client.json.JsonString;
import com.google.api.client.util.ClassInfo;
import com.google.api.client.util.FieldInfo;
import io.gkp.localbigquery.api.ApiException;
import io.gkp.localbigquery.api.ApiJson;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * JSON as clients send it, in the form that the API's model classes take.
 *
 * <p>Like every Google API, the real service reads {@code null} as a member that is not there, a
 * number or boolean where a string is due as its text, and the text of a number or boolean as that.
 *
 * @see <a href="https://protobuf.dev/programming-guides/json/">ProtoJSON</a>
 */
final class ClientJson {
  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private static final Pattern NUMBER = Pattern.compile("-?\\d+(\\.\\d+)?([eE][-+]?\\d+)?");

  private ClientJson() {}

  /** Throws {@code parseError} (400) for what is no JSON object. An empty text is an empty one. */
  static <T> T read(byte[] json, Class<T> type) {
    return read(parse(json), type);
  }

  static <T> T read(JsonNode json, Class<T> type) {
    return ApiJson.read(json.isMissingNode() ? "" : fitted(json, type, false).toString(), type);
  }

  static JsonNode parse(byte[] json) {
    try {
      return JSON.readTree(json);
    } catch (IOException e) {
      throw new ApiException(400, "parseError", "The request body is not valid JSON.");
    }
  }

  /**
   * @param type {@code null} for what no model knows, which stays as it is
   * @param asText whether the model keeps the number as a string
   */
  private static JsonNode fitted(JsonNode node, Type type, boolean asText) {
    if (type == null) {
      return node;
    }
    if (node instanceof ObjectNode object) {
      return object(object, type, asText);
    }
    if (node instanceof ArrayNode array) {
      Type element = argument(type, List.class, 0);
      ArrayNode elements = JSON.createArrayNode();
      array.forEach(one -> elements.add(fitted(one, element, asText)));
      return elements;
    }
    return scalar(node, raw(type), asText);
  }

  private static ObjectNode object(ObjectNode object, Type type, boolean asText) {
    Type value = argument(type, Map.class, 1);
    // A row is no message of the API: a column that is null is not one that is left out.
    boolean isRow = value == Object.class || raw(type) == Object.class;
    ObjectNode members = JSON.createObjectNode();
    for (Map.Entry<String, JsonNode> member : object.properties()) {
      if (member.getValue().isNull() && !isRow) {
        continue;
      }
      FieldInfo field =
          value == null && raw(type) != Object.class
              ? ClassInfo.of(raw(type)).getFieldInfo(member.getKey())
              : null;
      JsonNode fitted =
          field == null
              ? fitted(member.getValue(), value, asText)
              : fitted(
                  member.getValue(),
                  field.getGenericType(),
                  field.getField().isAnnotationPresent(JsonString.class));
      members.set(member.getKey(), fitted);
    }
    return members;
  }

  private static JsonNode scalar(JsonNode node, Class<?> type, boolean asText) {
    if (type == String.class || asText) {
      return node.isNumber() || node.isBoolean() ? TextNode.valueOf(node.asText()) : node;
    }
    if (!node.isTextual()) {
      return node;
    }
    String text = node.textValue();
    if (type == Boolean.class && (text.equals("true") || text.equals("false"))) {
      return BooleanNode.valueOf(text.equals("true"));
    }
    return Number.class.isAssignableFrom(type) && NUMBER.matcher(text).matches()
        ? DecimalNode.valueOf(new java.math.BigDecimal(text))
        : node;
  }

  private static Class<?> raw(Type type) {
    if (type instanceof ParameterizedType parameterized) {
      return (Class<?>) parameterized.getRawType();
    }
    return type instanceof Class<?> known ? known : Object.class;
  }

  /** What a List or Map of the model holds; {@code null} for all else. */
  private static Type argument(Type type, Class<?> container, int index) {
    return type instanceof ParameterizedType parameterized && container.isAssignableFrom(raw(type))
        ? parameterized.getActualTypeArguments()[index]
        : null;
  }
}
