package io.gkp.localbigquery.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gkp.localbigquery.api.ApiJson;
import java.util.Map;

/**
 * A partial change: what it does not name stays, what it names as {@code null} goes.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7396">RFC 7396</a>
 */
final class MergePatch {
  private static final ObjectMapper JSON = new ObjectMapper();

  private MergePatch() {}

  static <T> T apply(T model, byte[] patch, Class<T> type) {
    JsonNode before = ClientJson.parse(ApiJson.write(model));
    return ClientJson.read(merge(before, ClientJson.parse(patch)), type);
  }

  private static JsonNode merge(JsonNode target, JsonNode patch) {
    if (!patch.isObject()) {
      return patch;
    }
    ObjectNode merged =
        target instanceof ObjectNode object ? object.deepCopy() : JSON.createObjectNode();
    for (Map.Entry<String, JsonNode> member : patch.properties()) {
      if (member.getValue().isNull()) {
        merged.remove(member.getKey());
      } else {
        JsonNode before = merged.path(member.getKey());
        merged.set(member.getKey(), merge(before, member.getValue()));
      }
    }
    return merged;
  }
}
