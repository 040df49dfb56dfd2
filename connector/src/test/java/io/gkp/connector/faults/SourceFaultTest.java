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
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the source may do to a run. Positions that are lost are never made up for in silence. */
class SourceFaultTest {
  private static final String ANEW = "CREATE TABLE @ (id int PRIMARY KEY, name text)";
  private static final String ITEMS = ANEW.replace("@", "items");
  private static final BatchLimits SMALL =
      new BatchLimits(1_000_000, Duration.ofSeconds(60), 10_000_000);

  private static final int BACKLOG = 30_000;
  private static final int TRANSACTION = 500;

  private static Server server;

  private final Wire wire = new Wire();

  @BeforeAll
  static void serve() {
    server = new Server(Map.of("min_wal_size", "32MB", "max_wal_size", "64MB"));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

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
    try (Deployment deployment = deployment(server.postgres().createDatabase())) {
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
  void aSlotThatIsOnAnotherServerOrWasReadBySomebodyElseOrIsGoneStopsTheRun() {
    try (Deployment deployment = started()) {
      TestPostgres.Database promoted = server.postgres().createDatabase();
      promoted.execute(ITEMS, "INSERT INTO items VALUES (1, 'one')");
      deployment.through(promoted.url());
      assertLost(deployment, Failure.SLOT_MISSING);
      deployment.through(deployment.database.url());
      deployment.drain();

      deployment.database.execute(
          "INSERT INTO items VALUES (2, 'two')",
          "SELECT pg_replication_slot_advance('" + deployment.slot() + "', pg_current_wal_lsn())");
      assertLost(deployment, Failure.SLOT_AHEAD);

      dropSlot(deployment);
      assertLost(deployment, Failure.SLOT_MISSING);
      assertThat(slots(deployment)).as("it is not created anew").isZero();
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
  void aSlotThatTheServerGaveUpStopsTheRun() {
    try (Deployment deployment = deployment(server.postgres().createDatabase())) {
      deployment.database.execute(ITEMS);
      deployment.drain();
      deployment.database.execute("INSERT INTO items VALUES (1, 'x')");
      giveUpSlots(deployment);
      assertLost(deployment, Failure.SLOT_INVALIDATED);
    }
  }

  @Test
  void aSlotThatTheServerGivesUpInMidRunStopsTheRun() {
    try (Deployment deployment = deployment(server.postgres().createDatabase())) {
      backlog(deployment);
      wire.once(secondCheckpoint(), Fault.after(() -> giveUpSlots(deployment)));
      assertLost(deployment, Failure.SLOT_INVALIDATED);
    }
  }

  /** The server keeps less of its log than they need. */
  private static void giveUpSlots(Deployment deployment) {
    deployment.database.execute(
        "ALTER SYSTEM SET max_slot_wal_keep_size = '1MB'", "SELECT pg_reload_conf()");
    for (int i = 0; i < 4; i++) {
      deployment.database.execute("SELECT pg_switch_wal()", "CHECKPOINT");
    }
    deployment.database.execute(
        "ALTER SYSTEM RESET max_slot_wal_keep_size", "SELECT pg_reload_conf()");
  }

  @Test
  void aStandbyIsRefusedByName() {
    try (Deployment deployment = deployment(server.postgres().createDatabase())) {
      deployment.database.execute(ITEMS, "INSERT INTO items VALUES (1, 'one')");
      deployment.drain();
      try (Server standby = server.standby(Map.of())) {
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
    try (Deployment deployment = deployment(server.postgres().createDatabase())) {
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

  /**
   * @param table {@code @} in the statements
   * @param statements after the run that read {@code (1, 'one')}
   * @param read rows that the next run reads anew
   * @param changelog operations, epochs and ids afterwards
   */
  private record Case(String table, List<String> statements, long read, String... changelog) {}

  private static final List<Case> CASES =
      List.of(
          new Case(
              "was_out_of_the_publication",
              List.of(
                  "ALTER PUBLICATION gkp_export DROP TABLE @",
                  "INSERT INTO @ VALUES (2, 'never published')",
                  "CREATE TABLE other (id int)",
                  "ALTER PUBLICATION gkp_export ADD TABLE other"),
              2,
              "r 1 1",
              "r 2 1",
              "r 2 2",
              "c 2 3"), // afterwards
          new Case(
              "left_the_publication_and_came_back",
              List.of(
                  "ALTER PUBLICATION gkp_export DROP TABLE @",
                  "INSERT INTO @ VALUES (2, 'never published')",
                  "ALTER PUBLICATION gkp_export ADD TABLE @",
                  "INSERT INTO @ VALUES (3, 'three')"),
              3,
              "r 1 1",
              "c 1 3",
              "r 2 1",
              "r 2 2",
              "r 2 3"),
          new Case( // what is still waiting does not come over its snapshot
              "came_back_with_changes_waiting",
              List.of(
                  "INSERT INTO @ VALUES (2, 'two')",
                  "ALTER PUBLICATION gkp_export DROP TABLE @",
                  "DELETE FROM @ WHERE id = 2",
                  "ALTER PUBLICATION gkp_export ADD TABLE @",
                  "INSERT INTO @ VALUES (3, 'three')"),
              2,
              "r 1 1",
              "c 1 2",
              "c 1 3",
              "r 2 1",
              "r 2 3"),
          new Case(
              "created_anew_and_published_by_hand",
              List.of(
                  "DROP TABLE @",
                  ANEW,
                  "ALTER PUBLICATION gkp_export ADD TABLE @",
                  "INSERT INTO @ VALUES (7, 'seven')"),
              1,
              "r 1 1",
              "r 2 7"),
          new Case(
              "created_anew",
              List.of("DROP TABLE @", ANEW, "INSERT INTO @ VALUES (7, 'seven'), (8, 'eight')"),
              2,
              "r 1 1",
              "r 2 7",
              "r 2 8"),
          new Case( // what was pending is not its successor's
              "dropped_with_changes_pending",
              List.of(
                  "INSERT INTO @ VALUES (5, 'of the table that is gone')",
                  "DROP TABLE @",
                  ANEW,
                  "ALTER PUBLICATION gkp_export ADD TABLE @",
                  "INSERT INTO @ VALUES (7, 'seven')"),
              1,
              "r 1 1",
              "c 1 5",
              "r 2 7"),
          new Case( // loses nothing
              "had_another_name_for_a_while",
              List.of(
                  "INSERT INTO @ VALUES (2, 'before')",
                  "ALTER TABLE @ RENAME TO things",
                  "CREATE TABLE @ (id int PRIMARY KEY)",
                  "ALTER PUBLICATION gkp_export ADD TABLE @",
                  "INSERT INTO things VALUES (3, 'under another name')",
                  "INSERT INTO @ VALUES (99)",
                  "DROP TABLE @",
                  "ALTER TABLE things RENAME TO @",
                  "INSERT INTO @ VALUES (4, 'after')"),
              0,
              "r 1 1",
              "c 1 2",
              "c 1 3",
              "c 1 4"));

  @Test
  void tablesOutOfThePublicationOrCreatedAnewAreReadAnewAndNothingElseIs() {
    String[] tables = CASES.stream().map(Case::table).toArray(String[]::new);
    try (Deployment deployment = new Deployment(tables).withoutViews()) {
      for (String table : tables) {
        execute(deployment, table, List.of(ANEW, "INSERT INTO @ VALUES (1, 'one')"));
      }
      deployment.drain();
      CASES.forEach(each -> execute(deployment, each.table(), each.statements()));
      SoftAssertions soft = new SoftAssertions();
      RunReport mended = deployment.drain();
      for (Case each : CASES) {
        soft.assertThat(mended.tables().get(each.table()).snapshotRows())
            .as(each.table())
            .isEqualTo(each.read());
      }
      soft.assertThat(deployment.drain().tables())
          .allSatisfy((table, counts) -> assertThat(counts.rowsLoaded()).as(table).isZero());
      execute(deployment, tables[0], List.of("INSERT INTO @ VALUES (3, 'three')"));
      deployment.drain();
      for (Case each : CASES) {
        soft.assertThat(deployment.changelog("raw_" + each.table(), "_cdc_epoch", "id"))
            .as(each.table())
            .containsExactly(each.changelog());
        soft.check(() -> new ExactlyOnce(deployment).assertState(each.table(), "id"));
      }
      soft.assertAll();
    }
  }

  private static void execute(Deployment deployment, String table, List<String> statements) {
    deployment.database.execute(
        statements.stream().map(sql -> sql.replace("@", table)).toArray(String[]::new));
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
    return new Deployment(database, List.of(wire), "items").withoutViews().withLimits(SMALL);
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
    new ExactlyOnce(deployment).assertInserts("items", 0, BACKLOG);
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
