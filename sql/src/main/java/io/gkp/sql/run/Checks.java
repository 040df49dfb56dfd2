package io.gkp.sql.run;

import io.gkp.sql.model.Check;
import io.gkp.sql.model.Layer;
import io.gkp.sql.render.CheckQueries;
import io.gkp.sql.render.Datasets;
import io.gkp.sql.render.RenderedModel;
import io.gkp.sql.warehouse.QueryJobs;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the checks that stand beside the models. */
final class Checks {
  private static final Logger log = LoggerFactory.getLogger(Checks.class);

  private final QueryJobs jobs;
  private final CheckQueries queries;
  private final ProgressListener listener;

  Checks(
      QueryJobs jobs,
      Datasets datasets,
      Function<String, Layer> layers,
      ProgressListener listener) {
    this.jobs = jobs;
    this.queries = new CheckQueries(datasets, layers);
    this.listener = listener;
  }

  List<CheckResult> of(List<RenderedModel> models) {
    List<CheckResult> results = new ArrayList<>();
    for (RenderedModel model : models) {
      for (Check check : model.checks()) {
        CheckResult result =
            new CheckResult(
                model.name(),
                check.name(),
                check.severity(),
                failures(model, check),
                check.reason());
        if (!result.passed()) {
          log.warn(
              "{}: check {} ({}): {} failures",
              model.name(),
              check.name(),
              check.severity(),
              result.failures());
        }
        results.add(result);
        listener.checked(result);
      }
    }
    return results;
  }

  private long failures(RenderedModel model, Check check) {
    return jobs.rows(model.name() + "." + check.name(), queries.failures(model, check))
        .get(0)
        .get(0)
        .getLongValue();
  }
}
