package io.gkp.connector.sharding;

import static org.assertj.core.api.Assertions.assertThat;

import io.gkp.connector.config.ExportConfig;
import io.gkp.connector.config.Sharding;
import io.gkp.connector.export.Deployment;
import io.gkp.connector.export.Export;
import io.gkp.connector.export.Progress;
import io.gkp.connector.export.RunReport;
import io.gkp.failure.Failure;
import io.gkp.name.TableName;
import io.gkp.sql.run.ModelResult;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Several runs export a part of the tables each. */
class ShardsTest {
  private static final String[] TABLES = {"heavy", "middle", "light"};

  private final Deployment deployment = new Deployment(TABLES);

  ShardsTest() {
    for (String table : TABLES) {
      deployment.database.execute("CREATE TABLE " + table + " (id int PRIMARY KEY, v int)");
    }
    change("INSERT INTO %s SELECT g, 0 FROM generate_series(1, 5) g");
    deployment.database.execute(
        "INSERT INTO heavy SELECT g, 0 FROM generate_series(6, 1000) g", "ANALYZE");
  }

  @AfterEach
  void end() {
    for (int shard = 2; shard <= 3; shard++) {
      deployment.database.execute(
          "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = '"
              + slot(shard)
              + "'");
    }
    deployment.close();
  }

  @Test
  void tablesAreDividedOnceAndEachShardExportsItsPart() {
    drain(1, 3);
    anotherNumberOfShardsIsRefused();
    drain(2, 3);
    drain(3, 3);
    change("UPDATE %s SET v = v + 1 WHERE id < 4");
    for (int shard = 3; shard >= 1; shard--) {
      assertThat(drain(shard, 3).tables()).hasSize(1);
    }
    requireEqual();
    assertThat(deployment.query("SELECT DISTINCT generation FROM history.shards")).hasSize(1);
    assertThat(drain(1, 3).tables()).containsOnlyKeys("heavy");
    assertThat(deployment.query("SELECT slot FROM history.sources ORDER BY n DESC LIMIT 1"))
        .as("by which an older version knows another deployment than its own")
        .containsExactly(List.of(slot(3)));
  }

  @Test
  void aDeploymentThatIsDividedLaterReadsAnewWhatLeavesItsFirstShard() {
    moreShardsThanTablesAreRefused();
    deployment.drain();
    change("UPDATE %s SET v = v + 1 WHERE id < 4");
    assertThat(drain(1, 2).tables().get("heavy").snapshotRows()).isZero();
    change("DELETE FROM %s WHERE id = 1");
    RunReport second = drain(2, 2);
    assertThat(second.tables()).containsOnlyKeys("middle", "light");
    assertThat(second.tables().get("light").snapshotRows()).isEqualTo(4);
    drain(1, 2);
    requireEqual();
    assertThat(epochs("heavy")).containsExactly("1");
    assertThat(epochs("light")).containsExactly("1", "1000002");
  }

  @Test
  void aTableMovesToAnotherShardAndBack() {
    for (int shard = 1; shard <= 2; shard++) {
      drain(shard, "heavy, middle | light");
    }
    change("UPDATE %s SET v = v + 1 WHERE id = 2");
    drain(2, "heavy | middle, light");
    change("UPDATE %s SET v = v + 1 WHERE id = 3");
    drain(1, "heavy | middle, light");
    drain(2, "heavy | middle, light");
    requireEqual();
    change("DELETE FROM %s WHERE id = 4");
    drain(1, "heavy, middle | light");
    drain(2, "heavy, middle | light");
    change("UPDATE %s SET v = v + 1 WHERE id = 5");
    drain(2, "heavy, middle | light");
    drain(1, "heavy, middle | light");
    requireEqual();
    deployment.models(); // from now on there are state tables
    requireEqual();
    assertThat(epochs("middle")).contains("1", "1000002", "2000001");
    assertThat(
            deployment.query(
                "SELECT COUNT(*) FROM history.history_middle WHERE id = 2 AND _cdc_epoch = 1"))
        .containsExactly(List.of("1"));
  }

