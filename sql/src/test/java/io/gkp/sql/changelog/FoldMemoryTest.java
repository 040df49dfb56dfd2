package io.gkp.sql.changelog;

import static io.gkp.sql.testing.Changelog.change;
import static io.gkp.sql.testing.Changelog.checkpoint;
import static io.gkp.sql.testing.Changelog.epoch;
import static io.gkp.sql.testing.Changelog.unavailable;
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
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A fold of many changes of a wide table, of which few lack a value, in little memory. */
class FoldMemoryTest {
  private static final Datasets DATASETS =
      Datasets.one(TestWarehouse.PROJECT, TestWarehouse.DATASET);
  private static final Instant START = Instant.parse("2026-01-01T06:00:00Z");
  private static final String MEMORY = "GKP_LOCAL_BIGQUERY_MEMORY";
  private static final int TEXTS = 20;
  private static final int KEYS = 500;
  private static final int COPIES = 240;

  @Test
  void aFoldHoldsInMemoryOnlyWhatLacksAValue(@TempDir Path data) throws Exception {
    try (TestWarehouse warehouse = start(data, "120MB")) {
      ModelRunner.run(
          warehouse.client(),
          ModelConfig.of(DATASETS),
          Selection.parse("published_epochs"),
          ProgressListener.NONE);
      List<Column> columns = new ArrayList<>(List.of(new Column("id", "STRING", "")));
      IntStream.range(0, TEXTS).forEach(i -> columns.add(new Column("text" + i, "STRING", "")));
      warehouse.createRaw("notes", columns, List.of("id"));
      warehouse.append("epochs", List.of(epoch("notes", 1, "completed", 1)));
      warehouse.append("checkpoints", List.of(checkpoint(1, "stream"), checkpoint(2, "stream")));
      warehouse.append("raw_notes", changes());
      warehouse.query(
          "INSERT raw_notes SELECT r.* REPLACE (CONCAT(id, '/', k) AS id)"
              + " FROM raw_notes AS r, UNNEST(GENERATE_ARRAY(1, %d)) AS k".formatted(COPIES));

      Warehouse tables = new Warehouse(warehouse.client(), DATASETS);
      QueryJobs jobs = tables.jobs(Optional.empty());
      GeneratedModels models = new GeneratedModels(ModelCatalog.bundled(), DATASETS);
      RawTable table = tables.rawTables().get(0);
      new Compaction(jobs, tables, new ChangelogQueries(DATASETS), models, new Ddl(DATASETS))
          .compact(table, FoldPolicy.ALWAYS);

      assertThat(
              warehouse.rows(
                  "SELECT COUNT(*) AS n, COUNTIF(text0 IS NULL) AS missing FROM state_notes"))
          .hasToString("[{\"n\":%d,\"missing\":0}]".formatted(KEYS * (COPIES + 1)));
    }
  }

  private static TestWarehouse start(Path data, String memory) {
    System.setProperty(MEMORY, memory);
    try {
      return TestWarehouse.start(data);
    } finally {
      System.clearProperty(MEMORY);
    }
  }

  /** All rows as a snapshot reads them, and an update that leaves a text out. */
  private static List<ObjectNode> changes() {
    List<ObjectNode> changes = new ArrayList<>();
    for (int id = 0; id < KEYS; id++) {
      Map<String, Object> row = new HashMap<>(Map.of("id", "note " + id));
      for (int i = 0; i < TEXTS; i++) {
        row.put("text" + i, "a text of forty characters, more or less");
      }
      changes.add(change("r", 1, 1, id, START, row));
    }
    changes.add(
        unavailable(
            change("u", 1, 2, 0, START, Map.of("id", "note 1", "text1", "new")), List.of("text0")));
    return changes;
  }
}
