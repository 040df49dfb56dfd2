package io.gkp.connector.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.gkp.connector.config.BatchLimits;
import io.gkp.connector.config.Sharding;
import io.gkp.connector.export.Deployment;
import io.gkp.connector.export.Export;
import io.gkp.connector.export.Progress;
import io.gkp.connector.export.RunReport;
import io.gkp.connector.verify.TableVerification;
import io.gkp.connector.verify.VerifyOptions;
import io.gkp.name.TableName;
import io.gkp.sql.render.Datasets;
import io.gkp.testing.wire.Call;
import io.gkp.testing.wire.Call.Kind;
import io.gkp.testing.wire.Wire;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A table moves to another shard, and a run of either shard dies behind each step of the move,
 * which is before the next one: to the warehouse it is as if it had been killed there. Each change
 * of the table is one transaction that gives all rows the same value, so a state that never was
 * shows itself. {@code ShardCrashTest} kills processes.
 */
class MoveCrashTest {
  private static final Logger log = LoggerFactory.getLogger(MoveCrashTest.class);

  private static final String[] TABLES = {"moved", "near", "far"};
  private static final String BEFORE = "moved, near | far";
  private static final String AFTER = "near | moved, far";
  private static final int ROWS = 30;
  private static final String REQUEST = "the request of an epoch";
  private static final Predicate<Call> ASSIGNMENT =
      call -> upload(call) && call.job().startsWith("gkp_shards_");

  /** So small that a snapshot has several parts. */
  private static final BatchLimits SMALL =
      new BatchLimits(2_000, Duration.ofSeconds(60), 1_000_000);

  private final Wire wire = new Wire();
  private final Deployment deployment = new Deployment(List.of(wire), TABLES).withLimits(SMALL);

  @BeforeEach
  void start() {
    for (String table : TABLES) {
      deployment.database.execute(
          "CREATE TABLE " + table + " (id int PRIMARY KEY, v int)",
          "INSERT INTO " + table + " SELECT g, 0 FROM generate_series(1, " + ROWS + ") g");
    }
    drain(1, BEFORE);
    drain(2, BEFORE);
    deployment.models();
    change();
  }

  @AfterEach
  void end() {
    deployment.database.execute(
        "SELECT pg_drop_replication_slot('" + deployment.slot() + "_2')"); // each test makes it
    deployment.close();
  }

  @Test
  void aRunMayDieAtEachStepOfAMove() {
    dieAt(2, "before the assignment", ASSIGNMENT, false);
    for (Map.Entry<String, Predicate<Call>> step : stepsOfTheNextShard().entrySet()) {
      dieAt(2, "after " + step.getKey(), step.getValue(), true);
      if (step.getKey().equals(REQUEST)) {
        dieAt(1, "before the former shard lets it go", epoch("requested"), false);
        dieAt(1, "after the former shard let it go", epoch("requested"), true);
      }
    }
    dieAt(1, "before the former shard commits", checkpoint(), false);
    requireEqual(AFTER);
    requirePlacesUnique();
    assertThat(verified(1)).hasSize(1);
    assertThat(verified(2)).hasSize(2);
  }

  /** Tables that are equal at both ends; fails where one is not. */
  private List<TableVerification> verified(int shard) {
    VerifyOptions all =
        VerifyOptions.all(
            new Datasets(
                Deployment.PROJECT, Deployment.DATASET, Deployment.DATASET, Deployment.DATASET));
    List<TableVerification> found = run(shard, AFTER, all).verification();
    assertThat(found).allMatch(table -> table.outcome() == TableVerification.Outcome.EQUAL);
    return found;
  }

  /** The list is changed back before anybody has run to the end by the new one. */
  @Test
  void aMoveThatDiedAtAnyStepCanBeTakenBack() {
    for (Map.Entry<String, Predicate<Call>> step : stepsOfTheNextShard().entrySet()) {
      log.warn("taken back after {}", step.getKey());
      Wire.Script script = wire.cutOffAt(step.getValue(), true);
      assertThat(run(2, AFTER).error()).as(step.getKey()).isNotNull();
      assertThat(script.hits()).as(step.getKey()).isEqualTo(1);
      wire.calm();
      change();
      requireEqual(BEFORE);
    }
    requirePlacesUnique();
  }

  /** In their order in a run of the shard that the table goes to. */
  private static Map<String, Predicate<Call>> stepsOfTheNextShard() {
    Map<String, Predicate<Call>> steps = new LinkedHashMap<>();
    steps.put("the assignment", ASSIGNMENT);
    steps.put(REQUEST, epoch("requested"));
    steps.put("the epoch's begin", epoch("snapshotting"));
    steps.put(
        "the second part of the snapshot", call -> upload(call) && call.isPart("raw_moved", 1));
    steps.put("the end of the snapshot", epoch("converging"));
    steps.put("the checkpoint behind it", checkpoint());
    steps.put("the epoch's completion", epoch("completed"));
    return steps;
  }

  private static boolean upload(Call call) {
    return call.is(Kind.UPLOAD);
  }

  private static Predicate<Call> epoch(String state) {
    return call ->
        upload(call) && call.job().contains("_epoch_moved_") && call.job().contains(state);
  }

  private static Predicate<Call> checkpoint() {
    return call -> upload(call) && call.isCheckpoint();
  }

  private void dieAt(int shard, String step, Predicate<Call> where, boolean effect) {
    log.warn("died {}", step);
    Wire.Script script = wire.cutOffAt(where, effect);
    assertThat(run(shard, AFTER).error()).as(step).isNotNull();
    assertThat(script.hits()).as(step).isEqualTo(1);
    wire.calm();
    requireWhole(step);
    change();
  }

  /** What analysts see is a state that the table had. */
  private void requireWhole(String step) {
    assertThat(deployment.query("SELECT COUNT(*), COUNT(DISTINCT v) FROM history.latest_moved"))
        .as(step)
        .containsExactly(List.of(Integer.toString(ROWS), "1"));
  }

  private void change() {
    for (String table : TABLES) {
      deployment.database.execute("UPDATE " + table + " SET v = v + 1");
    }
  }

  private void requireEqual(String groups) {
    drain(1, groups);
    drain(2, groups);
    for (String table : TABLES) {
      deployment.requireEqual(table, "id", "v");
    }
  }

  /** Places are for ever, so that the end tells of all steps. */
  private void requirePlacesUnique() {
    for (String table : TABLES) {
      deployment.requirePlacesUnique(table);
    }
  }

  private void drain(int shard, String groups) {
    RunReport report = run(shard, groups);
    assertThat(report.error()).isNull();
    assertThat(report.status()).isEqualTo(RunReport.Status.DRAINED);
  }

  private RunReport run(int shard, String groups) {
    return run(shard, groups, null);
  }

  private RunReport run(int shard, String groups, VerifyOptions verify) {
    Sharding sharding =
        new Sharding(
            shard,
            2,
            Arrays.stream(groups.split(" \\| "))
                .map(g -> Arrays.stream(g.split(", ")).map(TableName::parse).toList())
                .toList());
    return new Export(
            deployment.config().withSharding(sharding), Clock.systemUTC(), Progress.SILENT, verify)
        .run();
  }
}
