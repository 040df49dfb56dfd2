package io.gkp.sql.run;

import com.google.cloud.bigquery.BigQuery;
import io.gkp.sql.changelog.ChangelogQueries;
import io.gkp.sql.changelog.Compaction;
import io.gkp.sql.changelog.GeneratedModels;
import io.gkp.sql.changelog.RawTable;
import io.gkp.sql.changelog.Retention;
import io.gkp.sql.model.Kind;
import io.gkp.sql.model.ModelCatalog;
import io.gkp.sql.render.Ddl;
import io.gkp.sql.render.RenderedModel;
import io.gkp.sql.run.ModelResult.Outcome;
import io.gkp.sql.warehouse.JobOutcome;
import io.gkp.sql.warehouse.ModelException;
import io.gkp.sql.warehouse.PolicyTagging;
import io.gkp.sql.warehouse.QueryJobs;
import io.gkp.sql.warehouse.Warehouse;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Creates or replaces the models, each after those that it reads. Running it again changes nothing
 * but what the data changed.
 */
public final class ModelRunner {
  private static final Logger log = LoggerFactory.getLogger(ModelRunner.class);

  private final ModelConfig config;
  private final ProgressListener listener;
  private final Warehouse warehouse;
  private final QueryJobs jobs;
  private final Materializer materializer;
  private final PolicyTagging tagging;
  private final GeneratedModels generated;
  private final Compaction compaction;
  private final Retention retention;
  private final ModelCatalog catalog = ModelCatalog.bundled();
  private final List<ModelResult> results = new ArrayList<>();
  private final Set<String> broken = new HashSet<>();

  private ModelRunner(BigQuery client, ModelConfig config, ProgressListener listener) {
    this.config = config;
    this.listener = listener;
    this.warehouse = new Warehouse(client, config.datasets());
    this.jobs = QueryJobs.at(client, config.datasets(), config.location());
    Ddl ddl = new Ddl(config.datasets());
    this.tagging = new PolicyTagging(client, config.datasets(), config.policyTags());
    this.materializer = new Materializer(client, warehouse, jobs, ddl, tagging);
    this.generated = new GeneratedModels(catalog, config.datasets());
    this.compaction =
        new Compaction(jobs, warehouse, new ChangelogQueries(config.datasets()), generated, ddl);
    this.retention = new Retention(jobs, config.datasets(), Clock.systemUTC());
  }

  /**
   * Runs the selected models and makes their checks. A model that fails stops only those that read
   * it.
   *
   * @throws ModelException where the warehouse cannot be reached or read at all
   * @throws IllegalArgumentException where the selection matches nothing
   */
  public static RunReport run(
      BigQuery client, ModelConfig config, Selection selection, ProgressListener listener) {
    return new ModelRunner(client, config, listener).run(selection);
  }

  private RunReport run(Selection selection) {
    // Latest views are rendered anew when their turn comes, from the state of that moment.
    ModelSet set =
        new ModelSet(catalog, config.datasets(), warehouse.rawTables(), table -> Optional.empty());
    if (selection.equals(Selection.ALL)) {
      set.skipped().forEach((name, reason) -> report(ModelResult.skipped(name, reason)));
    }
    List<RenderedModel> selected = selection.of(set.models());
    for (RenderedModel model : selected) {
      listener.started(model.name());
      report(result(set, model));
    }
    List<RenderedModel> built = selected.stream().filter(m -> !broken.contains(m.name())).toList();
    List<CheckResult> checks =
        new DataChecks(jobs, config.datasets(), set::layer, listener).of(built);
    return new RunReport(List.copyOf(results), checks);
  }

  private ModelResult result(ModelSet set, RenderedModel model) {
    Optional<String> missing = model.reads().stream().filter(broken::contains).findFirst();
    if (missing.isPresent()) {
      return ModelResult.skipped(model.name(), "it reads " + missing.get() + ", which failed");
    }
    try {
      JobOutcome job =
          set.latestOf(model.name()).map(this::compact).orElseGet(() -> create(set, model));
      return ModelResult.done(model.name(), job.jobId(), rows(model), job.bytesProcessed());
    } catch (ModelException e) {
      return ModelResult.failed(model.name(), e);
    }
  }

  private JobOutcome create(ModelSet set, RenderedModel model) {
    RenderedModel current =
        set.historyOf(model.name())
            .map(table -> generated.history(table, compaction.state(table)))
            .orElse(model);
    return materializer.create(current);
  }

  private JobOutcome compact(RawTable table) {
    Compaction.Result result = compaction.compact(table, config.fold());
    RenderedModel state = generated.state(table, result.state());
    if (result.state().isPresent()) {
      tagging.apply(state);
    }
    if (result.fold().isPresent()) {
      JobOutcome fold = result.fold().get();
      report(ModelResult.done(state.name(), fold.jobId(), rows(state), fold.bytesProcessed()));
      retention.purgeDeadEpochs(table);
    }
    if (result.state().isPresent() && config.rawRetention().isPresent()) {
      Instant before =
          retention.expire(table, result.state().get().watermark(), config.rawRetention().get());
      log.info("{}: rows ingested before {} are deleted", table.rawName(), before);
    }
    return result.view();
  }

  private Long rows(RenderedModel model) {
    return model.kind() == Kind.TABLE ? warehouse.rows(model.layer(), model.name()) : null;
  }

  private void report(ModelResult result) {
    results.add(result);
    if (result.outcome() != Outcome.DONE) {
      broken.add(result.model());
      log.atLevel(result.outcome() == Outcome.FAILED ? Level.WARN : Level.INFO)
          .log("{}: {}: {}", result.model(), result.outcome(), result.message());
    } else {
      log.info(
          "{}: job {}, {}, {} bytes read",
          result.model(),
          result.jobId(),
          result.rows() == null ? "a view" : result.rows() + " rows",
          result.bytesProcessed());
    }
    listener.finished(result);
  }
}
