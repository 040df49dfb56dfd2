package io.gkp.sql.changelog;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.gkp.sql.changelog.SourceTable.Row;
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
import java.time.Clock;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever happens to a table and to its export, its latest view equals the table as of the last
 * published batch of the newest completed snapshot. {@code -Dseeds=100 -Dfirst.seed=1000} tries
 * others.
 */
class LatestViewPropertyTest {
  private static final int STEPS = 12;
  private static final List<Column> COLUMNS =
      List.of(
          new Column("id", "INT64", "key"),
          new Column("body", "STRING", "text"),
          new Column("note", "STRING", "text"),
          new Column("stars", "INT64", "number"));
  private static final Datasets DATASETS =
      Datasets.one(TestWarehouse.PROJECT, TestWarehouse.DATASET);

  private TestWarehouse warehouse;
  private Compaction compaction;
  private SimulatedExport export;
  private StringBuilder story;
  private Optional<FoldedState> frozen = Optional.empty();

  static LongStream seeds() {
    long first = Long.getLong("first.seed", 1);
    return LongStream.range(first, first + Long.getLong("seeds", 2));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void latestEqualsTheSourceTable(long seed, @TempDir Path data) {
    Random random = new Random(seed);
    try (TestWarehouse started = TestWarehouse.start(data)) {
      warehouse = started;
      story = new StringBuilder("seed " + seed);
      warehouse.createRaw("notes", COLUMNS, List.of("id"));
      createPublishedEpochs();
      compaction = newCompaction();
      compaction.compact(table(), FoldPolicy.ALWAYS);
      export = new SimulatedExport(warehouse, random);
      export.change(5);
      step("snapshot", export::snapshot);
      step("fence", () -> export.reachFence(this::verify));
      for (int i = 0; i < STEPS; i++) {
        step(random);
      }
      step("fence", () -> export.reachFence(this::verify));
      step("fold", () -> compaction.compact(table(), FoldPolicy.ALWAYS));
      assertThat(compaction.state(table())).as("the view starts from the state table").isPresent();
    }
  }

  private void step(Random random) {
    export.change(random.nextInt(4));
    switch (random.nextInt(13)) {
      case 0, 1, 2 -> step("stream", () -> export.stream(1 + random.nextInt(3), this::verify));
      case 3, 4 -> step("fence", () -> export.reachFence(this::verify));
      case 5, 6 -> step("fold", () -> compaction.compact(table(), FoldPolicy.ALWAYS));
      case 7 -> step("fold, crash before the view", this::foldOnly);
      case 8 -> step("backfill", export::backfill);
      case 9 -> step("expire what is folded", this::expire);
      case 10 -> step("purge dead epochs", () -> retention().purgeDeadEpochs(table()));
      case 11 -> step("a frozen run replaces the view", this::replaceByAnOldView);
      default -> {
        if (random.nextBoolean()) {
          step("reset", export::snapshot);
        } else {
          step("failed reset", export::failSnapshot);
        }
      }
    }
  }

  private void foldOnly() {
    Optional<FoldedState> before = compaction.state(table());
    compaction.plan(table(), before).ifPresent(plan -> compaction.fold(table(), before, plan));
  }

  /** As if all of it were older than the retention. */
  private void expire() {
    compaction
        .state(table())
        .ifPresent(state -> retention().expire(table(), state.watermark(), Period.ofDays(1)));
  }

  private Retention retention() {
    return new Retention(
        new Warehouse(warehouse.client(), DATASETS).jobs(Optional.empty()),
        DATASETS,
        Clock.fixed(Instant.parse("2126-01-01T00:00:00Z"), ZoneOffset.UTC));
  }

  /** With the state as it was when this was last done, whatever was folded and expired since. */
  private void replaceByAnOldView() {
    Optional<FoldedState> present = compaction.state(table());
    if (frozen.isPresent()) {
      compaction.replaceView(table(), frozen);
    }
    frozen = present;
  }

  private void step(String name, Runnable step) {
    story.append(", ").append(name);
    step.run();
    verify();
  }

  private void verify() {
    Map<Long, Row> actual = new TreeMap<>();
    for (JsonNode row : warehouse.rows("SELECT id, body, note, stars FROM latest_notes")) {
      Row before =
          actual.put(
              row.get("id").longValue(),
              new Row(text(row, "body"), text(row, "note"), row.get("stars").longValue()));
      assertThat(before).as("one row per key: " + story).isNull();
    }
    assertThat(actual).as(story.toString()).isEqualTo(export.expected());
  }

  private static String text(JsonNode row, String column) {
    return row.get(column).isNull() ? null : row.get(column).textValue();
  }

  private RawTable table() {
    return new Warehouse(warehouse.client(), DATASETS).rawTables().get(0);
  }

  private void createPublishedEpochs() {
    ModelRunner.run(
        warehouse.client(),
        ModelConfig.of(DATASETS),
        Selection.parse("published_epochs"),
        ProgressListener.NONE);
  }

  private Compaction newCompaction() {
    return new Compaction(
        new Warehouse(warehouse.client(), DATASETS).jobs(Optional.empty()),
        new Warehouse(warehouse.client(), DATASETS),
        new ChangelogQueries(DATASETS),
        new GeneratedModels(ModelCatalog.bundled(), DATASETS),
        new Ddl(DATASETS));
  }
}
