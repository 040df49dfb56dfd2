package io.gkp.connector.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.gkp.bigquery.DestinationConfig;
import io.gkp.connector.config.ExportConfig;
import io.gkp.connector.config.SourceConfig;
import io.gkp.connector.export.Deployment;
import io.gkp.connector.export.Export;
import io.gkp.connector.export.Progress;
import io.gkp.connector.export.RunReport;
import io.gkp.failure.ExitCode;
import io.gkp.failure.Failure;
import io.gkp.offsets.ReplicationSlot;
import io.gkp.testing.TestPostgres;
import io.gkp.testing.wire.Call.Kind;
import io.gkp.testing.wire.Fault;
import io.gkp.testing.wire.Wire;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Runs that get in each other's way, and clocks that jump. One deployment has it happen to it again
 * and again, each time with a row of its own; only those begin anew of whom the beginning is asked.
 */
class OverlapTest {
  private static final String ITEMS = "CREATE TABLE items (id int PRIMARY KEY)";
  private static final Wire wire = new Wire();
  private static final Deployment deployment =
      new Deployment(List.of(wire), "items").withoutViews();
  private static int last;

  @BeforeAll
  static void start() {
    deployment.database.execute(ITEMS);
    deployment.drain();
  }

  @AfterAll
  static void end() {
    deployment.close();
  }

  @AfterEach
  void calm() {
    wire.calm();
    deployment.through(deployment.database.url());
  }

  private static void insert() {
    deployment.database.execute("INSERT INTO items VALUES (" + ++last + ")");
  }

  /** All rows came once, and no others. */
  private static void assertOnce() {
    assertThat(deployment.changelog("raw_items", "id"))
        .containsExactlyElementsOf(IntStream.rangeClosed(1, last).mapToObj(i -> "c " + i).toList());
  }

  @Test
  void ofTwoRunsAtOnceOneWins() {
    insert();
    CountDownLatch second = new CountDownLatch(1);
    Wire.Script held = wire.once(call -> call.is(Kind.OPEN_UPLOAD), Fault.hold(second));
    CompletableFuture<RunReport> first = CompletableFuture.supplyAsync(deployment::run);
    await().atMost(Duration.ofSeconds(30)).until(() -> held.hits() == 1);
    RunReport loser = deployment.run();
    second.countDown();
    assertThat(loser.error().code()).isEqualTo(Failure.SLOT_BUSY.code());
    assertThat(loser.exitCode()).isEqualTo(ExitCode.BUSY);
    assertThat(loser.error().message()).contains("gkp_cli").contains("pid ");
    assertThat(first.join().status()).isEqualTo(RunReport.Status.DRAINED);
    assertOnce();
  }

  /** The server notices the end of an earlier command a moment after that command's end. */
  @Test
  void aSessionThatEndsInAMomentIsWaitedFor() throws Exception {
    CompletableFuture<RunReport> run;
    try (Connection ending = deployment.database.connect()) {
      new ReplicationSlot(ending, deployment.slot()).lock();
      run = CompletableFuture.supplyAsync(deployment::run);
      await()
          .atMost(Duration.ofSeconds(30))
          .pollInterval(Duration.ofMillis(10))
          .until(() -> isWaitedFor(ending));
    }
    assertThat(run.join().status()).isEqualTo(RunReport.Status.DRAINED);
  }

  private static boolean isWaitedFor(Connection holder) throws SQLException {
    try (Statement statement = holder.createStatement();
        ResultSet waiting =
            statement.executeQuery(
                "SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")) {
      return waiting.next();
    }
  }

  /** The frozen run's batch held nothing, so there is no part whose label says where it ended. */
  @Test
  void aFrozenRunWithAnEmptyBatchCannotCommitItOverTheNextRun() {
    CountDownLatch thaw = new CountDownLatch(1);
    Wire.Script frozen =
        wire.once(call -> call.is(Kind.OPEN_UPLOAD) && call.isCheckpoint(), Fault.hold(thaw));
    CompletableFuture<RunReport> first = CompletableFuture.supplyAsync(deployment::run);
    await().atMost(Duration.ofSeconds(30)).until(() -> frozen.hits() == 1);
    deployment.database.execute(
        "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
            + " WHERE datname = current_database() AND pid != pg_backend_pid()");
    insert();
    wire.once(
        call -> call.is(Kind.OPEN_UPLOAD) && call.isCheckpoint(),
        Fault.after(
            () -> {
              thaw.countDown();
              first.join();
            }));
    assertThat(deployment.run().status()).isEqualTo(RunReport.Status.DRAINED);
    assertThat(first.join().error().code()).isEqualTo(Failure.LINEAGE_TAKEN_OVER.code());
    deployment.drain();
    assertOnce();
  }

  @Test
  void aSecondDeploymentOnTheSameDatasetIsRefused() {
    TestPostgres.Database other = TestPostgres.shared().createDatabase();
    other.execute(ITEMS);
    int epochs = deployment.rows("epochs").size();
    RunReport report = deployment.through(other.url()).run();
    assertThat(report.exitCode()).isEqualTo(ExitCode.CONFIGURATION);
    assertThat(report.error().message()).contains(deployment.slot());
    assertThat(report.error().remedy()).contains("--dataset");
    assertThat(deployment.rows("epochs")).as("nothing was asked for in passing").hasSize(epochs);
  }

