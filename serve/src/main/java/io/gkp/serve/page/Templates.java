package io.gkp.serve.page;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import io.javalin.http.Context;
import java.util.Map;

/** The one place where HTML is made; every value is escaped for where it stands. */
final class Templates {
  private static final TemplateEngine ENGINE =
      TemplateEngine.createPrecompiled(
          null, ContentType.Html, Templates.class.getClassLoader(), "io.gkp.serve.templates");

  private Templates() {}

  static void send(Context context, String template, Map<String, Object> parameters) {
    StringOutput html = new StringOutput();
    ENGINE.render(template + ".jte", parameters, html);
    context.html(html.toString());
  }
}
