package io.gkp.connector.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.gkp.connector.config.BatchLimits;
import io.gkp.connector.export.Deployment;
import io.gkp.testing.wire.Call;
import io.gkp.testing.wire.Call.Kind;
import io.gkp.testing.wire.Wire;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Runs end at each step of a snapshot that is read in chunks, as far as the warehouse can see:
 * before the step has had its effect, and after it. Rows change and move between any two runs.
 * Chunks of other versions are read by {@code ChunkedSnapshotTest}.
 */
class InterruptedChunksTest {
  private static final BatchLimits LIMITS = BatchLimits.DEFAULT.withSnapshotChunks(16 * 8192);

  private final Wire wire = new Wire();
  private final Deployment deployment = new Deployment(List.of(wire), "big").withLimits(LIMITS);
  private int changed;

  @AfterEach
  void end() {
    deployment.close();
  }

  @Test
  void aSnapshotThatEndsAtAnyStepGoesOnThere() {
    deployment.database.execute(
        "CREATE TABLE big (place int PRIMARY KEY, n int, body text)",
        "ALTER TABLE big ALTER body SET STORAGE EXTERNAL", // sent again only where it changes
        "INSERT INTO big SELECT i, 0, repeat(md5(i::text), CASE WHEN i % 10 = 0 THEN 100 ELSE 10 END)"
            + " FROM generate_series(1, 1500) i",
        "ANALYZE big");
    endAt("the list", upload(".*_big_\\d+_chunks"));
    endAt("the epoch's changes", upload(".*_epoch_big_\\d+_converging"));
    Predicate<Call> checkpoint = upload(".*_checkpoint");
    end("before the numbers are reserved", Call.nth(2, checkpoint), false);
    endAt("the offer", upload(".*_chunks_offered_\\d+"));
    endAt("a claim", call -> call.is(Kind.CREATE_JOB) && call.job().matches("gkp_run-.*_claim"));
    endAt("a load", upload(".*_run-.*_raw_big_p0"));
    endAt("the record of a chunk", upload(".*_chunk_\\d+_read"));
    deployment.database.execute("DELETE FROM big WHERE place <= 100", "VACUUM big");
    deployment.database.execute("UPDATE big SET n = n + 1 WHERE place > 1400");
    end("after the last chunk", upload(".*_chunk_" + chunks() + "_read"), true);
    end("before the search", Call.nth(2, checkpoint), true);
    end("after the search", Call.nth(3, checkpoint), false);
    end("before the reading by key", Call.nth(3, checkpoint), true);
    endAt("the reading by key", upload(".*_run-.*_raw_big_p0"));
    endAt("the epoch's completion", upload(".*_epoch_big_\\d+_completed"));
    deployment.drain();
    deployment.requireEqual("big", "place", "n", "body");
    assertExactlyOnce();
  }

  private static Predicate<Call> upload(String job) {
    return call -> call.is(Kind.UPLOAD) && call.job().matches(job);
  }

  private void endAt(String step, Predicate<Call> where) {
    end("before " + step, where, false);
    end("after " + step, where, true);
  }

  private void end(String step, Predicate<Call> where, boolean effect) {
    Wire.Script end = wire.cutOffAt(where, effect);
    assertThat(deployment.run().error()).as(step).isNotNull();
    assertThat(end.hits()).as(step).isEqualTo(1);
    wire.calm();
    changed++;
    deployment.database.execute(
        "UPDATE big SET n = n + 1 WHERE place % 50 = " + changed,
        "UPDATE big SET place = place + 10000 WHERE place = " + (1300 + changed),
        "INSERT INTO big VALUES (" + (20_000 + changed) + ", 0, 'new')");
  }

  private String chunks() {
    return deployment
        .query("SELECT MAX(chunk) FROM history.snapshot_chunks WHERE state = 'offered'")
        .get(0)
        .get(0);
  }

  private void assertExactlyOnce() {
    new ExactlyOnce(deployment).assertPlacesUnique("big");
    assertThat(
            deployment.query(
                "SELECT epoch, chunk FROM history.snapshot_chunks WHERE state = 'read'"
                    + " GROUP BY epoch, chunk HAVING COUNT(*) > 1"))
        .as("chunks that were read again")
        .isEmpty();
    assertThat(
            deployment.query(
                "SELECT place, n FROM history.raw_big WHERE _cdc_op = 'u' GROUP BY place, n"
                    + " HAVING COUNT(*) > 1"))
        .as("updates that came twice")
        .isEmpty();
  }
}
