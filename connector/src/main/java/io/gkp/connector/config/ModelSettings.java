package io.gkp.connector.config;

import io.gkp.bigquery.DestinationConfig;
import io.gkp.sql.changelog.FoldPolicy;
import io.gkp.sql.model.PolicyTags;
import io.gkp.sql.render.Datasets;
import io.gkp.sql.run.ModelConfig;
import java.time.Period;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How to run the SQL models, out of the settings. */
final class ModelSettings {
  private static final Map<String, FoldPolicy> FOLD_POLICIES =
      Map.of(
          "auto", FoldPolicy.WHEN_WORTH_IT, "always", FoldPolicy.ALWAYS, "never", FoldPolicy.NEVER);

  private final Settings settings;

  ModelSettings(Settings settings) {
    this.settings = settings;
  }

  /** Null where there is a problem. */
  @Nullable ModelConfig read() {
    String project = settings.required(Setting.PROJECT, DestinationConfig::checkProject);
    String dataset = settings.required(Setting.DATASET, DestinationConfig::checkDataset);
    Datasets datasets = project == null || dataset == null ? null : datasets(project, dataset);
    FoldPolicy fold = settings.get(Setting.FOLD, ModelSettings::fold, FoldPolicy.WHEN_WORTH_IT);
    Optional<Period> retention =
        settings.get(Setting.RAW_RETENTION_DAYS, ModelSettings::days, Optional.empty());
    PolicyTags tags = settings.policyTags();
    return datasets == null || fold == null || retention == null || tags == null
        ? null
        : new ModelConfig(datasets, location(), fold, retention, tags);
  }

  /** In the datasets of the models; what else is configured for those is nothing to views. */
  @Nullable ModelConfig views(DestinationConfig destination) {
    Datasets datasets = datasets(destination.project(), destination.dataset());
    return datasets == null
        ? null
        : new ModelConfig(
            datasets, location(), FoldPolicy.WHEN_WORTH_IT, Optional.empty(), PolicyTags.NONE);
  }

  /** Null where the name of a layer's dataset is none. */
  private @Nullable Datasets datasets(String project, String raw) {
    String curated = settings.get(Setting.CURATED_DATASET, DestinationConfig::checkDataset, raw);
    String marts =
        settings.get(
            Setting.MARTS_DATASET,
            DestinationConfig::checkDataset,
            curated == null ? raw : curated);
    return curated == null || marts == null ? null : new Datasets(project, raw, curated, marts);
  }

  private Optional<String> location() {
    return settings.find(Setting.LOCATION);
  }

  private static FoldPolicy fold(String text) {
    FoldPolicy policy = FOLD_POLICIES.get(text.strip());
    if (policy == null) {
      throw new IllegalArgumentException("auto, always or never, got " + text);
    }
    return policy;
  }

  private static Optional<Period> days(String text) {
    if (!text.strip().matches("[1-9][0-9]{0,4}")) {
      throw new IllegalArgumentException("a number of days from 1 on, got " + text);
    }
    return Optional.of(Period.ofDays(Integer.parseInt(text.strip())));
  }
}
