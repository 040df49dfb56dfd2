package io.gkp.connector.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.gkp.connector.config.BatchLimits;
import io.gkp.connector.config.Sharding;
import io.gkp.connector.export.Deployment;
import io.gkp.connector.export.Export;
import io.gkp.connector.export.Progress;
import io.gkp.connector.export.RunReport;
import io.gkp.name.TableName;
import io.gkp.testing.TestPostgres;
import io.gkp.testing.wire.Call;
import io.gkp.testing.wire.Call.Kind;
import io.gkp.testing.wire.Wire;
import java.time.Clock;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Tasks that read a chunk die in their second one, at the riskiest steps of {@code ChunkReader}:
 * the task whose table it is, and one that helps. To the warehouse it is as if they had been killed
 * there; {@code SharedSnapshotTest} kills processes. Rows change and move between any two of them.
 */
class ChunkCrashTest {
  private static final int OWNER = 1;
  private static final int HELPER = 2;

  private static final Predicate<Call> CLAIM =
      call -> call.is(Kind.CREATE_JOB) && call.job().matches("gkp_run-.*_claim");

  private final Wire wire = new Wire();
  private final Deployment deployment =
      new Deployment(TestPostgres.version(16).createDatabase(), List.of(wire), "big", "small")
          .withLimits(BatchLimits.DEFAULT.withSnapshotChunks(16 * 8192));

  private int changed;

  @AfterEach
  void end() {
    deployment.dropSlotsOfShards();
    deployment.close();
  }

  @Test
  void theOwnerAndAHelperMayDieAtEachStepOfAChunk() {
    deployment.database.execute(
        "CREATE TABLE small (id int PRIMARY KEY)",
        "CREATE TABLE big (id int PRIMARY KEY, v int, body text)",
        "ALTER TABLE big ALTER body SET STORAGE EXTERNAL", // sent again only where it changes
        "INSERT INTO big SELECT i, 0, repeat(md5(i::text), CASE WHEN i % 10 = 0 THEN 100 ELSE 10 END)"
            + " FROM generate_series(1, 4000) i",
        "ANALYZE");
    drain(HELPER);
    for (int task : new int[] {OWNER, HELPER}) {
      dieAt(task, "after the claim", CLAIM, true);
      dieAt(task, "after the load", upload(".*_run-.*_raw_big_p0"), true);
      dieAt(task, "before the record", upload(".*_chunk_\\d+_read"), false);
    }
    drain(HELPER);
    assertThat(readers()).as("runs that have read a chunk").hasSizeGreaterThan(5);
    drain(OWNER);
    deployment.models();
    deployment.requireEqual("big", "id", "v", "body");
    deployment.requirePlacesUnique("big");
    assertThat(
            deployment.query(
                "SELECT chunk FROM history.snapshot_chunks WHERE state = 'read'"
                    + " GROUP BY epoch, chunk HAVING COUNT(*) > 1"))
        .as("chunks that were read again")
        .isEmpty();
  }

  private static Predicate<Call> upload(String job) {
    return call -> call.is(Kind.UPLOAD) && call.job().matches(job);
  }

  private void dieAt(int task, String step, Predicate<Call> where, boolean effect) {
    Wire.Script script = wire.cutOffAt(Call.nth(2, where), effect);
    run(task);
    assertThat(script.hits()).as(step).isEqualTo(1);
    wire.calm();
    changed++;
    deployment.database.execute(
        "UPDATE big SET v = v + 1 WHERE id % 20 = " + changed,
        "UPDATE big SET id = id + 100000 WHERE id = " + (3000 + changed),
        "DELETE FROM big WHERE id = " + changed,
        "INSERT INTO big VALUES (" + (200_000 + changed) + ", 0, 'new')");
  }

  private void drain(int task) {
    RunReport report = run(task);
    assertThat(report.error()).isNull();
    assertThat(report.status()).isEqualTo(RunReport.Status.DRAINED);
  }

  private RunReport run(int task) {
    List<List<TableName>> division =
        List.of(List.of(TableName.parse("big")), List.of(TableName.parse("small")));
    return new Export(
            deployment.config().withSharding(new Sharding(task, 2, division)),
            Clock.systemUTC(),
            Progress.SILENT)
        .run();
  }

  private List<List<String>> readers() {
    return deployment.query(
        "SELECT DISTINCT run_id FROM history.snapshot_chunks WHERE state = 'read'");
  }
}
