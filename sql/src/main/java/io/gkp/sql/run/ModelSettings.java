package io.gkp.sql.run;

import io.gkp.sql.changelog.FoldPolicy;
import io.gkp.sql.model.PolicyTags;
import io.gkp.sql.render.Datasets;
import io.gkp.sql.warehouse.ModelException;
import io.gkp.sql.warehouse.ModelException.Fault;
import java.time.Period;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Reads a configuration from settings by name, which are also the flags' names without their
 * dashes, and tells of everything that is wrong with them at once.
 */
public final class ModelSettings {
  private static final Map<String, FoldPolicy> FOLD_POLICIES =
      Map.of(
          "auto", FoldPolicy.WHEN_WORTH_IT, "always", FoldPolicy.ALWAYS, "never", FoldPolicy.NEVER);

  private final Function<String, Optional<String>> values;
  private final List<String> problems;

  private ModelSettings(Function<String, Optional<String>> values, List<String> problems) {
    this.values = values;
    this.problems = new ArrayList<>(problems);
  }

  /**
   * Reads {@code project}, {@code dataset}, {@code curated-dataset}, {@code marts-dataset}, {@code
   * location}, {@code fold}, {@code raw-retention-days} and {@code policy-tags}.
   *
   * @param values the value of a setting; empty where nobody gives one
   * @param found problems found already, to be told along
   * @param piiClasses what policy tags may be given for
   * @throws ModelException {@code CONFIGURATION}, naming every problem
   */
  public static ModelConfig read(
      Function<String, Optional<String>> values,
      List<String> found,
      Collection<String> piiClasses) {
    return new ModelSettings(values, found).read(piiClasses);
  }

  private ModelConfig read(Collection<String> piiClasses) {
    Optional<Datasets> datasets = datasets();
    FoldPolicy fold = value("fold").map(this::fold).orElse(FoldPolicy.WHEN_WORTH_IT);
    Optional<Period> retention = value("raw-retention-days").map(this::days);
    PolicyTags tags =
        value("policy-tags").map(text -> tags(text, piiClasses)).orElse(PolicyTags.NONE);
    if (!problems.isEmpty()) {
      throw new ModelException(
          Fault.CONFIGURATION,
          (problems.size() == 1
                  ? "The configuration has a problem: "
                  : "The configuration has " + problems.size() + " problems: ")
              + String.join("; ", problems)
              + ".");
    }
    return new ModelConfig(datasets.orElseThrow(), value("location"), fold, retention, tags);
  }

  private Optional<Datasets> datasets() {
    Optional<String> project = required("project");
    Optional<String> raw = required("dataset");
    if (project.isEmpty() || raw.isEmpty()) {
      return Optional.empty();
    }
    String curated = value("curated-dataset").orElse(raw.get());
    try {
      return Optional.of(
          new Datasets(project.get(), raw.get(), curated, value("marts-dataset").orElse(curated)));
    } catch (IllegalArgumentException e) {
      problems.add(e.getMessage());
      return Optional.empty();
    }
  }

  private Optional<String> required(String name) {
    Optional<String> value = value(name);
    if (value.isEmpty()) {
      problems.add("--" + name + " is missing");
    }
    return value;
  }

  private FoldPolicy fold(String text) {
    FoldPolicy policy = FOLD_POLICIES.get(text);
    if (policy == null) {
      problems.add("--fold: auto, always or never, got " + text);
    }
    return policy;
  }

  private Period days(String text) {
    if (!text.matches("[1-9][0-9]{0,4}")) {
      problems.add("--raw-retention-days: a number of days from 1 on, got " + text);
      return null;
    }
    return Period.ofDays(Integer.parseInt(text));
  }

  private PolicyTags tags(String text, Collection<String> piiClasses) {
    try {
      return PolicyTags.parse(text, piiClasses);
    } catch (IllegalArgumentException e) {
      problems.add("--policy-tags: " + e.getMessage());
      return null;
    }
  }

  private Optional<String> value(String name) {
    return values.apply(name).map(String::strip).filter(v -> !v.isEmpty());
  }
}
