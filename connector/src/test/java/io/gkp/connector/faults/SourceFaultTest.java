package io.gkp.connector.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gkp.connector.config.BatchLimits;
import io.gkp.connector.export.Deployment;
import io.gkp.connector.export.RunReport;
import io.gkp.failure.ExitCode;
import io.gkp.failure.ExportException;
import io.gkp.failure.Failure;
import io.gkp.offsets.ReplicationSlot;
import io.gkp.testing.TestPostgres;
import io.gkp.testing.wire.Call;
import io.gkp.testing.wire.Call.Kind;
import io.gkp.testing.wire.Fault;
import io.gkp.testing.wire.Wire;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What the source may do to a run. Positions that are lost are never made up for in silence. */
class SourceFaultTest {
  private static final String ITEMS = "CREATE TABLE items (id int PRIMARY KEY, name text)";
  private static final BatchLimits SMALL =
      new BatchLimits(1_000_000, Duration.ofSeconds(60), 10_000_000);

  private static final int BACKLOG = 30_000;
  private static final int TRANSACTION = 500;

  private final Wire wire = new Wire();

  @Test
  void aRunGoesOnAfterItsConnectionWasEnded() {
    try (Deployment deployment = deployment(TestPostgres.shared().createDatabase())) {
      backlog(deployment);
      wire.once(
          secondCheckpoint(),
          Fault.after(
              () ->
                  deployment.database.execute(
                      "SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots"
                          + " WHERE slot_name = '"
                          + deployment.slot()
                          + "'")));
      deployment.drain();
      assertBacklogOnce(deployment);
    }
  }

  @Test
  void aRunGoesOnAfterARestartOfTheServer() {
    try (Server server = new Server(Map.of());
        Deployment deployment = deployment(server.postgres().createDatabase())) {
      backlog(deployment);
      wire.once(secondCheckpoint(), Fault.after(server::restart));
      deployment.drain();
      assertBacklogOnce(deployment);
    }
  }

  @Test
  void aRunGoesOnAfterTheNetworkWasAwayForAWhile() {
    TestPostgres.Database database = TestPostgres.shared().createDatabase();
    int port = Integer.parseInt(database.url().replaceFirst(".*:(\\d+)/.*", "$1"));
    try (Proxy proxy = new Proxy(port);
        Deployment deployment = deployment(database)) {
      deployment.through(database.url().replaceFirst(":\\d+/", ":" + proxy.port() + "/"));
      backlog(deployment);
      wire.once(
          secondCheckpoint(),
          Fault.after(
              () -> {
                proxy.cut();
                CompletableFuture.delayedExecutor(3, TimeUnit.SECONDS).execute(proxy::mend);
              }));
      deployment.drain();
      assertBacklogOnce(deployment);
    }
  }

  @Test
  void aTransactionThatStaysOpenDoesNotHoldTheFirstRunForEver() throws Exception {
    TestPostgres.Database database = TestPostgres.shared().createDatabase();
    database.execute(ITEMS);
    try (Connection open = database.connect();
        Connection connection = database.connect();
        Statement statement = open.createStatement()) {
      open.setAutoCommit(false);
      statement.execute("INSERT INTO items VALUES (1, 'one')");
      ReplicationSlot slot = new ReplicationSlot(connection, "gkp_" + database.name());
      assertThatThrownBy(() -> slot.create(Duration.ofSeconds(1)))
          .isInstanceOfSatisfying(
              ExportException.class,
              e -> {
                assertThat(e.failure()).isEqualTo(Failure.SLOT_BUSY);
                assertThat(e.sentence()).contains("pg_stat_activity");
              });
      assertThat(slot.state()).isEmpty();
    }
  }

  @Test
  void aPreparedTransactionThatNobodyEndsIsNamedWithWhatEndsIt() throws Exception {
    TestPostgres.Database database = TestPostgres.version(15).createDatabase();
    database.execute(ITEMS);
    try (Connection application = database.connect();
        Statement statement = application.createStatement()) {
      application.setAutoCommit(false);
      statement.execute("INSERT INTO items VALUES (1, 'one')");
      statement.execute("PREPARE TRANSACTION 'it''s forgotten'");
      application.setAutoCommit(true);
    }
    try (Connection connection = database.connect()) {
      ReplicationSlot slot = new ReplicationSlot(connection, "gkp_" + database.name());
      assertThatThrownBy(() -> slot.create(Duration.ofSeconds(1)))
          .hasMessageContaining("prepared transaction 'it''s forgotten'")
          .isInstanceOfSatisfying(
              ExportException.class,
              e ->
                  assertThat(e.remedy())
                      .contains("ROLLBACK PREPARED 'it''s forgotten' in database"));
      database.execute("ROLLBACK PREPARED 'it''s forgotten'");
      slot.create(Duration.ofSeconds(30));
      slot.drop();
    }
  }

