package io.gkp.sql.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.cloud.bigquery.QueryJobConfiguration;
import com.google.cloud.bigquery.QueryParameterValue;
import io.gkp.sql.changelog.FoldPolicy;
import io.gkp.sql.model.Column;
import io.gkp.sql.model.Kind;
import io.gkp.sql.model.Model;
import io.gkp.sql.model.ModelCatalog;
import io.gkp.sql.model.PolicyTags;
import io.gkp.sql.render.Datasets;
import io.gkp.sql.testing.GkpHistory;
import io.gkp.sql.testing.TestWarehouse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The analysts' pages do not rot: their queries run, and every column is mapped. */
class GuideTest {
  private static final Pattern RECIPE = Pattern.compile("(?s)```sql\\n((?:WITH|SELECT)\\b.*?)```");

  @Test
  void itsRecipesRun(@TempDir Path data) throws InterruptedException {
    try (TestWarehouse warehouse = TestWarehouse.start(data)) {
      GkpHistory.create(warehouse).threeDays();
      ModelConfig config =
          new ModelConfig(
              Datasets.one(TestWarehouse.PROJECT, TestWarehouse.DATASET),
              Optional.empty(),
              FoldPolicy.NEVER,
              Optional.empty(),
              PolicyTags.NONE);
      ModelRunner.run(warehouse.client(), config, Selection.ALL, ProgressListener.NONE);

      Map<String, Long> rows =
          recipes().stream()
              .collect(
                  Collectors.toMap(
                      recipe -> recipe.replaceAll("\\s+", " "), recipe -> rows(warehouse, recipe)));

      assertThat(rows).hasSize(11);
      assertThat(rowsOf(rows, "SELECT query_id, question, refused FROM history_query_logs"))
          .as("all questions were asked by then")
          .isEqualTo(12);
      assertThat(rowsOf(rows, "history_ingestion_runs")).isEqualTo(1);
      assertThat(rowsOf(rows, "published_epochs"))
          .as("one day's rows and a correction")
          .isEqualTo(5);
      assertThat(rowsOf(rows, "raw_ingestion_runs")).isEqualTo(3);
      assertThat(rowsOf(rows, "curated_query_logs")).as("one month").isEqualTo(1);
      assertThat(rowsOf(rows, "is_regression")).isEqualTo(2);
      assertThat(rowsOf(rows, "SUM(refused_count) AS refused")).as("two tenants").isEqualTo(2);
      assertThat(rowsOf(rows, "SELECT valid_from, valid_to, latency_ms")).isEqualTo(2);
      assertThat(rowsOf(rows, "last_run_status FROM export_freshness")).isEqualTo(3);
    }
  }

  @Test
  void itMapsEveryColumn() {
    ModelCatalog catalog = ModelCatalog.bundled();
    Set<String> kept = new HashSet<>();
    catalog.models().stream()
        .filter(model -> model.kind() == Kind.SOURCE)
        .forEach(model -> model.columns().forEach(column -> kept.add(column.name())));
    for (Model model : catalog.models()) {
      if (model.name().startsWith("curated_") || model.name().startsWith("marts_")) {
        for (Column column : model.columns()) {
          boolean unchanged = model.name().startsWith("curated_") && kept.contains(column.name());
          assertThat(unchanged || page("models.md").contains("`" + column.name() + "`"))
              .as(model.name() + "." + column.name())
              .isTrue();
        }
      }
    }
  }

  private static long rowsOf(Map<String, Long> rows, String name) {
    return rows.entrySet().stream()
        .filter(recipe -> recipe.getKey().contains(name))
        .findFirst()
        .orElseThrow()
        .getValue();
  }

  private static long rows(TestWarehouse warehouse, String recipe) {
    QueryJobConfiguration query =
        QueryJobConfiguration.newBuilder(recipe.replace("'r1'", "'i1'"))
            .setUseLegacySql(false)
            .setDefaultDataset(TestWarehouse.DATASET)
            .addNamedParameter("last_batch", QueryParameterValue.int64(2L))
            .addNamedParameter(
                "last_seen_at",
                QueryParameterValue.timestamp(
                    GkpHistory.START.plus(Duration.ofDays(2)).toEpochMilli() * 1000))
            .build();
    try {
      return warehouse.client().query(query).getTotalRows();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<String> recipes() {
    List<String> recipes = new ArrayList<>();
    for (String page : List.of("recipes.md", "start-here.md")) {
      Matcher matcher = RECIPE.matcher(page(page));
      while (matcher.find()) {
        recipes.add(matcher.group(1));
      }
    }
    return recipes;
  }

  private static String page(String name) {
    try {
      return Files.readString(Path.of("..", "docs", "analyse", name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
