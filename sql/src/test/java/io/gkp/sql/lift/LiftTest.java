package io.gkp.sql.lift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.gkp.sql.model.ModelCatalog;
import io.gkp.sql.render.Datasets;
import io.gkp.sql.render.RenderedModel;
import io.gkp.sql.run.ModelConfig;
import io.gkp.sql.run.ModelRunner;
import io.gkp.sql.run.ModelSource;
import io.gkp.sql.run.ProgressListener;
import io.gkp.sql.run.Selection;
import io.gkp.sql.testing.GkpHistory;
import io.gkp.sql.testing.TestWarehouse;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LiftTest {
  private static final Datasets DATASETS =
      Datasets.one(TestWarehouse.PROJECT, TestWarehouse.DATASET);

  /** The real dbt with its BigQuery adapter; {@code -Ddbt=/path/to/dbt}, or on the path. */
  private static final String DBT = System.getProperty("dbt", "dbt");

  private static final String VIEW = "SELECT * FROM curated_query_logs ORDER BY query_id";
  private static final String TABLE =
      "SELECT * FROM marts_query_daily ORDER BY TO_JSON_STRING(marts_query_daily)";

  @Test
  void everyModelAndCheckIsInTheProjectAndEveryReferenceLeadsSomewhere() throws IOException {
    Collection<RenderedModel> models =
        ModelSource.documented(ModelCatalog.bundled(), DATASETS).models().models();
    Map<String, String> dbt = DbtProject.files(DATASETS, models);
    Map<String, String> dataform = DataformProject.files(DATASETS, models, "EU");
    JsonNode sources = new YAMLMapper().readTree(dbt.get("models/sources.yml"));
    JsonNode properties = new YAMLMapper().readTree(dbt.get("models/models.yml"));

    List<String> lifted =
        models.stream()
            .map(RenderedModel::name)
            .filter(n -> n.matches("(curated|marts)_.*"))
            .toList();
    assertThat(lifted).hasSize(9);
    assertThat(properties.findValuesAsText("data_type")).doesNotContain("");
    assertThat(sources.at("/sources/0/tables").findValuesAsText("name"))
        .contains("latest_query_logs", "history_query_logs", "export_freshness", "runs")
        .noneMatch(name -> name.startsWith("state_") || lifted.contains(name));
    for (RenderedModel model : models.stream().filter(m -> lifted.contains(m.name())).toList()) {
      assertThat(dbt).containsKey("models/" + model.name() + ".sql");
      assertThat(dataform).containsKey("definitions/" + model.name() + ".sqlx");
      model
          .checks()
          .forEach(
              check ->
                  assertThat(dbt)
                      .containsKey("tests/" + model.name() + "__" + check.name() + ".sql"));
    }
    assertThat(dbt.values()).noneMatch(text -> text.contains("`" + TestWarehouse.PROJECT));
    assertThat(dataform.values()).noneMatch(text -> text.contains("`" + TestWarehouse.PROJECT));
    assertThat(dataform.get("definitions/marts_query_daily.sqlx"))
        .startsWith("config {")
        .contains("\"partitionBy\" : \"query_date\"", "${ref(\"curated_query_logs\")}");
    String config =
        dataform.get("definitions/marts_query_daily.sqlx").substring("config ".length());
    assertThat(new ObjectMapper().readTree(config).get("type").asText()).isEqualTo("table");
  }

  @Test
  void theRealDbtBuildsAllModelsAndMakesTheirChecks(@TempDir Path data, @TempDir Path project)
      throws Exception {
    assumeTrue(isThere(DBT), "no dbt with dbt-bigquery here: skipped");
    try (TestWarehouse warehouse = TestWarehouse.start(data)) {
      GkpHistory.create(warehouse).threeDays();
      ModelRunner.run(
          warehouse.client(), ModelConfig.of(DATASETS), Selection.ALL, ProgressListener.NONE);
      List<JsonNode> view = warehouse.rows(VIEW);
      List<JsonNode> table = warehouse.rows(TABLE);
      assertThat(table).isNotEmpty();
      ModelSource source = ModelSource.live(ModelCatalog.bundled(), DATASETS, warehouse.client());
      for (Map.Entry<String, String> file :
          DbtProject.files(DATASETS, source.models().models()).entrySet()) {
        Path path = project.resolve(file.getKey());
        Files.createDirectories(path.getParent());
        Files.writeString(path, file.getValue());
      }
      Files.writeString(
          project.resolve("profiles.yml"),
          """
          gkp:
            target: default
            outputs:
              default:
                type: bigquery
                method: oauth-secrets
                token: local
                project: %s
                dataset: %s
                threads: 4
                api_endpoint: %s
          """
              .formatted(TestWarehouse.PROJECT, TestWarehouse.DATASET, warehouse.host()));
      warehouse.query("DROP VIEW gkp.curated_query_logs");
      warehouse.query("DROP TABLE gkp.marts_query_daily");

      Path log = project.resolve("dbt.log");
      Process dbt =
          new ProcessBuilder(
                  DBT, "--no-use-colors", "build", "--profiles-dir", ".", "--no-partial-parse")
              .directory(project.toFile())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      assertThat(dbt.waitFor()).as(Files.readString(log)).isZero();
      assertThat(warehouse.rows(VIEW)).isEqualTo(view);
      assertThat(warehouse.rows(TABLE)).isEqualTo(table);
    }
  }

  private static boolean isThere(String program) {
    return Stream.concat(Stream.of(""), Stream.of(System.getenv("PATH").split(File.pathSeparator)))
        .map(folder -> Path.of(folder, program))
        .anyMatch(Files::isExecutable);
  }
}
