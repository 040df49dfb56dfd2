package io.gkp.connector.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.cloud.bigquery.TableId;
import io.gkp.connector.export.Deployment;
import io.gkp.connector.export.RunReport;
import io.gkp.failure.ExitCode;
import io.gkp.failure.Failure;
import io.gkp.offsets.Epochs;
import io.gkp.testing.wire.Call;
import io.gkp.testing.wire.Call.Kind;
import io.gkp.testing.wire.Fault;
import io.gkp.testing.wire.Wire;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What BigQuery may do to a run: it gets over it, or it stops, says so, and the next goes on. One
 * deployment has it all happen to it; each test has two rows of its own.
 */
class DestinationFaultTest {
  private static final Wire wire = new Wire();
  private static final Deployment deployment =
      new Deployment(List.of(wire), "items").withoutViews();
  private static final JumpingClock clock = new JumpingClock();
  private static int last;

  @BeforeAll
  static void begin() {
    deployment.withClock(clock);
    deployment.database.execute("CREATE TABLE items (id int PRIMARY KEY, name text)");
    deployment.drain();
  }

  @AfterAll
  static void end() {
    deployment.close();
  }

  @BeforeEach
  void insertTwo() {
    last += 2;
    deployment.database.execute(
        "INSERT INTO items VALUES (%d, 'one'), (%d, 'two')".formatted(last - 1, last));
  }

  @AfterEach
  void calm() {
    wire.calm();
  }

  static Stream<Arguments> passingTrouble() {
    return Stream.of(
        Arguments.of("500 before the effect", Fault.refuse(500, "internalError")),
        Arguments.of("503 before the effect", Fault.refuse(503, "backendError")),
        Arguments.of("503 after the effect", Fault.refuseAfterwards(503, "backendError")),
        Arguments.of("a rate limit", Fault.refuse(403, "rateLimitExceeded")),
        Arguments.of("too many requests", Fault.refuse(429, "rateLimitExceeded")),
        Arguments.of("a broken connection", Fault.reset()),
        Arguments.of("a connection that breaks in the middle", Fault.resetAfter(10)),
        Arguments.of("a lost answer", Fault.loseAnswer()));
  }