  /** As soon as one shard has run. */
  private void anotherNumberOfShardsIsRefused() {
    assertRefused(run(2, 2), Failure.SHARDS_DIFFER);
    assertRefused(deployment.run(), Failure.SHARDS_DIFFER);
    assertRefused(run(1, 4), Failure.SHARDS_DIFFER);
  }

  @Test
  void aShardThatWasGivenUpComesBack() {
    for (int shard = 1; shard <= 3; shard++) {
      drain(shard, "heavy | middle | light");
    }
    for (int shard = 1; shard <= 2; shard++) {
      drain(shard, "heavy | middle, light");
    }
    deployment.database.execute(
        "SELECT pg_drop_replication_slot('" + slot(3) + "')", "DROP PUBLICATION gkp_export_3");
    change("UPDATE %s SET v = v + 1 WHERE id < 4");
    for (int shard = 1; shard <= 3; shard++) {
      drain(shard, "heavy | middle | light");
    }
    change("UPDATE %s SET v = v + 1 WHERE id < 3");
    drain(3, "heavy | middle | light");
    assertThat(epochs("light")).containsExactly("1000003", "2000002", "2000003");
    deployment.database.execute("SELECT pg_drop_replication_slot('" + slot(3) + "')");
    assertRefused(run(sharding(3, "heavy | middle | light")), Failure.SLOT_MISSING);
    deployment.requireEqual("light", "id", "v");
  }

  @Test
  void tasksBeginAtOnceOnAnEmptyDatasetAndMakeEachViewOnce() {
    List<RunReport> reports =
        IntStream.rangeClosed(1, 3).parallel().mapToObj(shard -> drain(shard, 3)).toList();
    List<String> views =
        reports.stream()
            .flatMap(report -> report.views().stream())
            .map(ModelResult::model)
            .toList();
    assertThat(views).doesNotHaveDuplicates();
    assertThat(views).contains("published_epochs", "latest_heavy", "latest_middle", "latest_light");
    assertThat(reports).allMatch(report -> report.warnings().isEmpty());
    for (String table : TABLES) {
      deployment.requireEqual(table, "id", "v");
    }
  }

  private void moreShardsThanTablesAreRefused() {
    assertRefused(run(1, 4), Failure.SHARD_EMPTY);
  }

  private void assertRefused(RunReport report, Failure failure) {
    assertThat(report.error()).isNotNull();
    assertThat(report.error().code()).isEqualTo(failure.code());
  }

  private void change(String sql) {
    for (String table : TABLES) {
      deployment.database.execute(sql.formatted(table));
    }
  }

  private RunReport drain(int shard, int count) {
    return Deployment.requireDrained(run(shard, count));
  }

  private RunReport drain(int shard, String groups) {
    return Deployment.requireDrained(run(sharding(shard, groups)));
  }

  private static Sharding sharding(int shard, String groups) {
    List<List<TableName>> tables =
        Arrays.stream(groups.split(" \\| "))
            .map(g -> Arrays.stream(g.split(", ")).map(TableName::parse).toList())
            .toList();
    return new Sharding(shard, tables.size(), tables);
  }

  private RunReport run(int shard, int count) {
    return run(new Sharding(shard, count, List.of()));
  }

  private RunReport run(Sharding sharding) {
    ExportConfig config = deployment.config().withSharding(sharding);
    return new Export(config, Clock.systemUTC(), Progress.SILENT).run();
  }

  private void requireEqual() {
    for (String table : TABLES) {
      deployment.requireEqual(table, "id", "v");
    }
  }

  private List<String> epochs(String table) {
    return deployment
        .query("SELECT DISTINCT _cdc_epoch FROM history.raw_" + table + " ORDER BY 1")
        .stream()
        .map(row -> row.get(0))
        .toList();
  }

  private String slot(int shard) {
    return deployment.slot() + "_" + shard;
  }
}