  @Test
  void aSlotThatIsGoneIsNotRecreated() {
    try (Deployment deployment = started()) {
      dropSlot(deployment);
      assertLost(deployment, Failure.SLOT_MISSING);
      assertThat(slots(deployment)).isZero();
    }
  }

  @Test
  void aSlotThatGoesDuringASnapshotIsNotRecreated() {
    try (Deployment deployment = started()) {
      deployment.database.execute(
          "CREATE TABLE notes (id int PRIMARY KEY)", "INSERT INTO notes VALUES (1)");
      deployment.capture("items", "notes");
      wire.once(
          call -> call.is(Kind.UPLOAD) && call.isPart("raw_notes", 0),
          Fault.after(() -> dropSlot(deployment)));
      assertLost(deployment, Failure.SLOT_MISSING);
      assertThat(slots(deployment)).isZero();
    }
  }

  @Test
  void aSlotThatGoesTogetherWithTheConnectionIsNotRecreated() {
    try (Deployment deployment = deployment(TestPostgres.shared().createDatabase())) {
      backlog(deployment);
      wire.once(
          secondCheckpoint(),
          Fault.after(
              () ->
                  deployment.database.execute(
                      "SELECT pg_terminate_backend(active_pid, 10000) FROM pg_replication_slots"
                          + " WHERE slot_name = '"
                          + deployment.slot()
                          + "'",
                      "SELECT pg_drop_replication_slot('" + deployment.slot() + "')")));
      assertLost(deployment, Failure.SLOT_MISSING);
      assertThat(slots(deployment)).isZero();
    }
  }

  @Test
  void aSlotThatWasReadBySomebodyElseStopsTheRun() {
    try (Deployment deployment = started()) {
      deployment.database.execute(
          "INSERT INTO items VALUES (2, 'two')",
          "SELECT pg_replication_slot_advance('" + deployment.slot() + "', pg_current_wal_lsn())");
      assertLost(deployment, Failure.SLOT_AHEAD);
    }
  }

  @Test
  void aSlotThatTheServerGaveUpStopsTheRun() {
    try (Server server =
            new Server(
                Map.of(
                    "max_slot_wal_keep_size",
                    "1MB",
                    "min_wal_size",
                    "32MB",
                    "max_wal_size",
                    "32MB"));
        Deployment deployment = deployment(server.postgres().createDatabase())) {
      deployment.database.execute(ITEMS);
      deployment.drain();
      for (int i = 0; i < 4; i++) {
        deployment.database.execute(
            "INSERT INTO items VALUES (" + i + ", 'x')", "SELECT pg_switch_wal()", "CHECKPOINT");
      }
      assertLost(deployment, Failure.SLOT_INVALIDATED);
    }
  }

  @Test
  void aSlotThatTheServerGivesUpInMidRunStopsTheRun() {
    try (Server server =
            new Server(
                Map.of(
                    "max_slot_wal_keep_size",
                    "1MB",
                    "min_wal_size",
                    "32MB",
                    "max_wal_size",
                    "64MB"));
        Deployment deployment = deployment(server.postgres().createDatabase())) {
      backlog(deployment);
      wire.once(
          secondCheckpoint(),
          Fault.after(
              () -> {
                for (int i = 0; i < 4; i++) {
                  deployment.database.execute("SELECT pg_switch_wal()", "CHECKPOINT");
                }
              }));
      assertLost(deployment, Failure.SLOT_INVALIDATED);
    }
  }

  @Test
  void aStandbyIsRefusedByName() {
    try (Server primary = new Server(Map.of());
        Deployment deployment = deployment(primary.postgres().createDatabase())) {
      deployment.database.execute(ITEMS, "INSERT INTO items VALUES (1, 'one')");
      deployment.drain();
      try (Server standby = primary.standby(Map.of())) {
        deployment.through(standby.postgres().database(deployment.database.name()).url());
        RunReport report = deployment.run();
        assertThat(report.error().code()).isEqualTo(Failure.SOURCE_SETTINGS.code());
        assertThat(report.exitCode()).isEqualTo(ExitCode.CONFIGURATION);
        assertThat(report.error().message()).contains("standby");
        assertThat(report.error().remedy()).contains("--source-url");
      }
      deployment.through(deployment.database.url());
      deployment.drain();
    }
  }

