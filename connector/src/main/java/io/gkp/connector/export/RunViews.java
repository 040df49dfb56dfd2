package io.gkp.connector.export;

import com.google.cloud.bigquery.BigQuery;
import io.gkp.connector.checks.Finding;
import io.gkp.connector.config.ExportConfig;
import io.gkp.connector.source.SourceDatabase;
import io.gkp.failure.ExportException;
import io.gkp.offsets.ReplicationSlot;
import io.gkp.sql.run.ModelConfig;
import io.gkp.sql.run.ModelResult;
import io.gkp.sql.run.Views;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * Brings the views in step with the raw tables at the end of a run. The data is in by then:
 * whatever goes wrong here is said, and no failure of the run.
 *
 * <p>Shards do so one after the other, so that each finds what another one has made: BigQuery
 * limits how often a table or view may be replaced.
 *
 * @see <a href="https://cloud.google.com/bigquery/quotas#standard_tables">BigQuery: maximum rate of
 *     table metadata update operations</a>
 */
final class RunViews {
  private final BigQuery client;
  private final ExportConfig config;
  private final SourceDatabase database;
  private final RunStatistics statistics;

  private RunViews(
      BigQuery client, ExportConfig config, SourceDatabase database, RunStatistics statistics) {
    this.client = client;
    this.config = config;
    this.database = database;
    this.statistics = statistics;
  }

  /** Does nothing where views are declined. */
  static void bring(
      BigQuery client, ExportConfig config, SourceDatabase database, RunStatistics statistics) {
    RunViews views = new RunViews(client, config, database, statistics);
    config.views().ifPresent(config.sharding().isOneOfSeveral() ? views::inTurn : views::bring);
  }

  private void inTurn(ModelConfig models) {
    try (Connection connection = database.connect()) {
      if (new ReplicationSlot(connection, config.source().slot())
          .lockViews(config.destination().describe())) {
        bring(models);
      } else {
        statistics.warn(notMade("another shard is making views"));
      }
    } catch (ExportException | SQLException e) {
      statistics.warn(notMade("the source cannot say whether another shard makes them"));
    }
  }

  private void bring(ModelConfig models) {
    List<ModelResult> views;
    try {
      views = Views.bring(client, models);
    } catch (ExportException e) {
      views = List.of(ModelResult.failed("views", e));
    }
    statistics.views(views);
    views.stream()
        .filter(view -> view.outcome() == ModelResult.Outcome.FAILED)
        .map(RunViews::finding)
        .forEach(statistics::warn);
  }

  private static Finding notMade(String why) {
    return Finding.warning(
            "views",
            "The views may not be as the raw tables are: " + why + ".",
            "The rows are in the raw tables. Each run tries again.")
        .withCommand("./gkp_cli models run");
  }

  private static Finding finding(ModelResult view) {
    return Finding.warning(
            "views",
            "View " + view.model() + " is not as its raw table is: " + view.message() + ".",
            "The rows are in the raw table. Each run tries again; --no-views declines.")
        .withCommand("./gkp_cli models run --select " + view.model());
  }
}
