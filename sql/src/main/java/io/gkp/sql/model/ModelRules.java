package io.gkp.sql.model;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** What a model's files must say before it may run. */
final class ModelRules {
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]*");

  /** {@code pii: true} would be read as the word "true", and no policy is meant by it. */
  private static final Pattern PII_CLASS = Pattern.compile("(?!true$|false$)[a-z][a-z_]*");

  private final Model model;
  private final Set<String> columns = new HashSet<>();
  private final List<String> problems = new ArrayList<>();

  private ModelRules(Model model) {
    this.model = model;
  }

  /** Every problem of the model, each naming it; empty where there is none. */
  static List<String> problems(Model model) {
    ModelRules rules = new ModelRules(model);
    rules.texts();
    rules.columns();
    rules.layout();
    rules.checks();
    return rules.problems;
  }

  private void texts() {
    require(NAME.matcher(model.name()).matches(), "its name must be lower_snake_case");
    require(!model.description().isBlank(), "description is missing");
    require(!model.grain().row().isBlank(), "grain is missing");
    require((model.query() == null) == (model.kind() == Kind.SOURCE), "only sources have no query");
    if (model.kind() != Kind.SOURCE) {
      require(!model.grain().key().isEmpty(), "unique_key is missing");
      require(
          !model.grain().tiebreak().isBlank(),
          "tiebreak is missing (\"none\" where rows never compete)");
    }
  }

  private void columns() {
    require(!model.columns().isEmpty(), "columns are missing");
    for (Column column : model.columns()) {
      require(columns.add(column.name()), "column " + column.name() + " is listed twice");
      require(
          column.type() != null && !column.type().isBlank(),
          "column " + column.name() + " has no type");
      require(!column.description().isBlank(), "column " + column.name() + " has no description");
      require(
          column.pii().map(c -> PII_CLASS.matcher(c).matches()).orElse(true),
          "column " + column.name() + " has a pii class that is no lower-case word");
    }
    known("unique_key", model.grain().key());
    for (String name : model.optional()) {
      require(
          model.references().contains(name), "it does not read " + name + ", which is optional");
    }
  }

  private void layout() {
    model
        .layout()
        .partition()
        .ifPresent(
            partition -> {
              known("partition", List.of(partition.by()));
              require(partition.reason() != null, "partition has no reason");
            });
    model
        .layout()
        .cluster()
        .ifPresent(
            cluster -> {
              known("cluster", cluster.by());
              require(cluster.by().size() <= Cluster.MAX_COLUMNS, "cluster takes 4 columns");
              require(cluster.reason() != null, "cluster has no reason");
            });
  }

  private void checks() {
    Set<String> names = new HashSet<>();
    for (Check check : model.allChecks()) {
      require(check.name() != null && names.add(check.name()), "a check's name is not unique");
      require(check.severity() != null, "check " + check.name() + " has no severity");
      require(check.rules() == 1, "check " + check.name() + " must have exactly one rule");
      // It is made as soon as the model and those that the model reads are there.
      require(
          check.references() == null || model.references().contains(check.references().to()),
          "check " + check.name() + " refers to a model that the model does not read");
    }
  }

  private void known(String key, List<String> names) {
    for (String name : names) {
      require(columns.contains(name), key + " names the unknown column " + name);
    }
  }

  private void require(boolean holds, String problem) {
    if (!holds) {
      problems.add(model.layer().folder() + "/" + model.name() + ": " + problem);
    }
  }
}
