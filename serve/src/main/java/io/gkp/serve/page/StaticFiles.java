package io.gkp.serve.page;

import io.gkp.serve.http.Problem;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;

/** The page's style, script and icon. There are three, and nothing else is looked for. */
public final class StaticFiles {
  private static final Map<String, String> TYPES =
      Map.of(
          "page.css", "text/css; charset=utf-8",
          "page.js", "text/javascript; charset=utf-8",
          "icon.svg", "image/svg+xml");

  private StaticFiles() {}

  public static void send(Context context) throws IOException {
    String name = context.pathParam("name");
    String type = TYPES.get(name);
    if (type == null) {
      throw Problem.notFound("There is nothing here.");
    }
    try (InputStream file = StaticFiles.class.getResourceAsStream("/io/gkp/serve/static/" + name)) {
      context.contentType(type).result(file.readAllBytes());
    }
  }
}
