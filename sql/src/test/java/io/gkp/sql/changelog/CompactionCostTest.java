package io.gkp.sql.changelog;

import static io.gkp.sql.testing.Changelog.change;
import static io.gkp.sql.testing.Changelog.checkpoint;
import static io.gkp.sql.testing.Changelog.epoch;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gkp.bigquery.QueryJobs;
import io.gkp.sql.model.Column;
import io.gkp.sql.model.ModelCatalog;
import io.gkp.sql.render.Datasets;
import io.gkp.sql.render.Ddl;
import io.gkp.sql.run.ModelConfig;
import io.gkp.sql.run.ModelRunner;
import io.gkp.sql.run.ProgressListener;
import io.gkp.sql.run.Selection;
import io.gkp.sql.testing.TestWarehouse;
import io.gkp.sql.warehouse.RawTable;
import io.gkp.sql.warehouse.Warehouse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a question to the latest view reads while the history of a table of constant size grows. The
 * figures in the modeling guide come from here.
 */
class CompactionCostTest {
  private static final Datasets DATASETS =
      Datasets.one(TestWarehouse.PROJECT, TestWarehouse.DATASET);
  private static final Instant START = Instant.parse("2026-01-01T06:00:00Z");
  private static final int KEYS = 150;
  private static final String QUESTION = "SELECT * FROM `test-project.gkp.latest_notes`";

  private int day;

  @Test
  void aQuestionCostsTheTableAndTwoDaysOfChangesHoweverLongTheHistory(@TempDir Path data)
      throws IOException {
    try (TestWarehouse warehouse = TestWarehouse.start(data)) {
      QueryJobs jobs = new Warehouse(warehouse.client(), DATASETS).jobs(Optional.empty());
      Warehouse tables = new Warehouse(warehouse.client(), DATASETS);
      GeneratedModels models = new GeneratedModels(ModelCatalog.bundled(), DATASETS);
      Compaction compaction =
          new Compaction(jobs, tables, new ChangelogQueries(DATASETS), models, new Ddl(DATASETS));
      prepare(warehouse);
      RawTable table = tables.rawTables().get(0);
      String uncompacted = models.latest(table, Optional.empty()).query();
      List<Long> before = new ArrayList<>();
      List<Long> after = new ArrayList<>();
      for (int days : new int[] {1, 10, 100}) {
        changeEachRowDaily(warehouse, days);
        before.add(jobs.dryRun("before", uncompacted).getTotalBytesProcessed());

        compaction.compact(table, FoldPolicy.ALWAYS);
        after.add(jobs.dryRun("after", QUESTION).getTotalBytesProcessed());
      }

      assertThat(before.get(2)).isGreaterThan(90 * before.get(0));
      assertThat(after.get(2)).isLessThan(4 * before.get(0));
      // Only the control tables grew, by some bytes for each batch.
      assertThat(after.get(2)).isBetween(after.get(1), after.get(1) * 11 / 10);
      String guide = Files.readString(Path.of("..", "docs", "internals", "models-and-folding.md"));
      assertThat(guide)
          .contains("| 1 day | %,d | %,d |".formatted(before.get(0), after.get(0)))
          .contains("| 10 days | %,d | %,d |".formatted(before.get(1), after.get(1)))
          .contains("| 100 days | %,d | %,d |".formatted(before.get(2), after.get(2)));
    }
  }

  private static void prepare(TestWarehouse warehouse) {
    ModelRunner.run(
        warehouse.client(),
        ModelConfig.of(DATASETS),
        Selection.parse("published_epochs"),
        ProgressListener.NONE);
    warehouse.createRaw(
        "notes",
        List.of(
            new Column("id", "INT64", ""),
            new Column("body", "STRING", ""),
            new Column("stars", "INT64", "")),
        List.of("id"));
    warehouse.append("epochs", List.of(epoch("notes", 1, "completed", 1)));
  }

  private void changeEachRowDaily(TestWarehouse warehouse, int untilDay) {
    for (; day < untilDay; day++) {
      List<ObjectNode> rows = new ArrayList<>();
      for (int id = 0; id < KEYS; id++) {
        rows.add(
            change(
                day == 0 ? "r" : "u",
                1,
                day + 1,
                id,
                START.plus(Duration.ofDays(day)),
                Map.of("id", id, "body", "a note of 24 characters.", "stars", day)));
      }
      warehouse.append("raw_notes", rows);
      warehouse.append("checkpoints", List.of(checkpoint(day + 1, "stream")));
    }
  }
}
