package io.gkp.connector.sharding;

import static org.assertj.core.api.Assertions.assertThat;

import io.gkp.connector.config.BatchLimits;
import io.gkp.connector.config.Sharding;
import io.gkp.connector.export.Deployment;
import io.gkp.connector.export.Export;
import io.gkp.connector.export.Progress;
import io.gkp.connector.export.RunReport;
import io.gkp.connector.faults.ChildRun;
import io.gkp.name.TableName;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tasks of one job run side by side against one server and one dataset, as Cloud Run starts
 * them, and are killed at any moment while the tables change and move to other tasks. {@code
 * -Drounds=...} and {@code -Dseed=...} make more and other ones.
 */
class ShardCrashTest {
  private static final Logger log = LoggerFactory.getLogger(ShardCrashTest.class);
  private static final int TASKS = 3;
  private static final int KILLED = 137;
  private static final String[] TABLES = {"a", "b", "c", "d"};
  private static final int ROUNDS = Integer.getInteger("rounds", 1);
  private static final long DEFAULT_SEED = 20_261_129;

  /** Each round begins with one of these divisions and goes on to the next. */
  private static final List<String> DIVISIONS =
      List.of("a, d | b | c", "a | b, d | c", "d | a, b | c");

  private final Random random = new Random(Long.getLong("seed", DEFAULT_SEED));
  private final Deployment deployment =
      new Deployment(TABLES)
          .withLimits(new BatchLimits(4_000, Duration.ofSeconds(60), 1_000_000))
          .withoutViews();
  private int changed;

  ShardCrashTest() {
    for (String table : TABLES) {
      deployment.database.execute(
          "CREATE TABLE " + table + " (id int PRIMARY KEY, v int)",
          "INSERT INTO " + table + " SELECT g, 0 FROM generate_series(1, 300) g");
    }
  }

  @AfterEach
  void end() {
    deployment.dropSlotsOfShards();
    deployment.close();
  }

  @Test
  void tasksMayDieAtAnyMomentWhileTablesMoveBetweenThem() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      String division = DIVISIONS.get(round % DIVISIONS.size());
      String next = DIVISIONS.get((round + 1) % DIVISIONS.size());
      log.warn("round {}: {}, then {}", round, division, next);
      killed(division);
      change();
      killed(next);
      change();
      drained(next);
      requireEqual();
    }
  }

  private void killed(String division) throws Exception {
    List<ChildRun> tasks = new ArrayList<>();
    try {
      for (int task = 0; task < TASKS; task++) {
        Map<String, String> environment = new HashMap<>();
        environment.put("CLOUD_RUN_TASK_INDEX", Integer.toString(task));
        environment.put("CLOUD_RUN_TASK_COUNT", Integer.toString(TASKS));
        environment.put("GKP_SHARDS", division);
        environment.put("GKP_VIEWS", "false");
        ChildRun run = ChildRun.start(deployment, environment);
        tasks.add(run);
        CompletableFuture.delayedExecutor(2_000 + random.nextInt(12_000), TimeUnit.MILLISECONDS)
            .execute(run::kill);
      }
      change();
      for (ChildRun task : tasks) {
        int code = task.exitCode();
        String told = code == KILLED ? "killed" : task.report().path("error").toString();
        assertThat(code).as(told + task.log()).isIn(0, KILLED);
      }
    } finally {
      for (ChildRun task : tasks) {
        task.close();
      }
    }
  }

  /** All tasks side by side, in this process: none of them has to die. */
  private void drained(String division) {
    List<List<TableName>> groups =
        Arrays.stream(division.split(" \\| "))
            .map(group -> Arrays.stream(group.split(", ")).map(TableName::parse).toList())
            .toList();
    List<CompletableFuture<RunReport>> tasks =
        IntStream.rangeClosed(1, TASKS)
            .mapToObj(shard -> deployment.config().withSharding(new Sharding(shard, TASKS, groups)))
            .map(config -> new Export(config, Clock.systemUTC(), Progress.SILENT))
            .map(export -> CompletableFuture.supplyAsync(export::run))
            .toList();
    for (CompletableFuture<RunReport> task : tasks) {
      RunReport report = task.join();
      assertThat(report.error()).isNull();
      assertThat(report.status()).isEqualTo(RunReport.Status.DRAINED);
    }
  }

  private void change() {
    for (int i = 0; i < 20; i++) {
      for (String table : TABLES) {
        int id = 1 + random.nextInt(300);
        deployment.database.execute(
            "UPDATE " + table + " SET v = v + 1 WHERE id = " + id,
            "INSERT INTO " + table + " VALUES (" + (1_000 + changed++) + ", 0)",
            "DELETE FROM " + table + " WHERE id = " + (1 + random.nextInt(300)));
      }
    }
  }

  /** Nothing is lost, and nothing is there twice: no key, and no place of the changelog. */
  private void requireEqual() {
    deployment.models();
    for (String table : TABLES) {
      deployment.requireEqual(table, "id", "v");
      deployment.requirePlacesUnique(table);
      assertThat(
              deployment.query(
                  """
                  SELECT COUNT(*) FROM history.raw_%s WHERE _cdc_op = 'c'
                  GROUP BY id, _cdc_epoch HAVING COUNT(*) > 1
                  """
                      .formatted(table)))
          .as("inserts of %s that came twice", table)
          .isEmpty();
    }
  }
}
