package io.gkp.connector.sharding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.gkp.connector.config.BatchLimits;
import io.gkp.connector.config.Sharding;
import io.gkp.connector.export.Deployment;
import io.gkp.connector.export.Export;
import io.gkp.connector.export.Progress;
import io.gkp.connector.export.RunReport;
import io.gkp.connector.faults.ChildRun;
import io.gkp.name.TableName;
import io.gkp.testing.TestPostgres;
import io.gkp.testing.wire.Call;
import io.gkp.testing.wire.Call.Kind;
import io.gkp.testing.wire.Fault;
import io.gkp.testing.wire.Wire;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tasks that have done their own tables read chunks of another one's. */
class SharedSnapshotTest {
  private static final int TASKS = 3;

  private static List<List<TableName>> division(String... tables) {
    return Stream.of(tables).map(table -> List.of(TableName.parse(table))).toList();
  }

  private final Wire wire = new Wire();
  private List<List<TableName>> division = division("big", "b", "c");
  private Deployment deployment;

  private void deploy(int version) {
    deployment =
        new Deployment(
                TestPostgres.version(version).createDatabase(), List.of(wire), "big", "b", "c")
            .withLimits(BatchLimits.DEFAULT.withSnapshotChunks(16 * 8192))
            .withoutViews(); // but for those of the models
    deployment.database.execute(
        "CREATE TABLE big (id int PRIMARY KEY, v int, body text)",
        "ALTER TABLE big ALTER body SET STORAGE EXTERNAL",
        "INSERT INTO big SELECT i, 0, repeat(md5(i::text), CASE WHEN i % 10 = 0 THEN 100 ELSE 10 END)"
            + " FROM generate_series(1, 2500) i",
        "CREATE TABLE b (id int PRIMARY KEY)",
        "CREATE TABLE c (id int PRIMARY KEY)",
        "ANALYZE");
  }

  @AfterEach
  void end() {
    deployment.dropSlotsOfShards();
    deployment.close();
  }

  private CompletableFuture<RunReport> task(int number) {
    return CompletableFuture.supplyAsync(export(number, Progress.SILENT)::run);
  }

  private Export export(int number, Progress progress) {
    return new Export(
        deployment.config().withSharding(new Sharding(number, TASKS, division)),
        Clock.systemUTC(),
        progress);
  }

  /** A run of the table's own shard that ends behind its first chunk. */
  private void oneChunk() {
    AtomicReference<Export> run = new AtomicReference<>();
    run.set(
        export(
            1,
            new Progress() {
              @Override
              public void readAll(TableName table, long rows) {
                run.get().requestStop();
              }
            }));
    assertThat(run.get().run().error()).isNull();
  }

  private static RunReport drained(CompletableFuture<RunReport> task) {
    return Deployment.requireDrained(task.join());
  }

  @Test
  void allTasksReadTheLargeTableWhileItsRowsMove() {
    deploy(14);
    // The first chunk arrives when another task has sent one, however slow that is.
    Set<String> readers = ConcurrentHashMap.newKeySet();
    CountDownLatch another = new CountDownLatch(1);
    wire.observe(
        call -> {
          if (isChunkOfBig(call)) {
            readers.add(call.job().replaceFirst(".*_(run-\\d+-\\d+-\\w+)_.*", "$1"));
            if (readers.size() > 1) {
              another.countDown();
            }
          }
        });
    Wire.Script held = wire.once(this::isChunkOfBig, Fault.hold(another));
    List<CompletableFuture<RunReport>> tasks = new ArrayList<>(List.of(task(1)));
    await().atMost(Duration.ofMinutes(2)).until(() -> held.hits() == 1 || tasks.get(0).isDone());
    for (int number = 2; number <= TASKS; number++) {
      tasks.add(task(number));
    }
    CompletableFuture.allOf(tasks.get(1), tasks.get(2)).thenRun(another::countDown);
    for (int i = 1; i <= 200; i++) {
      deployment.database.execute(
          "UPDATE big SET v = v + 1 WHERE id % 50 = " + i % 50,
          "UPDATE big SET id = id + 100000 WHERE id = " + (2000 + i),
          "DELETE FROM big WHERE id = " + i);
    }
    tasks.forEach(SharedSnapshotTest::drained);
    assertThat(readers()).hasSizeGreaterThan(1);
    drained(task(1));
    requireEqual();
    assertChunksReadOnce();
  }

