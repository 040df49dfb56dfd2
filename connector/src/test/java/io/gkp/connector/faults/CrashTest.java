package io.gkp.connector.faults;

import static io.gkp.connector.faults.KilledRuns.checkpointCall;
import static io.gkp.connector.faults.KilledRuns.checkpointDone;
import static io.gkp.connector.faults.KilledRuns.partCall;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.gkp.connector.export.Deployment;
import io.gkp.connector.export.RunReport;
import io.gkp.connector.faults.Kill.When;
import io.gkp.name.Lsn;
import io.gkp.offsets.Ledger;
import io.gkp.testing.TestPostgres;
import io.gkp.testing.wire.Call;
import io.gkp.testing.wire.Call.Kind;
import io.gkp.testing.wire.Fault;
import io.gkp.testing.wire.Wire;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs die one after the other, while transactions go on: some in processes of their own, by
 * SIGKILL, the others at a request, from which on nothing of them gets through ({@link
 * KilledRuns}). Then one run may end. Whatever happened, raw holds every change once, in commit
 * order.
 *
 * <p>{@code -Dseed=...} repeats what a seed fixes: the source's whole history, change by change in
 * the order of its commits ({@link Workload}), and each kill ({@link Kill}): the step of the
 * protocol, or the number of the request, or the milliseconds after the start. What it cannot fix
 * is how far the history has come when a run reads it, what a run does so many milliseconds after
 * its start, and in which order requests go that a run makes side by side (and how often it asks
 * for a job).
 */
class CrashTest {
  private static final Logger log = LoggerFactory.getLogger(CrashTest.class);

  private static final long WATCH_NANOS = 500_000;
  private static final int RANDOM_KILLS = Integer.getInteger("kills", 8);

  /** A build that fails can be built again; other histories are for whoever asks for them. */
  private static final long DEFAULT_SEED = 20_261_123;

  private final long seed = Long.getLong("seed", DEFAULT_SEED);
  private KilledRuns runs;
  private Wire wire;
  private Deployment deployment;
  private Workload workload;

  @BeforeEach
  void start() throws Exception {
    log.warn("seed {}", seed);
    runs = new KilledRuns(TestPostgres.shared(), seed);
    wire = runs.wire;
    deployment = runs.deployment;
    workload = runs.workload;
  }

  @AfterEach
  void end() throws Exception {
    runs.close();
  }

  @Test
  void aRunMayDieAtEveryStepOfTheStream() throws Exception {
    runs.drain();
    runs.cutOffAt("claiming a batch", call -> call.job().endsWith("_claim"), When.AFTER);
    runs.cutOffAt("before a load", partCall(Kind.OPEN_UPLOAD), When.BEFORE);
    runs.cutOffAt("after an upload was opened", partCall(Kind.OPEN_UPLOAD), When.AFTER);
    runs.killAt("in the middle of an upload", partCall(Kind.UPLOAD), When.DURING);
    runs.cutOffAt("after a job was created", partCall(Kind.UPLOAD), When.AFTER);
    wire.on(partCall(Kind.GET_JOB), 2, Fault.rewrite(DestinationFaultTest::running));
    runs.cutOffAt("while a job runs", Call.nth(3, partCall(Kind.GET_JOB)), When.BEFORE);
    runs.cutOffAt("after a job succeeded", partCall(Kind.GET_JOB), When.AFTER);
    runs.cutOffAt("before the checkpoint", checkpointCall(Kind.OPEN_UPLOAD), When.BEFORE);
    runs.cutOffAt("in the middle of the checkpoint", checkpointCall(Kind.UPLOAD), When.DURING);
    runs.cutOffAt("after the checkpoint was created", checkpointCall(Kind.UPLOAD), When.AFTER);
    runs.cutOffAt("after the checkpoint", checkpointDone(), When.AFTER);
    runs.cutOffAt("between tables of a batch", Call.nth(2, partCall(Kind.UPLOAD)), When.AFTER);
    runs.cutOffAt("in the second batch", Call.nth(2, checkpointCall(Kind.UPLOAD)), When.BEFORE);
    runs.drain();
    runs.assertExactlyOnce();
  }

  @Test
  void aRunMayDieInTheMiddleOfATransactionThatIsLargerThanABatch() throws Exception {
    runs.drain();
    workload.large(250);
    runs.cutOffAt(
        "at the third part", call -> call.is(Kind.OPEN_UPLOAD) && call.isPartFrom(2), When.BEFORE);
    runs.killAt(
        "after the fourth part was created",
        call -> call.is(Kind.UPLOAD) && call.isPartFrom(3),
        When.AFTER);
    runs.cutOffAt(
        "during the sixth part", call -> call.is(Kind.UPLOAD) && call.isPartFrom(5), When.DURING);
    runs.drain();
    runs.assertExactlyOnce();
  }