  @Test
  void aSlotWhoseLogFilesAreGoneStopsTheRun() throws Exception {
    try (Server server = new Server(Map.of());
        Deployment deployment = deployment(server.postgres().createDatabase())) {
      deployment.database.execute(ITEMS);
      deployment.drain();
      for (int i = 0; i < 3; i++) {
        deployment.database.execute(
            "INSERT INTO items VALUES (" + i + ", 'x')", "SELECT pg_switch_wal()", "CHECKPOINT");
      }
      server.deleteLogFileOf(deployment.slot());
      assertLost(deployment, Failure.SLOT_INVALIDATED);
    }
  }

  @Test
  void aServerWithoutTheSlotStopsTheRun() {
    try (Server other = new Server(Map.of());
        Deployment deployment = started()) {
      TestPostgres.Database promoted = other.postgres().createDatabase();
      promoted.execute(ITEMS, "INSERT INTO items VALUES (1, 'one')");
      deployment.through(promoted.url());
      assertLost(deployment, Failure.SLOT_MISSING);
      deployment.through(deployment.database.url());
      deployment.drain();
    }
  }

  @Test
  void aTableThatWasOutOfThePublicationIsReadAnew() {
    try (Deployment deployment = started()) {
      deployment.database.execute(
          "ALTER PUBLICATION gkp_export DROP TABLE items",
          "INSERT INTO items VALUES (2, 'never published')",
          "CREATE TABLE other (id int)",
          "ALTER PUBLICATION gkp_export ADD TABLE other");
      assertThat(deployment.drain().tables().get("items").snapshotRows()).isEqualTo(2);
      deployment.database.execute("INSERT INTO items VALUES (3, 'three')");
      deployment.drain();
      new ExactlyOnce(deployment).assertState("items", "id");
      assertThat(deployment.changelog("raw_items", "_cdc_epoch", "id"))
          .containsExactly("r 1 1", "r 2 1", "r 2 2", "c 2 3");
    }
  }

  @Test
  void aTableThatLeftThePublicationAndCameBackIsReadAnew() {
    try (Deployment deployment = started()) {
      deployment.database.execute(
          "ALTER PUBLICATION gkp_export DROP TABLE items",
          "INSERT INTO items VALUES (2, 'never published')",
          "ALTER PUBLICATION gkp_export ADD TABLE items",
          "INSERT INTO items VALUES (3, 'three')");
      assertThat(deployment.drain().tables().get("items").snapshotRows()).isEqualTo(3);
      new ExactlyOnce(deployment).assertState("items", "id");
      assertThat(deployment.drain().tables().get("items").rowsLoaded()).isZero();
    }
  }

  @Test
  void whatIsStillWaitingDoesNotComeOverTheSnapshotOfATableThatCameBack() {
    try (Deployment deployment = started()) {
      deployment.database.execute(
          "INSERT INTO items VALUES (2, 'two')",
          "ALTER PUBLICATION gkp_export DROP TABLE items",
          "DELETE FROM items WHERE id = 2",
          "ALTER PUBLICATION gkp_export ADD TABLE items",
          "INSERT INTO items VALUES (3, 'three')");
      assertThat(deployment.drain().tables().get("items").snapshotRows()).isEqualTo(2);
      new ExactlyOnce(deployment).assertState("items", "id");
      assertThat(deployment.changelog("raw_items", "_cdc_epoch", "id"))
          .containsExactly("r 1 1", "c 1 2", "c 1 3", "r 2 1", "r 2 3");
    }
  }

  @Test
  void aTableThatWasCreatedAnewAndPublishedByHandIsReadAnew() {
    try (Deployment deployment = started()) {
      deployment.database.execute(
          "DROP TABLE items",
          ITEMS,
          "ALTER PUBLICATION gkp_export ADD TABLE items",
          "INSERT INTO items VALUES (7, 'seven')");
      assertThat(deployment.drain().tables().get("items").snapshotRows()).isEqualTo(1);
      new ExactlyOnce(deployment).assertState("items", "id");
    }
  }

  @Test
  void aPublicationThatWasDroppedMeansANewSnapshotOfAllItsTables() {
    try (Deployment deployment = started()) {
      deployment.database.execute(
          "DROP PUBLICATION gkp_export", "INSERT INTO items VALUES (2, 'never published')");
      assertThat(deployment.drain().tables().get("items").snapshotRows()).isEqualTo(2);
      new ExactlyOnce(deployment).assertState("items", "id");
    }
  }

  @Test
  void aRecreatedTableIsReadAnew() {
    try (Deployment deployment = started()) {
      deployment.database.execute(
          "DROP TABLE items", ITEMS, "INSERT INTO items VALUES (7, 'seven'), (8, 'eight')");
      assertThat(deployment.drain().tables().get("items").snapshotRows()).isEqualTo(2);
      new ExactlyOnce(deployment).assertState("items", "id");
    }
  }

