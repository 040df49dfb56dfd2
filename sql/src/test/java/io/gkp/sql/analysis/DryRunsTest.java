package io.gkp.sql.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import io.gkp.sql.model.Column;
import io.gkp.sql.model.ModelCatalog;
import io.gkp.sql.render.CheckQueries;
import io.gkp.sql.render.Datasets;
import io.gkp.sql.render.RenderedModel;
import io.gkp.sql.run.ModelConfig;
import io.gkp.sql.run.ModelSource;
import io.gkp.sql.run.Views;
import io.gkp.sql.testing.Changelog;
import io.gkp.sql.testing.TestWarehouse;
import io.gkp.sql.warehouse.Warehouse;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DryRunsTest {
  private static final Datasets DATASETS =
      Datasets.one(TestWarehouse.PROJECT, TestWarehouse.DATASET);

  private final ModelCatalog catalog = ModelCatalog.bundled();

  @Test
  void aColumnThatAModelNeedsIsMissed(@TempDir Path data) {
    try (TestWarehouse warehouse = TestWarehouse.start(data)) {
      List<Column> fewer =
          catalog.get("raw_query_logs").columns().stream()
              .filter(column -> !column.name().equals("latency_ms"))
              .toList();
      warehouse.createRaw("query_logs", fewer, List.of("query_id"));
      warehouse.append("epochs", List.of(Changelog.epoch("query_logs", 1, "completed", 1)));
      Views.bring(warehouse.client(), ModelConfig.of(DATASETS));

      DryRuns.Found found = check(warehouse, models(warehouse));

      assertThat(found.problems())
          .containsOnlyKeys("curated_query_logs")
          .hasEntrySatisfying(
              "curated_query_logs", problem -> assertThat(problem).contains("latency_ms"));
      assertThat(found.unknown())
          .containsEntry(
              "marts_query_daily", "it reads curated_query_logs, which models run creates");
    }
  }

  @Test
  void otherColumnsThanDescribedAreAProblem(@TempDir Path data) {
    try (TestWarehouse warehouse = TestWarehouse.start(data)) {
      RenderedModel published =
          models(warehouse).stream()
              .filter(model -> model.name().equals("published_epochs"))
              .findFirst()
              .orElseThrow();
      RenderedModel other =
          new RenderedModel(
              published.name(),
              published.layer(),
              published.kind(),
              published.description(),
              published.uniqueKey(),
              published.layout(),
              List.of(new Column("epoch", "STRING", "")),
              published.checks(),
              published.reads(),
              published.query());

      assertThat(check(warehouse, List.of(published)).problems()).isEmpty();
      assertThat(check(warehouse, List.of(other)).problems().get("published_epochs"))
          .startsWith("returns ")
          .endsWith(" but is to return epoch STRING");
    }
  }

  private List<RenderedModel> models(TestWarehouse warehouse) {
    return List.copyOf(ModelSource.live(catalog, DATASETS, warehouse.client()).models().models());
  }

  private DryRuns.Found check(TestWarehouse warehouse, List<RenderedModel> models) {
    ModelSource source = ModelSource.live(catalog, DATASETS, warehouse.client());
    Warehouse tables = new Warehouse(warehouse.client(), DATASETS);
    return new DryRuns(
            tables.jobs(Optional.empty()),
            tables,
            new CheckQueries(DATASETS, source.models()::layer),
            source.models()::layer)
        .check(models);
  }
}