  @Test
  void aDeploymentWithASlotOfItsOwnIsRefusedOnAnothersDataset() {
    insert();
    try (Server elsewhere = new Server(Map.of())) {
      TestPostgres.Database other = elsewhere.postgres().createDatabase();
      other.execute(ITEMS, createSlot(deployment.slot()), "INSERT INTO items VALUES (2)");
      assertAnotherSource(deployment.through(other.url()).run(), other.name());
    }
    deployment.through(deployment.database.url()).drain();
    assertOnce();
  }

  @Test
  void aSecondSlotOfTheSameDatabaseIsRefused() {
    String second = deployment.slot() + "_second";
    deployment.database.execute(createSlot(second));
    insert();
    ExportConfig config = deployment.config();
    SourceConfig source =
        SourceConfig.parse(
            deployment.database.url(), null, second, "gkp_export", config.source().tables());
    RunReport report =
        new Export(
                new ExportConfig(
                    source, config.destination(), config.limits(), config.maxDuration()),
                Clock.systemUTC(),
                Progress.SILENT)
            .run();
    deployment.database.execute("SELECT pg_drop_replication_slot('" + second + "')");
    assertAnotherSource(report, second);
    deployment.drain();
    assertOnce();
  }

  @Test
  void ofTwoDeploymentsThatBeginOneDatasetAtOnceOneGoesOn() {
    try (Deployment begun = new Deployment(List.of(wire), "items").withoutViews()) {
      begun.database.execute(ITEMS);
      ofTwoThatBegin(begun);
    }
  }

  private static void ofTwoThatBegin(Deployment deployment) {
    TestPostgres.Database other = TestPostgres.shared().createDatabase();
    other.execute(ITEMS, "INSERT INTO items VALUES (2)");
    String url = deployment.sourceUrl();
    wire.once(
        call -> call.is(Kind.OPEN_UPLOAD) && call.isCheckpoint(),
        Fault.after(
            () -> {
              deployment.through(other.url()).drain();
              deployment.through(url);
            }));
    RunReport loser = deployment.run();
    assertThat(loser.error().code()).isEqualTo(Failure.LINEAGE_TAKEN_OVER.code());
    assertThat(loser.exitCode()).isEqualTo(ExitCode.BUSY);
    assertThat(deployment.run().exitCode()).isEqualTo(ExitCode.CONFIGURATION);
    assertThat(deployment.changelog("raw_items", "id")).containsExactly("r 2");
    deployment.through(other.url()).drain();
  }

  private static String createSlot(String name) {
    return "SELECT pg_create_logical_replication_slot('" + name + "', 'pgoutput')";
  }

  private static void assertAnotherSource(RunReport report, String named) {
    assertThat(report.error()).isNotNull();
    assertThat(report.error().code()).isEqualTo(Failure.OTHER_SOURCE.code());
    assertThat(report.exitCode()).isEqualTo(ExitCode.CONFIGURATION);
    assertThat(report.error().message()).contains(named);
    assertThat(report.error().remedy()).contains("--dataset", "offsets reset --all");
  }

  @Test
  void aDatasetInAnotherLocationIsRefused() {
    ExportConfig config = deployment.config();
    DestinationConfig elsewhere =
        new DestinationConfig(
            Deployment.PROJECT, Deployment.DATASET, "europe-west1", deployment.host());
    RunReport report =
        new Export(
                new ExportConfig(config.source(), elsewhere, config.limits(), config.maxDuration()),
                Clock.systemUTC(),
                Progress.SILENT)
            .run();
    assertThat(report.error().code()).isEqualTo(Failure.DATASET_LOCATION.code());
    assertThat(report.exitCode()).isEqualTo(ExitCode.CONFIGURATION);
    assertThat(report.error().message()).contains("US").contains("europe-west1");
    assertThat(report.error().remedy()).contains("--location");
  }

  @Test
  void aClockThatJumpsChangesNothingInTheChangelog() {
    JumpingClock clock = new JumpingClock();
    try (Deployment deployment =
        new Deployment(List.of(wire), "items").withoutViews().withClock(clock)) {
      deployment.database.execute(ITEMS);
      deployment.drain();
      deployment.database.execute("INSERT INTO items VALUES (1), (2)");
      clock.jump(Duration.ofDays(-400));
      deployment.drain();
      deployment.database.execute("DELETE FROM items WHERE id = 1");
      clock.jump(Duration.ofDays(4000));
      deployment.drain();
      deployment.database.execute("INSERT INTO items VALUES (3)");
      clock.jump(Duration.ofDays(-3600));
      deployment.drain();
      assertThat(deployment.changelog("raw_items", "id"))
          .containsExactly("c 1", "c 2", "d 1", "c 3");
    }
  }

  @Test
  void aClockThatJumpsDuringARunDoesNotLoseAnything() {
    JumpingClock clock = new JumpingClock();
    try (Deployment deployment =
        new Deployment(List.of(wire), "items").withoutViews().withClock(clock)) {
      deployment.database.execute(ITEMS);
      deployment.drain();
      deployment.database.execute("INSERT INTO items VALUES (1)");
      wire.once(
          call -> call.is(Kind.OPEN_UPLOAD), Fault.after(() -> clock.jump(Duration.ofDays(1))));
      RunReport report = deployment.run();
      assertThat(report.exitCode()).isIn(ExitCode.OK, ExitCode.STOPPED_EARLY);
      deployment.drain();
      assertThat(deployment.changelog("raw_items", "id")).containsExactly("c 1");
    }
  }
}
