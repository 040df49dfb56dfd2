package io.gkp.sql.run;

import com.google.cloud.bigquery.BigQuery;
import io.gkp.bigquery.JobOutcome;
import io.gkp.failure.ExportException;
import io.gkp.failure.Failure;
import io.gkp.failure.FailureLine;
import io.gkp.sql.changelog.Compaction;
import io.gkp.sql.changelog.Retention;
import io.gkp.sql.model.Kind;
import io.gkp.sql.model.ModelCatalog;
import io.gkp.sql.render.RenderedModel;
import io.gkp.sql.run.ModelResult.Outcome;
import io.gkp.sql.warehouse.RawTable;
import io.gkp.sql.warehouse.Warehouse;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Creates or replaces the models, each after those that it reads. Running it again changes nothing
 * but what the data changed.
 */
public final class ModelRunner {
  private static final Logger log = LoggerFactory.getLogger(ModelRunner.class);

  private final BigQuery client;
  private final ModelConfig config;
  private final ProgressListener listener;
  private final Warehouse warehouse;
  private final Creation creation;
  private final Retention retention;
  private final ModelCatalog catalog = ModelCatalog.bundled();
  private final List<ModelResult> results = new ArrayList<>();
  private final Set<String> broken = new HashSet<>();

  private ModelRunner(BigQuery client, ModelConfig config, ProgressListener listener) {
    this.client = client;
    this.config = config;
    this.listener = listener;
    this.warehouse = new Warehouse(client, config.datasets());
    this.creation = new Creation(client, config, catalog, warehouse);
    this.retention = new Retention(creation.jobs, config.datasets(), Clock.systemUTC());
  }

  /**
   * Runs the selected models and makes their checks, which are under way while the next models are
   * built. A model that fails stops only those that read it.
   *
   * @throws ExportException where the warehouse cannot be reached or read at all
   * @throws ExportException where the selection matches nothing
   */
  public static RunReport run(
      BigQuery client, ModelConfig config, Selection selection, ProgressListener listener) {
    return new ModelRunner(client, config, listener).run(selection);
  }

  /**
   * Runs all models after an export that has drained, unless nothing that they read has changed
   * since the last refresh.
   *
   * @return empty where every model is as it would come out; no query was run then
   * @throws ExportException where the warehouse cannot be reached or read at all
   */
  public static Optional<RunReport> refresh(
      BigQuery client, ModelConfig config, ProgressListener listener) {
    return new ModelRunner(client, config, listener).refresh();
  }

  private Optional<RunReport> refresh() {
    ModelSet set = set();
    Refreshed refreshed = new Refreshed(client, config, warehouse, set);
    if (refreshed.isUpToDate()) {
      log.info("The models are as their raw tables are; nothing was run");
      return Optional.empty();
    }
    RunReport report = run(set, Selection.ALL);
    if (report.exitCode() == 0) {
      refreshed.remember();
    }
    return Optional.of(report);
  }

  private RunReport run(Selection selection) {
    return run(set(), selection);
  }

  /** Latest views are rendered anew when their turn comes, from the state of that moment. */
  private ModelSet set() {
    List<RawTable> tables = warehouse.rawTables();
    return new ModelSet(
        catalog,
        config.datasets(),
        tables,
        ChangedKeys.underway(tables, config.datasets(), () -> creation.jobs),
        table -> Optional.empty());
  }

  private RunReport run(ModelSet set, Selection selection) {
    if (selection.equals(Selection.ALL)) {
      set.skipped().forEach((name, reason) -> report(ModelResult.skipped(name, reason)));
    }
    DataChecks checks = new DataChecks(creation.jobs, config.datasets(), set::layer, listener);
    try (ChecksUnderway underway = checks.underway()) {
      for (RenderedModel model : selection.of(set.models())) {
        listener.started(model.name());
        report(result(set, model));
        if (!broken.contains(model.name())) {
          underway.begin(model);
        }
      }
      return new RunReport(List.copyOf(results), checks.results(underway));
    }
  }

  private ModelResult result(ModelSet set, RenderedModel model) {
    Optional<String> missing = model.reads().stream().filter(broken::contains).findFirst();
    if (missing.isPresent()) {
      return ModelResult.skipped(model.name(), "it reads " + missing.get() + ", which failed");
    }
    try {
      JobOutcome job =
          set.latestOf(model.name())
              .map(this::compact)
              .orElseGet(() -> creation.create(set, model));
      return ModelResult.done(model.name(), job.jobId(), rows(model), job.bytesProcessed());
    } catch (ExportException e) {
      return ModelResult.failed(model.name(), e);
    }
  }

  private JobOutcome compact(RawTable table) {
    Compaction.Result result = creation.compaction.compact(table, config.fold());
    RenderedModel state = creation.generated.state(table, result.state());
    if (result.state().isPresent()) {
      creation.tagging.apply(state);
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

  private @Nullable Long rows(RenderedModel model) {
    return model.kind() == Kind.TABLE ? warehouse.rows(model.layer(), model.name()) : null;
  }

  private void report(ModelResult result) {
    results.add(result);
    if (result.outcome() != Outcome.DONE) {
      broken.add(result.model());
      Failure failure = result.failure();
      LoggingEventBuilder line = failure == null ? log.atInfo() : FailureLine.of(log, failure);
      line.log("{}: {}: {}", result.model(), result.outcome(), result.message());
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
