package io.gkp.localbigquery.rest;

import io.gkp.localbigquery.api.ApiJson;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** An HTTP response; with a body it is JSON. */
record Response(int status, Map<String, String> headers, byte[] body) {
  static Response ok(Object model) {
    return new Response(200, Map.of(), ApiJson.write(model));
  }

  /** The model with a field {@code rows} besides. */
  static Response ok(Object model, byte[] rows) {
    byte[] json = ApiJson.write(model);
    byte[] name = ",\"rows\":".getBytes(StandardCharsets.US_ASCII);
    byte[] body = new byte[json.length + name.length + rows.length];
    int length = json.length - 1;
    System.arraycopy(json, 0, body, 0, length);
    System.arraycopy(name, 0, body, length, name.length);
    System.arraycopy(rows, 0, body, length + name.length, rows.length);
    body[body.length - 1] = '}';
    return new Response(200, Map.of(), body);
  }

  static Response empty(int status, Map<String, String> headers) {
    return new Response(status, headers, new byte[0]);
  }
}
