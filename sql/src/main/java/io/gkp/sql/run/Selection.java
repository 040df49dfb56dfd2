package io.gkp.sql.run;

import io.gkp.failure.ExportException;
import io.gkp.failure.Failure;
import io.gkp.sql.render.RenderedModel;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which models to work on: names in which {@code *} stands for any text, or names of layers. A
 * {@code +} before a name adds what it reads, one behind it adds what reads it, at any distance.
 */
public record Selection(List<String> terms) {
  /** Every model. */
  public static final Selection ALL = new Selection(List.of("*"));

  public Selection {
    terms = List.copyOf(terms);
  }

  /** Terms with commas between them; every model where there is no term. */
  public static Selection parse(@Nullable String text) {
    return text == null || text.isBlank()
        ? ALL
        : new Selection(List.of(text.trim().split("\\s*,\\s*")));
  }

  /**
   * The chosen models in their given order.
   *
   * @throws ExportException {@code USAGE} where a term matches none
   */
  public List<RenderedModel> of(Collection<RenderedModel> models) {
    Set<String> chosen = new LinkedHashSet<>();
    for (String term : terms) {
      String name = term.replaceAll("^\\+|\\+$", "");
      List<String> matches =
          models.stream().filter(m -> matches(name, m)).map(RenderedModel::name).toList();
      if (matches.isEmpty()) {
        throw new ExportException(
            Failure.USAGE,
            "No model matches " + term + "; there are " + names(models) + ".",
            "See models list.");
      }
      for (String match : matches) {
        chosen.add(match);
        if (term.startsWith("+")) {
          addUpstream(match, models, chosen);
        }
        if (term.endsWith("+")) {
          addDownstream(match, models, chosen);
        }
      }
    }
    return models.stream().filter(m -> chosen.contains(m.name())).toList();
  }

  private static boolean matches(String name, RenderedModel model) {
    String pattern = Pattern.quote(name).replace("*", "\\E.*\\Q");
    return model.layer().folder().equals(name) || model.name().matches(pattern);
  }

  private static String names(Collection<RenderedModel> models) {
    return models.stream().map(RenderedModel::name).collect(Collectors.joining(", "));
  }

  private static void addUpstream(
      String name, Collection<RenderedModel> models, Set<String> chosen) {
    for (RenderedModel model : models) {
      if (model.name().equals(name)) {
        for (String read : model.reads()) {
          chosen.add(read);
          addUpstream(read, models, chosen);
        }
      }
    }
  }

  private static void addDownstream(
      String name, Collection<RenderedModel> models, Set<String> chosen) {
    for (RenderedModel model : models) {
      if (model.reads().contains(name)) {
        chosen.add(model.name());
        addDownstream(model.name(), models, chosen);
      }
    }
  }
}
