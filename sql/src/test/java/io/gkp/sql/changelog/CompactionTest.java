package io.gkp.sql.changelog;

import static io.gkp.sql.testing.Changelog.at;
import static io.gkp.sql.testing.Changelog.change;
import static io.gkp.sql.testing.Changelog.checkpoint;
import static io.gkp.sql.testing.Changelog.epoch;
import static io.gkp.sql.testing.Changelog.unavailable;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.cloud.bigquery.CopyJobConfiguration;
import com.google.cloud.bigquery.JobInfo;
import com.google.cloud.bigquery.StandardTableDefinition;
import com.google.cloud.bigquery.Table;
import com.google.cloud.bigquery.TableId;
import io.gkp.bigquery.QueryJobs;
import io.gkp.failure.ExportException;
import io.gkp.sql.model.Column;
import io.gkp.sql.model.ModelCatalog;
import io.gkp.sql.render.Datasets;
import io.gkp.sql.render.Ddl;
import io.gkp.sql.run.ModelConfig;
import io.gkp.sql.run.ModelRunner;
import io.gkp.sql.run.ProgressListener;
import io.gkp.sql.run.Selection;
import io.gkp.sql.run.WatermarkCheck;
import io.gkp.sql.testing.TestWarehouse;
import io.gkp.sql.warehouse.RawTable;
import io.gkp.sql.warehouse.Warehouse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompactionTest {
  private static final Datasets DATASETS =
      Datasets.one(TestWarehouse.PROJECT, TestWarehouse.DATASET);
  private static final Instant START = Instant.parse("2026-01-01T06:00:00Z");

  private TestWarehouse warehouse;
  private QueryJobs jobs;
  private Compaction compaction;
  private long batch = 1;

  @BeforeEach
  void start(@TempDir Path data) {
    warehouse = TestWarehouse.start(data);
    jobs = new Warehouse(warehouse.client(), DATASETS).jobs(Optional.empty());
    compaction =
        new Compaction(
            jobs,
            new Warehouse(warehouse.client(), DATASETS),
            new ChangelogQueries(DATASETS),
            new GeneratedModels(ModelCatalog.bundled(), DATASETS),
            new Ddl(DATASETS));
    ModelRunner.run(
        warehouse.client(),
        ModelConfig.of(DATASETS),
        Selection.parse("published_epochs"),
        ProgressListener.NONE);
    warehouse.createRaw(
        "notes",
        List.of(new Column("id", "INT64", ""), new Column("body", "STRING", "")),
        List.of("id"));
    warehouse.append("epochs", List.of(epoch("notes", 1, "completed", 1)));
    publish(List.of(row("r", 1, "one"), row("r", 2, "two"), row("r", 3, "three")));
  }

  @AfterEach
  void stop() {
    warehouse.close();
  }

  @Test
  void runsAtTheSameTimeFoldOnce() {
    compaction.compact(table(), FoldPolicy.NEVER);

    List<CompletableFuture<Compaction.Result>> runs = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      runs.add(CompletableFuture.supplyAsync(() -> compaction.compact(table(), FoldPolicy.ALWAYS)));
    }

    List<String> folds =
        runs.stream()
            .flatMap(r -> r.join().fold().stream())
            .map(f -> f.jobId())
            .distinct()
            .toList();
    assertThat(folds).containsExactly("gkp_fold_abc_notes_g1_a1");
    assertThat(latest()).isEqualTo("[1 one, 2 two, 3 three]");
  }

  @Test
  void aRunThatWakesUpLateDoesNoHarm() {
    compaction.compact(table(), FoldPolicy.ALWAYS);
    Optional<FoldedState> old = compaction.state(table());
    publish(List.of(row("u", 1, "again"), row("d", 2, null)));
    compaction.compact(table(), FoldPolicy.ALWAYS);

    compaction.replaceView(table(), old);

    assertThat(latest()).isEqualTo("[1 again, 3 three]");
    publish(List.of(row("c", 4, "four")));
    compaction.compact(table(), FoldPolicy.ALWAYS);
    assertThat(latest()).isEqualTo("[1 again, 3 three, 4 four]");
  }

  @Test
  void foldsOnlyWhatIsWorthIt() {
    compaction.compact(table(), FoldPolicy.ALWAYS);
    publish(List.of(row("u", 1, "again")));

    assertThat(compaction.compact(table(), new FoldPolicy(0.5)).fold()).isEmpty();
    publish(List.of(row("u", 2, "again")));
    assertThat(compaction.compact(table(), new FoldPolicy(0.5)).fold()).isPresent();
    assertThat(compaction.compact(table(), FoldPolicy.ALWAYS).fold()).isEmpty();
  }

  @Test
  void aColumnThatCameLaterIsNullInWhatWasFoldedBefore() {
    compaction.compact(table(), FoldPolicy.ALWAYS);
    Table raw = warehouse.client().getTable(TestWarehouse.DATASET, "raw_notes");
    warehouse.addColumn(raw, "stars");
    publish(List.of(row("u", 1, "again").put("stars", 5)));

    compaction.compact(table(), FoldPolicy.NEVER);
    assertThat(warehouse.rows("SELECT id, stars FROM latest_notes ORDER BY id").toString())
        .isEqualTo(
            "[{\"id\":1,\"stars\":5}, {\"id\":2,\"stars\":null}, {\"id\":3,\"stars\":null}]");
    compaction.compact(table(), FoldPolicy.ALWAYS);
    assertThat(latest()).isEqualTo("[1 again, 2 two, 3 three]");
  }

  /** BigQuery ends a recursion after 500 rounds. */
  @Test
  void aValueIsFoundBehindMoreKeyChangesThanARecursionHasRounds() {
    int keyChanges = 1200;
    List<ObjectNode> changes = new ArrayList<>();
    for (int i = 0; i < keyChanges; i++) {
      changes.add(at(row("d", 3 + i, null), 700, 5000 + i));
      changes.add(at(unavailable(row("c", 4 + i, null), List.of("body")), 700, 5000 + i));
    }
    publish(changes);

    compaction.compact(table(), FoldPolicy.NEVER);
    assertThat(latest()).isEqualTo("[1 one, 2 two, %d three]".formatted(3 + keyChanges));
    compaction.compact(table(), FoldPolicy.ALWAYS);
    assertThat(latest()).isEqualTo("[1 one, 2 two, %d three]".formatted(3 + keyChanges));
  }

  @Test
  void aStateTableThatIsGoneIsAnErrorThatNamesTheRemedies() throws InterruptedException {
    TableId state = TableId.of(TestWarehouse.DATASET, "state_notes");
    compaction.compact(table(), FoldPolicy.ALWAYS);
    long folded = warehouse.client().getTable(state).getLastModifiedTime();
    warehouse.client().delete(state);

    assertThatThrownBy(() -> compaction.compact(table(), FoldPolicy.ALWAYS))
        .hasMessageContaining("state_notes is gone")
        .isInstanceOfSatisfying(
            ExportException.class,
            e ->
                assertThat(e.remedy())
                    .contains("Restore the table", "offsets reset --table notes", "drop the view"));

    TableId past = TableId.of(TestWarehouse.DATASET, "state_notes@" + folded);
    warehouse.client().create(JobInfo.of(CopyJobConfiguration.of(state, past))).waitFor();
    publish(List.of(row("u", 2, "other")));
    compaction.compact(table(), FoldPolicy.ALWAYS);
    assertThat(latest()).isEqualTo("[1 one, 2 other, 3 three]");

    warehouse.client().delete(state);
    warehouse.client().delete(TableId.of(TestWarehouse.DATASET, "latest_notes"));
    compaction.compact(table(), FoldPolicy.NEVER);
    assertThat(latest()).isEqualTo("[1 one, 2 other, 3 three]");
    compaction.compact(table(), FoldPolicy.ALWAYS);
    assertThat(latest())
        .as("folded under an id that is new")
        .isEqualTo("[1 one, 2 other, 3 three]");

    warehouse.client().delete(state);
    warehouse.append("epochs", List.of(epoch("notes", 2, "completed", batch)));
    publish(List.of(row("r", 2, "two"), row("r", 5, "five")).stream().map(this::anew).toList());
    compaction.compact(table(), FoldPolicy.NEVER);
    assertThat(latest()).as("what the reset has read").isEqualTo("[2 two, 5 five]");
  }

  @Test
  void aViewThatIsGoneIsBuiltOnTheStateAgain() {
    compaction.compact(table(), FoldPolicy.ALWAYS);
    Optional<Watermark> watermark = compaction.state(table()).map(FoldedState::watermark);
    warehouse.client().delete(TableId.of(TestWarehouse.DATASET, "latest_notes"));

    assertThat(watermark).isPresent();
    assertThat(compaction.state(table()).map(FoldedState::watermark)).isEqualTo(watermark);
  }

  /** As where the dataset of the changelog was deleted, and that of the models was not. */
  @Test
  void whatWasFoldedOfALedgerThatIsGoneIsNotRead() {
    publish(List.of(row("u", 1, "again")));
    compaction.compact(table(), FoldPolicy.ALWAYS);
    for (String table : List.of("raw_notes", "epochs", "checkpoints")) {
      warehouse.query("DELETE FROM " + table + " WHERE TRUE");
    }

    batch = 1;
    warehouse.append(
        "epochs",
        List.of(
            epoch("notes", 1, "completed", 1).put("changed_at", "2026-01-02T00:00:00.000001Z")));
    publish(List.of(row("r", 3, "other"), row("r", 4, "four")));

    assertThat(latest()).isEqualTo("[3 other, 4 four]");
    compaction.compact(table(), FoldPolicy.ALWAYS);
    publish(List.of(row("d", 4, null)));
    assertThat(latest()).isEqualTo("[3 other]");
    assertThat(compaction.state(table()).orElseThrow().watermark().completed())
        .isEqualTo("2026-01-02T00:00:00.000001Z");
  }

  /** A run that died, and the next one, may both have recorded it. */
  @Test
  void anEpochThatWasCompletedTwiceIsTheOneThatWasFolded() {
    compaction.compact(table(), FoldPolicy.ALWAYS);
    warehouse.query("DELETE FROM raw_notes WHERE TRUE");
    warehouse.append(
        "epochs",
        List.of(epoch("notes", 1, "completed", 1).put("changed_at", "2026-01-02T00:00:00Z")));
    publish(List.of(row("u", 1, "again")));

    assertThat(latest()).isEqualTo("[1 again, 2 two, 3 three]");
    compaction.compact(table(), FoldPolicy.ALWAYS);
    assertThat(latest()).isEqualTo("[1 again, 2 two, 3 three]");
  }

  @Test
  void aStateTableKeepsTheClustersThatItHas() throws Exception {
    compaction.compact(table(), FoldPolicy.ALWAYS);
    Map<String, String> labels = stateTable().getLabels();
    warehouse.query("CREATE TABLE gkp.copied AS SELECT * FROM gkp.state_notes");
    warehouse.query("DROP TABLE gkp.state_notes");
    warehouse.query("CREATE TABLE gkp.state_notes CLUSTER BY body AS SELECT * FROM gkp.copied");
    stateTable().toBuilder().setLabels(labels).build().update();
    publish(List.of(row("u", 1, "again")));

    assertThat(compaction.compact(table(), FoldPolicy.ALWAYS).fold()).isPresent();

    assertThat(stateTable().<StandardTableDefinition>getDefinition().getClustering().getFields())
        .containsExactly("body");
    assertThat(latest()).isEqualTo("[1 again, 2 two, 3 three]");
  }

  private Table stateTable() {
    return warehouse.client().getTable(TestWarehouse.DATASET, "state_notes");
  }

  @Test
  void deletesOldRawRowsButNothingThatIsNotFolded() {
    compaction.compact(table(), FoldPolicy.ALWAYS);
    for (int i = 0; i < 6; i++) {
      publish(List.of(row("u", 1, "day " + i)));
    }
    compaction.compact(table(), FoldPolicy.ALWAYS);
    publish(List.of(row("u", 2, "not folded")));
    publish(List.of(row("u", 3, "not folded")));
    Watermark watermark = compaction.state(table()).orElseThrow().watermark();
    Clock clock = Clock.fixed(START.plus(Duration.ofDays(100)), ZoneOffset.UTC);

    jobs.run(
        "history_notes",
        new Ddl(DATASETS)
            .createOrReplace(
                new GeneratedModels(ModelCatalog.bundled(), DATASETS)
                    .history(table(), compaction.state(table()))));
    Instant before =
        new Retention(jobs, DATASETS, clock).expire(table(), watermark, Period.ofDays(30));

    // The last folded batch came on the 8th, and one day is kept for clocks that go back.
    assertThat(before).isEqualTo(Instant.parse("2026-01-07T00:00:00Z"));
    assertThat(latest()).isEqualTo("[1 day 5, 2 not folded, 3 not folded]");
    assertThat(warehouse.rows("SELECT COUNT(*) AS n FROM raw_notes").toString())
        .isEqualTo("[{\"n\":4}]");
    assertThat(
            warehouse
                .rows("SELECT id, body, is_current FROM history_notes WHERE is_current ORDER BY id")
                .toString())
        .as("present versions come from the state table")
        .contains("day 5", "\"id\":2", "\"id\":3");
    Instant kept =
        new Retention(jobs, DATASETS, Clock.fixed(START.plus(Duration.ofDays(4)), ZoneOffset.UTC))
            .expire(table(), watermark, Period.ofDays(30));
    assertThat(kept).isEqualTo(Instant.parse("2025-12-06T00:00:00Z"));

    for (String lost : List.of("state_notes", "latest_notes")) {
      warehouse.client().delete(TableId.of(TestWarehouse.DATASET, lost));
    }
    compaction.compact(table(), FoldPolicy.NEVER);
    assertThatThrownBy(this::latest)
        .as("half of the rows do not pass for all of them")
        .hasStackTraceContaining("offsets reset --table notes");
    warehouse.append("epochs", List.of(epoch("notes", 2, "completed", batch)));
    publish(List.of(anew(row("r", 7, "seven"))));
    assertThat(latest()).isEqualTo("[7 seven]");
  }

  @Test
  void deletesTheRowsOfSnapshotsThatDied() {
    warehouse.append(
        "epochs", List.of(epoch("notes", 2, "snapshotting", 2), epoch("notes", 2, "dead", 2)));
    warehouse.append(
        "raw_notes", List.of(row("r", 1, "one").put("_cdc_epoch", 2).put("_cdc_batch", 2)));

    new Retention(jobs, DATASETS, Clock.systemUTC()).purgeDeadEpochs(table());

    assertThat(warehouse.rows("SELECT DISTINCT _cdc_epoch AS epoch FROM raw_notes").toString())
        .isEqualTo("[{\"epoch\":1}]");
  }

  @Test
  void findsChangesBehindTheWatermark() {
    compaction.compact(table(), FoldPolicy.ALWAYS);
    Watermark watermark = compaction.state(table()).orElseThrow().watermark();
    WatermarkCheck check = new WatermarkCheck(jobs, DATASETS);
    assertThat(check.of(table(), watermark).passed()).isTrue();

    ObjectNode late = row("u", 1, "from a clock that went back three days");
    publish(List.of(late.put("_cdc_ingested_at", START.minus(Duration.ofDays(3)).toString())));

    assertThat(check.of(table(), watermark).failures()).isEqualTo(1);
  }

  private RawTable table() {
    return new Warehouse(warehouse.client(), DATASETS).rawTables().get(0);
  }

  private String latest() {
    return warehouse.rows("SELECT id, body FROM latest_notes ORDER BY id").stream()
        .map(row -> row.get("id").asText() + " " + row.get("body").asText())
        .toList()
        .toString();
  }

  private ObjectNode anew(ObjectNode row) {
    return row.put("_cdc_epoch", 2);
  }

  /** One batch a day. */
  private void publish(List<ObjectNode> rows) {
    warehouse.append("raw_notes", rows);
    warehouse.append("checkpoints", List.of(checkpoint(batch, "stream")));
    batch++;
  }

  private int row = 0;

  private ObjectNode row(String op, long id, String body) {
    Map<String, Object> values = body == null ? Map.of("id", id) : Map.of("id", id, "body", body);
    return change(op, 1, batch, row++, START.plus(Duration.ofDays(batch)), values);
  }
}