  /** It comes while the run opens an upload, sends the content, and asks for the job. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("passingTrouble")
  void passingTroubleIsGotOver(String what, Fault fault) {
    Map<String, Wire.Script> scripts = new LinkedHashMap<>();
    for (Kind kind : List.of(Kind.OPEN_UPLOAD, Kind.UPLOAD, Kind.GET_JOB)) {
      scripts.put(kind + " of a part", wire.once(call -> call.is(kind) && call.isPart(), fault));
      scripts.put(
          kind + " of a checkpoint",
          wire.once(call -> call.is(kind) && call.isCheckpoint(), fault));
    }
    deployment.drain();
    assertThat(scripts).allSatisfy((request, script) -> assertThat(script.hits()).isEqualTo(1));
    assertOnce();
  }

  static Stream<Arguments> finalTrouble() {
    return Stream.of(
        Arguments.of(401, "authError", Failure.DESTINATION_AUTHENTICATION, "credentials"),
        Arguments.of(403, "accessDenied", Failure.DESTINATION_PERMISSION, "dataEditor"),
        Arguments.of(403, "quotaExceeded", Failure.DESTINATION_QUOTA, "quota"));
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("finalTrouble")
  void finalTroubleStopsTheRunAndTheNextGoesOn(
      int status, String reason, Failure failure, String hint) {
    wire.always(call -> call.is(Kind.OPEN_UPLOAD), Fault.refuse(status, reason));
    RunReport report = deployment.run();
    assertThat(report.error().code()).isEqualTo(failure.code());
    assertThat(report.exitCode()).isEqualTo(failure.exitCode());
    assertThat(report.error().message() + report.error().remedy()).contains(hint);
    wire.calm();
    deployment.drain();
    assertOnce();
  }

  @Test
  void aJobThatRunsForAWhileIsWaitedFor() {
    Wire.Script stuck = wire.on(gettingThePart(), 5, Fault.rewrite(DestinationFaultTest::running));
    deployment.drain();
    assertThat(stuck.hits()).isEqualTo(5);
    assertOnce();
  }

  @Test
  void aJobThatFailsForAPassingReasonIsMadeAgain() {
    wire.once(call -> call.is(Kind.UPLOAD) && call.isPart(), Fault.corrupt());
    wire.on(
        call -> gettingThePart().test(call) && call.isAttempt(0),
        50,
        Fault.rewrite(DestinationFaultTest::blameTheService));
    RunReport report = deployment.drain();
    assertThat(report.tables().get("items").loadJobs()).singleElement().asString().endsWith("_a1");
    assertOnce();
  }

  static Stream<Arguments> reasonsOfFailedJobs() {
    return Stream.of(
        Arguments.of("backendError", Failure.DESTINATION_UNREACHABLE),
        Arguments.of("jobRateLimitExceeded", Failure.DESTINATION_UNREACHABLE),
        Arguments.of("quotaExceeded", Failure.DESTINATION_QUOTA),
        Arguments.of("accessDenied", Failure.DESTINATION_PERMISSION),
        Arguments.of("notFound", Failure.DATASET_MISSING));
  }

  @ParameterizedTest
  @MethodSource("reasonsOfFailedJobs")
  void aJobThatKeepsFailingStopsTheRunAndTheNextGoesOn(String reason, Failure failure) {
    wire.always(call -> call.is(Kind.UPLOAD) && call.isPart(), Fault.corrupt());
    wire.always(gettingThePart(), Fault.rewrite(job -> blame(job, reason)));
    wire.always(
        call -> call.is(Kind.UPLOAD) && call.isPart(), Fault.rewrite(job -> blame(job, reason)));
    RunReport report = deployment.run();
    assertThat(report.error().code()).isEqualTo(failure.code());
    assertThat(report.exitCode()).isEqualTo(failure.exitCode());
    wire.calm();
    deployment.drain();
    assertOnce();
  }

  @Test
  void aJobThatNeverEndsHoldsNoRunBeyondItsTime() {
    Wire.Script stuck = wire.always(gettingThePart(), runningForAnHour());
    assertThat(deployment.run().exitCode()).isEqualTo(ExitCode.STOPPED_EARLY);
    assertThat(stuck.hits()).isPositive();
    wire.calm();
    deployment.drain();
    assertOnce();
  }

  @Test
  void aJobOfASnapshotThatNeverEndsHoldsNoRunBeyondItsTime() {
    deployment.drain();
    deployment.database.execute(
        "CREATE TABLE notes (id int PRIMARY KEY)", "INSERT INTO notes VALUES (7)");
    deployment.capture("items", "notes");
    Wire.Script stuck = wire.always(gettingThePart(), runningForAnHour());
    assertThat(deployment.run().exitCode()).isEqualTo(ExitCode.STOPPED_EARLY);
    assertThat(stuck.hits()).isPositive();
    wire.calm();
    deployment.drain();
    assertThat(deployment.latest("notes", "id")).containsExactly("7");
    deployment.capture("items");
    assertOnce();
  }

  @Test
  void aJobThatFailsForGoodStopsTheRunAndIsMadeAgainByTheNext() {
    wire.once(call -> call.is(Kind.UPLOAD) && call.isPart(), Fault.corrupt());
    RunReport report = deployment.run();
    assertThat(report.error().code()).isEqualTo(Failure.LOAD_REJECTED.code());
    assertThat(report.exitCode()).isEqualTo(ExitCode.INTERNAL);
    assertThat(report.error().message()).contains("raw_items").contains("invalid");
    wire.calm();
    deployment.drain();
    assertOnce();
  }

  @Test
  void aJobThatEndsAfterItsRunDiedIsNotRepeated() {
    wire.cutOffAt(gettingThePart(), true);
    assertThat(deployment.run().error().code())
        .isEqualTo(Failure.DESTINATION_AUTHENTICATION.code());
    wire.calm();
    Wire.Script stillRunning =
        wire.on(gettingThePart(), 3, Fault.rewrite(DestinationFaultTest::running));
    deployment.drain();
    assertThat(stillRunning.hits()).isEqualTo(3);
    assertOnce();
  }

  @Test
  void aTableThatIsDeletedUnderneathStopsTheRun() {
    wire.once(
        call -> call.is(Kind.UPLOAD) && call.isPart(),
        Fault.after(
            () -> deployment.bigquery().delete(TableId.of(Deployment.DATASET, "raw_items"))));
    RunReport report = deployment.run();
    assertThat(report.error().code()).isEqualTo(Failure.DATASET_MISSING.code());
    assertThat(report.exitCode()).isEqualTo(ExitCode.CONFIGURATION);
    assertThat(report.error().remedy()).contains("offsets reset --table");
    wire.calm();
    requestEpoch(2);
    deployment.drain();
    assertThat(deployment.changelog("raw_items", "id", "name"))
        .contains("r " + (last - 1) + " one", "r " + last + " two");
    new ExactlyOnce(deployment).assertState("items", "id");
  }

  /** What {@code offsets reset --table} does. */
  private void requestEpoch(long number) {
    new Epochs(deployment.controlStore(), "reset", "reset")
        .request("r1", "items", number, 0, Instant.now(), "operator", "deleted");
  }

  @Test
  void aRunThatWasFrozenWhileAnotherOneWentOnStops() {
    CountDownLatch frozen = new CountDownLatch(1);
    Wire.Script held =
        wire.once(call -> call.is(Kind.OPEN_UPLOAD) && call.isPart(), Fault.hold(frozen));
    CompletableFuture<RunReport> first = CompletableFuture.supplyAsync(deployment::run);
    await().atMost(Duration.ofMinutes(1)).until(() -> held.hits() == 1);
    deployment.database.execute(
        "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE application_name LIKE 'gkp_cli%'"
            + " OR pid = (SELECT active_pid FROM pg_replication_slots WHERE slot_name = '"
            + deployment.slot()
            + "')");
    deployment.drain();
    frozen.countDown();
    assertThat(first.join().status()).isEqualTo(RunReport.Status.FAILED);
    assertThat(first.join().exitCode()).isEqualTo(ExitCode.BUSY);
    assertOnce();
  }

  private static Predicate<Call> gettingThePart() {
    return call -> call.is(Kind.GET_JOB) && call.isPart();
  }

  /** Each look at the job finds it running, an hour later. */
  private static Fault runningForAnHour() {
    return Fault.rewrite(
        job -> {
          running(job);
          clock.jump(Duration.ofHours(1));
        });
  }

  static void running(ObjectNode job) {
    ((ObjectNode) job.get("status")).removeAll();
    ((ObjectNode) job.get("status")).put("state", "RUNNING");
  }

  private static void blameTheService(ObjectNode job) {
    blame(job, "backendError");
  }

  private static void blame(ObjectNode job, String reason) {
    if (job.at("/status/errorResult").isObject()) {
      ((ObjectNode) job.at("/status/errorResult")).put("reason", reason);
    }
  }

  private void assertOnce() {
    Set<String> own = Set.of(Integer.toString(last - 1), Integer.toString(last));
    assertThat(deployment.changelog("raw_items", row -> own.contains(row.get("id")), "id", "name"))
        .containsExactly("c " + (last - 1) + " one", "c " + last + " two");
  }
}
