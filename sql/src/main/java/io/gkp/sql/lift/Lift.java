package io.gkp.sql.lift;

import io.gkp.sql.model.Check;
import io.gkp.sql.render.Datasets;
import io.gkp.sql.render.RenderedModel;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What is lifted, and from where: the models that other tools can keep, and what they read. */
record Lift(Datasets datasets, List<RenderedModel> models, List<RenderedModel> kept) {
  private static final Pattern PATH = Pattern.compile("`[^`.]+\\.[^`.]+\\.([A-Za-z0-9_]+)`");

  static Lift of(Datasets datasets, Collection<RenderedModel> all) {
    return new Lift(
        datasets,
        all.stream().filter(Lift::isLifted).toList(),
        all.stream().filter(model -> !isLifted(model)).toList());
  }

  private static boolean isLifted(RenderedModel model) {
    return model.name().startsWith("curated_") || model.name().startsWith("marts_");
  }

  static String type(RenderedModel model, String column) {
    return model.columns().stream()
        .filter(c -> c.name().equals(column))
        .findFirst()
        .orElseThrow()
        .type();
  }

  boolean holds(String name) {
    return models.stream().anyMatch(model -> model.name().equals(name));
  }

  /**
   * The model's query with references in the tool's own words.
   *
   * @param reference of a name that the query reads
   */
  String query(RenderedModel model, Function<String, String> reference) {
    Matcher path = PATH.matcher(model.query());
    StringBuilder query = new StringBuilder();
    while (path.find()) {
      path.appendReplacement(query, Matcher.quoteReplacement(reference.apply(path.group(1))));
    }
    return path.appendTail(query).toString().strip() + "\n";
  }

  /**
   * A query whose rows break the check; there are none where it holds.
   *
   * @param relation the model, in the tool's own words
   */
  static String failures(Check check, String relation, Function<String, String> reference) {
    if (check.unique() != null) {
      String key = String.join(", ", check.unique());
      return "SELECT %s\nFROM %s\nGROUP BY %s\nHAVING COUNT(*) > 1\n".formatted(key, relation, key);
    }
    if (check.notNull() != null) {
      return "SELECT *\nFROM %s\nWHERE %s\n"
          .formatted(relation, String.join(" IS NULL OR ", check.notNull()) + " IS NULL");
    }
    if (check.acceptedValues() != null) {
      return "SELECT *\nFROM %s\nWHERE %s NOT IN ('%s')\n"
          .formatted(
              relation,
              check.acceptedValues().column(),
              String.join("', '", check.acceptedValues().values()));
    }
    if (check.references() != null) {
      return "SELECT *\nFROM %s\nWHERE %s IS NOT NULL AND %s NOT IN (SELECT %s FROM %s)\n"
          .formatted(
              relation,
              check.references().column(),
              check.references().column(),
              check.references().key(),
              reference.apply(check.references().to()));
    }
    if (check.fresh() != null) {
      return """
          SELECT MAX(%1$s) AS newest
          FROM %2$s
          HAVING newest IS NULL OR newest < TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL %3$s)
          """
          .formatted(check.fresh().column(), relation, check.fresh().within());
    }
    return "SELECT *\nFROM %s\nWHERE (%s) IS NOT TRUE\n".formatted(relation, check.holds());
  }

  /** Tables that a project reads and does not make, by what they are. */
  Map<String, String> sources() {
    Map<String, String> sources = new TreeMap<>();
    kept.stream()
        .filter(model -> !model.name().startsWith("state_"))
        .forEach(model -> sources.put(model.name(), model.description()));
    sources.put("runs", "One row per run of the export and table.");
    return sources;
  }
}