  @Test
  void aRunMayDieAtEveryStepOfTheFirstSnapshot() throws Exception {
    runs.cutOffAt("before the ledger", checkpointCall(Kind.OPEN_UPLOAD), When.BEFORE);
    runs.cutOffAt("after the ledger was begun", checkpointCall(Kind.UPLOAD), When.AFTER);
    runs.cutOffAt("before the first epoch", epochCall("snapshotting"), When.BEFORE);
    runs.cutOffAt("after the first epoch", epochCall("snapshotting"), When.AFTER);
    runs.killAt("in the middle of a snapshot", Call.nth(2, partCall(Kind.UPLOAD)), When.AFTER);
    runs.cutOffAt("at the end of a snapshot", epochCall("converging"), When.BEFORE);
    runs.cutOffAt("between two snapshots", epochCall("converging"), When.AFTER);
    runs.cutOffAt("before the epochs are complete", epochCall("completed"), When.BEFORE);
    runs.killAt("after the epochs are complete", epochCall("completed"), When.AFTER);
    runs.drain();
    runs.assertExactlyOnce();
    runs.drain();
    for (String table : List.of("items", "notes")) {
      new ExactlyOnce(deployment)
          .assertState(
              table, table.equals("items") ? new String[] {"id"} : new String[] {"lang", "id"});
    }
  }

  @Test
  void aRunMayDieBeforeAndAfterTheSlotIsMoved() throws Exception {
    runs.drain();
    runs.killAt("before the slot is moved", checkpointDone(), When.AFTER);
    try (Connection watch = deployment.database.connect()) {
      await("the checkpoint's job, which went on without the run")
          .untilAsserted(() -> assertThat(confirmed(watch)).isLessThan(newestCheckpoint()));
    }
    for (int i = 0; i < 2; i++) {
      workload.steps(KilledRuns.BEFORE);
      workload.settle();
      try (Connection watch = deployment.database.connect();
          ChildRun run = ChildRun.start(deployment, Map.of())) {
        Lsn before = confirmed(watch);
        while (run.isAlive() && confirmed(watch).equals(before)) {
          LockSupport.parkNanos(WATCH_NANOS);
        }
        run.kill();
        assertThat(run.exitCode()).isIn(0, KilledRuns.KILLED);
      }
    }
    runs.drain();
    runs.assertExactlyOnce();
  }

  @Test
  void runsMayDieAtAnyMoment() throws Exception {
    runs.drain();
    dieAtAnyMoment();
    runs.drain();
    runs.assertExactlyOnce();
  }

  /**
   * Where first snapshots are killed again and again, the stream comes to pass over the changes
   * before them, so that the raw tables need not have each of those.
   */
  @Test
  void aFirstRunMayDieAtAnyMomentAndTheStateIsRight() throws Exception {
    dieAtAnyMoment();
    runs.drain();
    ExactlyOnce exactlyOnce = new ExactlyOnce(deployment);
    exactlyOnce.assertState("items", "id");
    exactlyOnce.assertState("notes", "lang", "id");
    exactlyOnce.assertPlacesUnique(Workload.TABLES);
  }

  /** A moment is one of a process's life; at a request, it is enough that nothing gets through. */
  private void dieAtAnyMoment() throws Exception {
    for (Kill kill : Kill.plan(seed, RANDOM_KILLS)) {
      log.warn("{}", kill);
      try (Workload.Background busy = workload.inBackground(KilledRuns.MEANWHILE)) {
        if (kill.isAtRequest()) {
          Wire.Script end = runs.cutOff(Call.nth(kill.request(), call -> true), kill.when());
          RunReport report = runs.run();
          assertThat(report.error() == null || end.hits() == 1).as("%s", report.error()).isTrue();
        } else {
          killAfter(kill.afterMillis());
        }
      }
      wire.calm();
    }
  }

  private void killAfter(int millis) throws InterruptedException {
    runs.inProcess(
        "killed after " + millis + " ms",
        run -> CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS).execute(run::kill),
        0,
        KilledRuns.KILLED);
  }

  private Lsn newestCheckpoint() {
    return new Ledger(deployment.controlStore()).last().orElseThrow().lsn();
  }

  private Lsn confirmed(Connection watch) throws SQLException {
    try (Statement statement = watch.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT confirmed_flush_lsn FROM pg_replication_slots WHERE slot_name = '"
                    + deployment.slot()
                    + "'")) {
      row.next();
      return Lsn.parse(row.getString(1));
    }
  }

  private static Predicate<Call> epochCall(String state) {
    return call -> call.is(Kind.UPLOAD) && call.job().endsWith("_" + state);
  }
}
