package io.gkp.sql.render;

import com.samskivert.mustache.Mustache;
import com.samskivert.mustache.MustacheException;
import com.samskivert.mustache.Template;
import io.gkp.sql.model.BundledModels;
import java.io.StringReader;
import java.util.Map;

/**
 * Query text with {@code {{names}}} and {@code {{#sections}}} in it.
 *
 * @see <a href="https://mustache.github.io/mustache.5.html">Mustache</a>
 */
public final class SqlTemplate {
  private static final Mustache.Compiler COMPILER =
      Mustache.compiler()
          .escapeHTML(false)
          .strictSections(true)
          .withLoader(
              name -> new StringReader(BundledModels.text("curated/shared/" + name + ".sql")));

  private final Template template;

  public SqlTemplate(String text) {
    this.template = COMPILER.compile(text);
  }

  /** A template among the bundled files, e.g. {@code curated/latest/query.sql}. */
  public static SqlTemplate bundled(String file) {
    return new SqlTemplate(BundledModels.text(file));
  }

  /**
   * Fills in the values.
   *
   * @throws IllegalArgumentException where the text names something that has no value
   */
  public String render(Map<String, ?> values) {
    try {
      return template.execute(values).strip();
    } catch (MustacheException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }
}