  @Test
  void aTaskThatIsCutOffOrFrozenInAChunkHoldsUpNobody() {
    deploy(18);
    drained(task(2));
    oneChunk();
    wire.cutOffAt(this::isChunkOfBig, true);
    RunReport cutOff = drained(task(2));
    assertThat(cutOff.warnings().toString()).contains("Chunks of another shard's table");
    wire.calm();
    wire.once(
        this::isChunkOfBig,
        Fault.after(
            () ->
                deployment.database.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                        + " WHERE datname = current_database() AND pid <> pg_backend_pid()")));
    RunReport withoutSource = drained(task(2));
    assertThat(withoutSource.warnings().toString())
        .contains("Chunks of another shard's table", "terminating connection");
    wire.calm();
    CountDownLatch late = new CountDownLatch(1);
    Wire.Script held = wire.once(this::isChunkOfBig, Fault.hold(late));
    CompletableFuture<RunReport> frozen = task(2);
    await().atMost(Duration.ofMinutes(2)).until(() -> held.hits() == 1 || frozen.isDone());
    deployment.database.execute(
        "DELETE FROM big WHERE id % 3 = 0",
        "UPDATE big SET v = v + 1 WHERE id % 3 = 1",
        "UPDATE big SET id = id + 100000 WHERE id % 30 = 20");
    drained(task(1));
    requireEqual();
    late.countDown();
    drained(frozen);
    requireEqual();
    deployment.database.execute("UPDATE big SET v = v + 1 WHERE id % 3 = 2");
    drained(task(1));
    requireEqual();
    assertChunksReadOnce();
    assertThat(readers()).hasSizeGreaterThan(1);
  }

  @Test
  void theTableMayGoToAnotherShardInTheMiddle() {
    deploy(18);
    drained(task(2));
    oneChunk();
    division = division("b", "big", "c");
    deployment.database.execute("UPDATE big SET v = v + 1 WHERE id % 3 = 1");
    drained(task(2));
    drained(task(1));
    requireEqual();
    assertThat(deployment.query("SELECT DISTINCT _cdc_epoch FROM history.raw_big")).hasSize(2);
  }

  /** {@code -Drounds=...} and {@code -Dseed=...} make more and other ones. */
  @Test
  void tasksMayBeKilledAtAnyMoment() throws Exception {
    deploy(18);
    Random random = new Random(Long.getLong("seed", 17));
    for (int round = Integer.getInteger("rounds", 1); round > 0; round--) {
      List<ChildRun> tasks = new ArrayList<>();
      for (int index = 0; index < TASKS; index++) {
        ChildRun task =
            ChildRun.start(
                deployment,
                Map.of(
                    "CLOUD_RUN_TASK_INDEX",
                    Integer.toString(index),
                    "CLOUD_RUN_TASK_COUNT",
                    Integer.toString(TASKS),
                    "GKP_SHARDS",
                    "big | b | c",
                    "GKP_VIEWS",
                    "false"));
        tasks.add(task);
        CompletableFuture.delayedExecutor(3_000 + random.nextInt(9_000), TimeUnit.MILLISECONDS)
            .execute(task::kill);
        change(random);
      }
      for (ChildRun task : tasks) {
        assertThat(task.exitCode()).as(task.log()).isIn(0, 137);
        task.close();
      }
    }
    List<CompletableFuture<RunReport>> last = new ArrayList<>(); // of which none has to die
    for (int number = 1; number <= TASKS; number++) {
      last.add(task(number));
      change(random);
    }
    last.forEach(SharedSnapshotTest::drained);
    drained(task(1)); // what was changed behind the fence of the first one
    requireEqual();
    assertChunksReadOnce();
  }

  private void change(Random random) {
    deployment.database.execute(
        "UPDATE big SET v = v + 1 WHERE id % 20 = " + random.nextInt(20),
        "UPDATE big SET id = id + 100000 WHERE id = " + random.nextInt(2000),
        "DELETE FROM big WHERE id % 100 = " + random.nextInt(100));
  }

  private boolean isChunkOfBig(Call call) {
    return call.is(Kind.UPLOAD) && call.isPart() && call.job().matches(".*_run-.*_raw_big_p0");
  }

  private List<List<String>> readers() {
    return deployment.query(
        "SELECT DISTINCT run_id FROM history.snapshot_chunks WHERE state = 'read'");
  }

  private void requireEqual() {
    if (deployment.tableNames("latest_").isEmpty()) {
      deployment.models();
    }
    deployment.requireEqual("big", "id", "v", "body");
    deployment.requirePlacesUnique("big");
  }

  /** The record of a second reader has no effect. */
  private void assertChunksReadOnce() {
    assertThat(
            deployment.query(
                "SELECT chunk FROM history.snapshot_chunks WHERE state = 'read' GROUP BY epoch, chunk"
                    + " HAVING COUNT(*) > 1"))
        .as("chunks that were read twice")
        .isEmpty();
  }
}