  @Test
  void whatWasPendingOfATableThatWasDroppedIsNotItsSuccessors() {
    try (Deployment deployment = started()) {
      deployment.database.execute(
          "INSERT INTO items VALUES (5, 'of the table that is gone')",
          "DROP TABLE items",
          ITEMS,
          "ALTER PUBLICATION gkp_export ADD TABLE items",
          "INSERT INTO items VALUES (7, 'seven')");
      deployment.drain();
      new ExactlyOnce(deployment).assertState("items", "id");
      assertThat(deployment.changelog("raw_items", "_cdc_epoch", "id"))
          .containsExactly("r 1 1", "c 1 5", "r 2 7");
    }
  }

  @Test
  void aTableThatHadAnotherNameForAWhileLosesNothing() {
    try (Deployment deployment = started()) {
      deployment.database.execute(
          "INSERT INTO items VALUES (2, 'before')",
          "ALTER TABLE items RENAME TO things",
          "CREATE TABLE items (id int PRIMARY KEY)",
          "ALTER PUBLICATION gkp_export ADD TABLE items",
          "INSERT INTO things VALUES (3, 'under another name')",
          "INSERT INTO items VALUES (99)",
          "DROP TABLE items",
          "ALTER TABLE things RENAME TO items",
          "INSERT INTO items VALUES (4, 'after')");
      assertThat(deployment.drain().tables().get("items").snapshotRows()).isZero();
      assertThat(deployment.changelog("raw_items", "id"))
          .containsExactly("r 1", "c 2", "c 3", "c 4");
    }
  }

  @Test
  void aTableThatIsGoneStopsTheRunAndTheOthersGoOnWithoutIt() {
    try (Deployment deployment = started()) {
      deployment.database.execute("ALTER TABLE items RENAME TO things");
      RunReport report = deployment.run();
      assertThat(report.error().code()).isEqualTo(Failure.TABLE_MISSING.code());
      assertThat(report.exitCode()).isEqualTo(ExitCode.CONFIGURATION);
      assertThat(report.error().message()).contains("items");
      deployment.database.execute("ALTER TABLE things RENAME TO items");
      assertThat(deployment.drain().tables().get("items").snapshotRows()).isZero();
    }
  }

  private Deployment deployment(TestPostgres.Database database) {
    return new Deployment(database, List.of(wire), "items").withLimits(SMALL);
  }

  /** A deployment that has caught up with one row. */
  private Deployment started() {
    Deployment deployment = deployment(TestPostgres.shared().createDatabase());
    deployment.database.execute(ITEMS, "INSERT INTO items VALUES (1, 'one')");
    deployment.drain();
    return deployment;
  }

  /** More changes are waiting than the engine reads ahead, in many batches. */
  private static void backlog(Deployment deployment) {
    deployment.database.execute(ITEMS);
    deployment.drain();
    for (int i = 0; i < BACKLOG; i += TRANSACTION) {
      deployment.database.execute(
          "INSERT INTO items SELECT i, 'n' || i FROM generate_series(%d, %d) i"
              .formatted(i, i + TRANSACTION - 1));
    }
  }

  private static void assertBacklogOnce(Deployment deployment) {
    assertThat(deployment.changelog("raw_items", "id"))
        .containsExactlyElementsOf(IntStream.range(0, BACKLOG).mapToObj(i -> "c " + i).toList());
  }

  /** The first run, or the next one where that had read all before. */
  private static void assertLost(Deployment deployment, Failure failure) {
    RunReport report = deployment.run();
    if (report.error() == null) {
      report = deployment.run();
    }
    assertThat(report.error()).isNotNull();
    assertThat(report.error().code()).isEqualTo(failure.code());
    assertThat(report.exitCode()).isEqualTo(ExitCode.CONFIGURATION);
    assertThat(report.error().message()).contains(deployment.slot());
    assertThat(report.error().remedy()).contains("offsets reset --all");
  }

  private static Predicate<Call> secondCheckpoint() {
    return Call.nth(2, call -> call.is(Kind.OPEN_UPLOAD) && call.isCheckpoint());
  }

  private static void dropSlot(Deployment deployment) {
    deployment.database.execute("SELECT pg_drop_replication_slot('" + deployment.slot() + "')");
  }

  private static long slots(Deployment deployment) {
    try (Connection connection = deployment.database.connect();
        var row =
            connection
                .createStatement()
                .executeQuery(
                    "SELECT count(*) FROM pg_replication_slots WHERE slot_name = '"
                        + deployment.slot()
                        + "'")) {
      row.next();
      return row.getLong(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
