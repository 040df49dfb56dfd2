package io.gkp.serve.api;

import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;

/** {@code /api/openapi.json}: what may be asked, and what is answered. */
public final class OpenApi {
  private OpenApi() {}

  public static void send(Context context) throws IOException {
    try (InputStream document = OpenApi.class.getResourceAsStream("/io/gkp/serve/openapi.json")) {
      context.contentType("application/json").result(document.readAllBytes());
    }
  }
}
