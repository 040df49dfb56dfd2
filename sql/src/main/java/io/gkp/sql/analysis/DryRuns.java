package io.gkp.sql.analysis;

import com.google.cloud.bigquery.Schema;
import io.gkp.bigquery.QueryJobs;
import io.gkp.failure.ExportException;
import io.gkp.failure.Failure;
import io.gkp.sql.model.Layer;
import io.gkp.sql.render.CheckQueries;
import io.gkp.sql.render.RenderedModel;
import io.gkp.sql.warehouse.Warehouse;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Type-checks models by BigQuery's own dry runs, which read nothing and cost nothing, against
 * whatever stands in the warehouse.
 *
 * @see <a href="https://cloud.google.com/bigquery/docs/running-queries#dry-run">dry runs</a>
 */
public final class DryRuns {
  private final QueryJobs jobs;
  private final Warehouse warehouse;
  private final CheckQueries checks;
  private final Function<String, Layer> layers;
  private final Map<String, Boolean> present = new HashMap<>();

  /**
   * @param layers tells where a model or raw table lives
   */
  public DryRuns(
      QueryJobs jobs, Warehouse warehouse, CheckQueries checks, Function<String, Layer> layers) {
    this.jobs = jobs;
    this.warehouse = warehouse;
    this.checks = checks;
    this.layers = layers;
  }

  /**
   * What was found.
   *
   * @param problems of each model that has one, by name
   * @param unknown the models that nothing can be said of yet, each with the reason
   */
  public record Found(Map<String, String> problems, Map<String, String> unknown) {}

  /**
   * Checks models, given in dependency order.
   *
   * @throws ExportException where BigQuery does not answer, or permission is missing
   */
  public Found check(Collection<RenderedModel> models) {
    Found found = new Found(new LinkedHashMap<>(), new LinkedHashMap<>());
    for (RenderedModel model : models) {
      Optional<String> missing =
          model.reads().stream().filter(name -> !isPresent(name)).findFirst();
      if (missing.isPresent()) {
        found
            .unknown()
            .put(model.name(), "it reads " + missing.get() + ", which models run creates");
      } else {
        problem(model).ifPresent(problem -> found.problems().put(model.name(), problem));
      }
    }
    return found;
  }

  private Optional<String> problem(RenderedModel model) {
    try {
      Schema schema = jobs.dryRun("its query", model.query()).getSchema();
      if (schema != null) { // not every emulator tells
        String actual = Signature.of(Warehouse.columns(schema));
        String expected = Signature.of(model.columns());
        if (!actual.equals(expected)) {
          return Optional.of("returns " + actual + " but is to return " + expected);
        }
      }
      if (!model.checks().isEmpty() && isPresent(model.name())) {
        jobs.dryRun("its checks", checks.failures(model));
      }
      return Optional.empty();
    } catch (ExportException e) {
      if (e.failure() == Failure.MODELS_FAILED) {
        return Optional.of(e.getMessage());
      }
      throw e;
    }
  }

  private boolean isPresent(String name) {
    return present.computeIfAbsent(name, n -> warehouse.find(layers.apply(n), n).isPresent());
  }
}
