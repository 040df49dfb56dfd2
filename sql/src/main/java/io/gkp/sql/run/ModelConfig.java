package io.gkp.sql.run;

import io.gkp.sql.changelog.FoldPolicy;
import io.gkp.sql.model.PolicyTags;
import io.gkp.sql.render.Datasets;
import java.time.Period;
import java.util.Objects;
import java.util.Optional;

/**
 * How to run the models.
 *
 * @param location where the datasets are, e.g. {@code EU}; empty leaves it to BigQuery
 * @param fold when changelogs are folded into state tables
 * @param rawRetention raw rows ingested before this many days ago are deleted once they are folded
 *     in; empty keeps all
 * @param policyTags what columns with personal data get in the tables that a run writes
 */
public record ModelConfig(
    Datasets datasets,
    Optional<String> location,
    FoldPolicy fold,
    Optional<Period> rawRetention,
    PolicyTags policyTags) {
  public ModelConfig {
    Objects.requireNonNull(datasets, "datasets");
    if (rawRetention.map(p -> p.getDays() < 1 || p.toTotalMonths() != 0).orElse(false)) {
      throw new IllegalArgumentException("raw retention is at least one day, in days");
    }
  }

  /** Folds when it is worth it, deletes nothing, tags nothing. */
  public static ModelConfig of(Datasets datasets) {
    return new ModelConfig(
        datasets, Optional.empty(), FoldPolicy.WHEN_WORTH_IT, Optional.empty(), PolicyTags.NONE);
  }
}
