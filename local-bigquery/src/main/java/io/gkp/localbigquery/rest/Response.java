package io.gkp.localbigquery.rest;

import io.gkp.localbigquery.ApiJson;
import java.util.Map;

/** An HTTP response; with a body it is JSON. */
record Response(int status, Map<String, String> headers, byte[] body) {
  static Response ok(Object model) {
    return new Response(200, Map.of(), ApiJson.write(model));
  }

  static Response empty(int status, Map<String, String> headers) {
    return new Response(status, headers, new byte[0]);
  }
}
