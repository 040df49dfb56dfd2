package io.gkp.connector.sharding;

import static org.assertj.core.api.Assertions.assertThat;

import io.gkp.connector.config.BatchLimits;
import io.gkp.connector.config.Sharding;
import io.gkp.connector.export.Deployment;
import io.gkp.connector.export.Export;
import io.gkp.connector.export.Progress;
import io.gkp.connector.export.RunReport;
import io.gkp.name.TableName;
import io.gkp.testing.TestPostgres;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tasks that have done their own tables read chunks of another one's. */
class SharedSnapshotTest {
  private static final int TASKS = 3;

  private static final List<List<TableName>> DIVISION =
      List.of(
          List.of(TableName.parse("big")),
          List.of(TableName.parse("b")),
          List.of(TableName.parse("c")));

  private Deployment deployment;

  private void deploy(int version) {
    deployment =
        Deployment.on(TestPostgres.version(version), "big", "b", "c")
            .withLimits(BatchLimits.DEFAULT.withSnapshotChunks(8 * 8192));
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
    deployment.database.execute(
        "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name LIKE '"
            + deployment.slot()
            + "\\__' AND NOT active");
    deployment.close();
  }

  private CompletableFuture<RunReport> task(int number) {
    Export export =
        new Export(
            deployment.config().withSharding(new Sharding(number, TASKS, DIVISION)),
            Clock.systemUTC(),
            Progress.SILENT);
    return CompletableFuture.supplyAsync(export::run);
  }

  @ParameterizedTest
  @ValueSource(ints = {14, 18})
  void allTasksReadTheLargeTableWhileItsRowsMove(int version) {
    deploy(version);
    List<CompletableFuture<RunReport>> tasks = new ArrayList<>();
    for (int number = 1; number <= TASKS; number++) {
      tasks.add(task(number));
    }
    for (int i = 1; tasks.stream().anyMatch(task -> !task.isDone()); i++) {
      deployment.database.execute(
          "UPDATE big SET v = v + 1 WHERE id % 50 = " + i % 50,
          "UPDATE big SET id = id + 100000 WHERE id = " + (2000 + i),
          "DELETE FROM big WHERE id = " + i);
    }
    for (CompletableFuture<RunReport> task : tasks) {
      assertThat(task.join().error()).isNull();
      assertThat(task.join().status()).isEqualTo(RunReport.Status.DRAINED);
    }
    assertThat(
            deployment.query(
                "SELECT DISTINCT run_id FROM history.snapshot_chunks WHERE state = 'read'"))
        .hasSizeGreaterThan(1);
    task(1).join();
    requireEqual();
  }

  private void requireEqual() {
    deployment.models();
    deployment.requireEqual("big", "id", "v", "body");
    assertThat(
            deployment.query(
                "SELECT _cdc_epoch FROM history.raw_big GROUP BY _cdc_epoch, _cdc_batch, _cdc_row"
                    + " HAVING COUNT(*) > 1"))
        .as("places of big")
        .isEmpty();
    assertThat(
            deployment.query(
                "SELECT chunk FROM history.snapshot_chunks WHERE state = 'read' GROUP BY epoch, chunk"
                    + " HAVING COUNT(*) > 1"))
        .as("chunks that were read twice")
        .isEmpty();
  }
}
