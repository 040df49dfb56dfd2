package io.gkp.connector.export;

import com.google.cloud.bigquery.BigQuery;
import io.gkp.connector.checks.Finding;
import io.gkp.connector.config.ExportConfig;
import io.gkp.failure.ExportException;
import io.gkp.sql.run.ModelResult;
import io.gkp.sql.run.Views;
import java.util.List;

/**
 * Brings the views in step with the raw tables at the end of a run. The data is in by then:
 * whatever goes wrong here is said, and no failure of the run.
 */
final class RunViews {
  private RunViews() {}

  /** Does nothing where views are declined. */
  static void bring(BigQuery client, ExportConfig config, RunStatistics statistics) {
    if (config.views().isEmpty()) {
      return;
    }
    List<ModelResult> views;
    try {
      views = Views.bring(client, config.views().get());
    } catch (ExportException e) {
      views = List.of(ModelResult.failed("views", e));
    }
    statistics.views(views);
    views.stream()
        .filter(view -> view.outcome() == ModelResult.Outcome.FAILED)
        .map(RunViews::finding)
        .forEach(statistics::warn);
  }

  private static Finding finding(ModelResult view) {
    return Finding.warning(
            "views",
            "View " + view.model() + " is not as its raw table is: " + view.message() + ".",
            "The rows are in the raw table. Each run tries again; --no-views declines.")
        .withCommand("./gkp_cli models run --select " + view.model());
  }
}
