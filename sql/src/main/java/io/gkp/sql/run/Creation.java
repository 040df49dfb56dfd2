package io.gkp.sql.run;

import com.google.cloud.bigquery.BigQuery;
import io.gkp.bigquery.JobOutcome;
import io.gkp.bigquery.QueryJobs;
import io.gkp.failure.ExportException;
import io.gkp.sql.changelog.ChangelogQueries;
import io.gkp.sql.changelog.Compaction;
import io.gkp.sql.changelog.GeneratedModels;
import io.gkp.sql.model.Kind;
import io.gkp.sql.model.ModelCatalog;
import io.gkp.sql.render.Ddl;
import io.gkp.sql.render.RenderedModel;
import io.gkp.sql.warehouse.PolicyTagging;
import io.gkp.sql.warehouse.Warehouse;
import java.util.Map;

/** Creates single models in a warehouse. */
final class Creation {
  final QueryJobs jobs;
  final PolicyTagging tagging;
  final GeneratedModels generated;
  final Compaction compaction;
  private final Ddl ddl;
  private final Materializer materializer;

  Creation(BigQuery client, ModelConfig config, ModelCatalog catalog, Warehouse warehouse) {
    this.jobs = warehouse.jobs(config.location());
    this.ddl = new Ddl(config.datasets());
    this.tagging = new PolicyTagging(client, config.datasets(), config.policyTags());
    this.materializer = new Materializer(client, warehouse, jobs, ddl, tagging);
    this.generated = new GeneratedModels(catalog, config.datasets());
    this.compaction =
        new Compaction(jobs, warehouse, new ChangelogQueries(config.datasets()), generated, ddl);
  }

  /**
   * Creates or replaces a model that is no latest view.
   *
   * @param model as the set has it, with nothing folded
   * @throws ExportException where a statement fails
   */
  JobOutcome create(ModelSet set, RenderedModel model) {
    RenderedModel current =
        set.historyOf(model.name())
            .map(table -> generated.history(table, compaction.state(table)))
            .orElse(model);
    return materializer.create(
        current, model.kind() == Kind.VIEW ? ddl.definition(model) : Map.of());
  }
}
