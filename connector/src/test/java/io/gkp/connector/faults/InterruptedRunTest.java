package io.gkp.connector.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.cloud.bigquery.TableId;
import io.gkp.connector.config.BatchLimits;
import io.gkp.connector.export.Deployment;
import io.gkp.connector.export.RunReport;
import io.gkp.failure.ExitCode;
import io.gkp.failure.Failure;
import io.gkp.testing.wire.Call;
import io.gkp.testing.wire.Call.Kind;
import io.gkp.testing.wire.Fault;
import io.gkp.testing.wire.Wire;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the run after a dead one does when the configuration or the tables changed meanwhile. */
class InterruptedRunTest {
  private static final Predicate<Call> BEFORE_CHECKPOINT =
      call -> call.is(Kind.OPEN_UPLOAD) && call.isCheckpoint();

  private final Wire wire = new Wire();
  private final Deployment deployment = new Deployment(List.of(wire), "items").withoutViews();

  @BeforeEach
  void start() {
    deployment.database.execute("CREATE TABLE items (id int PRIMARY KEY, name text)");
    deployment.drain();
    deployment.database.execute("INSERT INTO items VALUES (1, 'one'), (2, 'two')");
  }

  @AfterEach
  void end() {
    deployment.close();
  }

  @Test
  void aSnapshotOfANewTableDoesNotMakeAnInterruptedBatchComeTwice() {
    dieAt(BEFORE_CHECKPOINT, false);
    deployment.database.execute(
        "CREATE TABLE notes (id int PRIMARY KEY)", "INSERT INTO notes VALUES (7)");
    deployment.capture("items", "notes");
    deployment.drain();
    assertThat(deployment.changelog("raw_items", "id")).containsExactly("c 1", "c 2");
    assertThat(deployment.changelog("raw_notes", "id")).containsExactly("r 7");
  }

  @Test
  void anInterruptedBatchIsGoneOnWithUnderOtherLimits() {
    deployment.withLimits(new BatchLimits(300, Duration.ofSeconds(60), 1_000_000));
    deployment.database.execute(
        "INSERT INTO items SELECT i, 'n' || i FROM generate_series(3, 12) i");
    dieAt(call -> call.is(Kind.UPLOAD) && call.isPart("raw_items", 1), true);
    deployment.withLimits(BatchLimits.DEFAULT);
    deployment.drain();
    assertThat(deployment.changelog("raw_items", "id"))
        .containsExactly(
            "c 1", "c 2", "c 3", "c 4", "c 5", "c 6", "c 7", "c 8", "c 9", "c 10", "c 11", "c 12");
  }

  @Test
  void anEpochWhoseSnapshotDiedIsDeclaredDead() {
    deployment.database.execute(
        "CREATE TABLE notes (id int PRIMARY KEY)", "INSERT INTO notes VALUES (7)");
    deployment.capture("items", "notes");
    dieAt(call -> call.is(Kind.UPLOAD) && call.isPart("raw_notes", 0), true);
    deployment.drain();
    assertThat(
            deployment.rows("epochs").stream()
                .filter(row -> row.get("table_name").equals("notes"))
                .map(row -> row.get("epoch") + " " + row.get("state")))
        .containsExactlyInAnyOrder(
            "1 snapshotting", "1 dead", "2 snapshotting", "2 converging", "2 completed");
  }

  @Test
  void aTableThatWasLeftOutForARunIsReadAnew() {
    deployment.database.execute("CREATE TABLE notes (id int PRIMARY KEY)");
    deployment.capture("items", "notes");
    deployment.drain();
    deployment.capture("items");
    deployment.database.execute("INSERT INTO notes VALUES (1)");
    deployment.drain();
    deployment.capture("items", "notes");
    assertThat(deployment.drain().tables().get("notes").snapshotRows()).isEqualTo(1);
    new ExactlyOnce(deployment).assertState("notes", "id");
  }

  @Test
  void aRawTableThatWasDeletedIsNotContinuedInSilence() {
    deployment.drain();
    deployment.bigquery().delete(TableId.of(Deployment.DATASET, "raw_items"));
    for (int run = 0; run < 2; run++) {
      RunReport report = deployment.run();
      assertThat(report.error().code()).isEqualTo(Failure.DATASET_MISSING.code());
      assertThat(report.exitCode()).isEqualTo(ExitCode.CONFIGURATION);
      assertThat(report.error().message()).contains("raw_items");
      assertThat(report.error().remedy()).contains("offsets reset --table items");
    }
  }

  @Test
  void anUploadThatArrivesAfterItsRunHasDiedComesTooLate() throws Exception {
    CountDownLatch late = new CountDownLatch(1);
    Wire.Script held = wire.once(call -> call.is(Kind.UPLOAD) && call.isPart(), Fault.hold(late));
    try (ChildRun run = ChildRun.start(deployment, Map.of())) {
      await().atMost(Duration.ofMinutes(1)).until(() -> held.hits() == 1 || !run.isAlive());
      assertThat(held.hits()).as(run.log()).isEqualTo(1);
      run.kill();
      assertThat(run.exitCode()).isEqualTo(137);
    }
    deployment.database.execute("INSERT INTO items VALUES (3, 'three')");
    deployment.drain();
    late.countDown();
    deployment.drain();
    assertThat(deployment.changelog("raw_items", "id")).containsExactly("c 1", "c 2", "c 3");
  }

  private void dieAt(Predicate<Call> when, boolean effect) {
    wire.cutOffAt(when, effect);
    assertThat(deployment.run().error().code())
        .isEqualTo(Failure.DESTINATION_AUTHENTICATION.code());
    wire.calm();
  }
}
