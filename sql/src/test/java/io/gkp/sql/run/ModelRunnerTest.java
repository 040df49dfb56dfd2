package io.gkp.sql.run;

import static io.gkp.sql.testing.Changelog.change;
import static io.gkp.sql.testing.Changelog.checkpoint;
import static io.gkp.sql.testing.Changelog.epoch;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.cloud.bigquery.Table;
import com.google.cloud.bigquery.TableDefinition;
import io.gkp.sql.model.Column;
import io.gkp.sql.model.ModelCatalog;
import io.gkp.sql.render.Datasets;
import io.gkp.sql.run.ModelResult.Outcome;
import io.gkp.sql.testing.TestWarehouse;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelRunnerTest {
  private static final ModelConfig CONFIG =
      ModelConfig.of(Datasets.one(TestWarehouse.PROJECT, TestWarehouse.DATASET));
  private static final Instant DAY = Instant.parse("2026-01-05T12:00:00Z");

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
            tuple("marts_eval_runs", Outcome.DONE),
            tuple("marts_ingestion_daily", Outcome.DONE),
            tuple("marts_ops_weekly_kpis", Outcome.DONE),
            tuple("marts_query_daily", Outcome.DONE));
    assertThat(report.passed()).isTrue();
    assertThat(report.checks()).filteredOn(c -> !c.passed()).isEmpty();
    List<JsonNode> rows = warehouse.rows("SELECT query_date, query_count FROM marts_query_daily");
    assertThat(rows.toString()).isEqualTo("[{\"query_date\":\"2026-01-05\",\"query_count\":1}]");
    everyColumnIsDescribed();

    List<JsonNode> before = warehouse.rows("SELECT * FROM marts_query_daily");
    run(Selection.ALL);
    assertThat(warehouse.rows("SELECT * FROM marts_query_daily")).isEqualTo(before);
  }

  @Test
  void aModelThatFailsStopsOnlyWhatReadsIt() {
    gkpTables();
    warehouse.client().delete(TestWarehouse.DATASET, "raw_query_logs");
    warehouse.createRaw(
        "query_logs", List.of(new Column("query_id", "STRING", "")), List.of("query_id"));

    RunReport report = run(Selection.parse("+marts_query_daily,+marts_eval_runs"));

    assertThat(report.ran()).isFalse();
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
    ModelCatalog catalog = ModelCatalog.bundled();
    Map<String, String> keys =
        Map.of("query_logs", "query_id", "ingestion_runs", "run_id", "eval_runs", "run_id");
    keys.forEach(
        (table, key) -> {
          List<Column> columns = catalog.get("raw_" + table).columns();
          warehouse.createRaw(table, columns, List.of(key));
          warehouse.append("epochs", List.of(epoch(table, 1, "completed", 2)));
        });
    warehouse.append(
        "raw_query_logs",
        List.of(
            change(
                "r",
                1,
                1,
                0,
                DAY,
                Map.of(
                    "query_id",
                    "q1",
                    "tenant_id",
                    "acme",
                    "created_at",
                    DAY.getEpochSecond(),
                    "refused",
                    0,
                    "latency_ms",
                    10,
                    "citations_json",
                    "[]"))));
    warehouse.append(
        "raw_ingestion_runs",
        List.of(
            change(
                "r",
                1,
                1,
                0,
                DAY,
                Map.of(
                    "run_id",
                    "r1",
                    "tenant_id",
                    "acme",
                    "started_at",
                    Instant.now().getEpochSecond(),
                    "status",
                    "running",
                    "docs_changed",
                    0,
                    "docs_unchanged",
                    0,
                    "objects_scanned",
                    0))));
    warehouse.append("checkpoints", List.of(checkpoint(0, "created"), checkpoint(1, "snapshot")));
    warehouse.append("checkpoints", List.of(checkpoint(2, "stream")));
  }
}
