package io.gkp.sql.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.cloud.bigquery.StandardTableDefinition;
import com.google.cloud.bigquery.Table;
import com.google.cloud.bigquery.TableDefinition;
import io.gkp.sql.model.Column;
import io.gkp.sql.render.Datasets;
import io.gkp.sql.run.ModelResult.Outcome;
import io.gkp.sql.testing.GkpHistory;
import io.gkp.sql.testing.TestWarehouse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelRunnerTest {
  private static final ModelConfig CONFIG =
      ModelConfig.of(Datasets.one(TestWarehouse.PROJECT, TestWarehouse.DATASET));

  private TestWarehouse warehouse;

  @BeforeEach
  void start(@TempDir Path data) {
    warehouse = TestWarehouse.start(data);
  }

  @AfterEach
  void stop() {
    warehouse.close();
  }

  @Test
  void runsEveryModelOfTheThreeTablesAndTheirChecksAndAgainWithTheSameResult() {
    gkpTables();

    RunReport report = run(Selection.ALL);

    assertThat(report.models())
        .extracting(ModelResult::model, ModelResult::outcome)
        .containsExactly(
            tuple("curated_docs", Outcome.SKIPPED),
            tuple("curated_ingest_events", Outcome.SKIPPED),
            tuple("published_epochs", Outcome.DONE),
            tuple("latest_eval_runs", Outcome.DONE),
            tuple("history_eval_runs", Outcome.DONE),
            tuple("state_ingestion_runs", Outcome.DONE),
            tuple("latest_ingestion_runs", Outcome.DONE),
            tuple("history_ingestion_runs", Outcome.DONE),
            tuple("state_query_logs", Outcome.DONE),
            tuple("latest_query_logs", Outcome.DONE),
            tuple("history_query_logs", Outcome.DONE),
            tuple("curated_eval_runs", Outcome.DONE),
            tuple("curated_ingestion_runs", Outcome.DONE),
            tuple("curated_query_logs", Outcome.DONE),
            tuple("export_freshness", Outcome.DONE),
            tuple("marts_eval_runs", Outcome.DONE),
            tuple("marts_ingestion_daily", Outcome.DONE),
            tuple("marts_ops_weekly_kpis", Outcome.DONE),
            tuple("marts_query_daily", Outcome.DONE));
    assertThat(report.passed()).isTrue();
    assertThat(report.checks()).filteredOn(c -> !c.passed()).isEmpty();
    List<JsonNode> rows = warehouse.rows("SELECT query_date, query_count FROM marts_query_daily");
    assertThat(rows.toString()).isEqualTo("[{\"query_date\":\"2026-01-05\",\"query_count\":1}]");
    everyColumnIsDescribed();
  }

  @Test
  void aModelOfAnotherKindOrLayoutIsDroppedFirst() {
    gkpTables();
    warehouse.query("CREATE VIEW gkp.marts_query_daily AS SELECT 1 AS one");
    warehouse.query("CREATE TABLE gkp.marts_eval_runs CLUSTER BY run_id AS SELECT 'x' AS run_id");
    warehouse.query("CREATE TABLE gkp.curated_eval_runs AS SELECT 'x' AS run_id");

    assertThat(run(Selection.ALL).exitCode()).isZero();

    assertThat(warehouse.rows("SELECT query_count FROM marts_query_daily").toString())
        .isEqualTo("[{\"query_count\":1}]");
    Table table = warehouse.client().getTable(TestWarehouse.DATASET, "marts_eval_runs");
    assertThat(table.<StandardTableDefinition>getDefinition().getClustering().getFields())
        .containsExactly("dataset_name", "started_at");
  }

  @Test
  void aModelThatFailsStopsOnlyWhatReadsIt() {
    gkpTables();
    warehouse.client().delete(TestWarehouse.DATASET, "raw_query_logs");
    warehouse.createRaw(
        "query_logs", List.of(new Column("query_id", "STRING", "")), List.of("query_id"));

    RunReport report = run(Selection.parse("+marts_query_daily,+marts_eval_runs"));

    assertThat(report.ran()).isFalse();
    assertThat(report.exitCode()).isEqualTo(70);
    assertThat(report.models())
        .extracting(ModelResult::model, ModelResult::outcome)
        .containsExactly(
            tuple("published_epochs", Outcome.DONE),
            tuple("latest_eval_runs", Outcome.DONE),
            tuple("latest_query_logs", Outcome.DONE),
            tuple("curated_eval_runs", Outcome.DONE),
            tuple("curated_query_logs", Outcome.FAILED),
            tuple("marts_eval_runs", Outcome.DONE),
            tuple("marts_query_daily", Outcome.SKIPPED));
  }

  private void everyColumnIsDescribed() {
    for (Table listed : warehouse.client().listTables(TestWarehouse.DATASET).iterateAll()) {
      if (listed.getTableId().getTable().matches("(latest|history|curated|marts|state)_.*")) {
        Table table = warehouse.client().getTable(listed.getTableId());
        assertThat(table.getDescription()).as(table.getTableId().getTable()).isNotBlank();
        assertThat(table.<TableDefinition>getDefinition().getSchema().getFields())
            .as(table.getTableId().getTable())
            .allSatisfy(field -> assertThat(field.getDescription()).isNotBlank());
      }
    }
  }

  private RunReport run(Selection selection) {
    return ModelRunner.run(warehouse.client(), CONFIG, selection, ProgressListener.NONE);
  }

  private void gkpTables() {
    GkpHistory.create(warehouse).queryLog("r", 1, 0, 10).ingestionRunNow().publish();
  }
}
