package io.gkp.connector.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.gkp.connector.checks.Finding;
import io.gkp.connector.cli.Cli;
import io.gkp.connector.cli.OperatorGuide;
import io.gkp.connector.export.Deployment;
import io.gkp.connector.export.RunReport;
import io.gkp.failure.ExitCode;
import io.gkp.failure.Failure;
import io.gkp.testing.TestPostgres;
import io.gkp.testing.wire.Call.Kind;
import io.gkp.testing.wire.Fault;
import io.gkp.testing.wire.Wire;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The disasters of the operator guide, each brought about for real and mended by exactly the
 * commands that stand there.
 */
class DisasterTest {
  private static final String ITEMS = "CREATE TABLE items (id int PRIMARY KEY, name text)";

  private static Server primary;

  private final Wire wire = new Wire();

  @BeforeAll
  static void serve() {
    primary = new Server(Map.of("min_wal_size", "32MB", "max_wal_size", "32MB"));
  }

  @AfterAll
  static void stop() {
    primary.close();
  }

  private Deployment deployment(TestPostgres.Database database) {
    Deployment deployment = new Deployment(database, List.of(wire), "items").withoutViews();
    database.execute(ITEMS, "INSERT INTO items VALUES (1, 'one'), (2, 'two')");
    deployment.drain();
    return deployment;
  }

  /** A disk that was put back takes the slot along; identity, timeline and WAL look as before. */
  @Test
  void aSlotThatStandsBeforeWhereTheLastRunLeftItIsTold() {
    TestPostgres.Database database = TestPostgres.shared().createDatabase();
    try (Deployment deployment = deployment(database)) {
      database.execute(
          "SELECT pg_copy_logical_replication_slot('@', '@_then')".replace("@", deployment.slot()),
          "INSERT INTO items VALUES (3, 'three')");
      assertThat(deployment.drain().warnings()).isEmpty();
      assertThat(deployment.drain().warnings()).isEmpty();
      database.execute(
          "SELECT pg_drop_replication_slot('@')".replace("@", deployment.slot()),
          "SELECT pg_copy_logical_replication_slot('@_then', '@')".replace("@", deployment.slot()),
          "SELECT pg_drop_replication_slot('@_then')".replace("@", deployment.slot()));
      assertThat(deployment.drain().warnings())
          .extracting(Finding::check)
          .containsExactly("slot-behind");
      assertThat(deployment.drain().warnings()).isEmpty();
    }
  }

  /** Runs what the guide says, and then goes on with life. */
  static void mend(Deployment deployment, TestPostgres.Database database, String heading) {
    for (String command : OperatorGuide.commands(heading)) {
      Cli cli = OperatorGuide.run(deployment, command);
      assertThat(cli.code()).as(command + cli.out() + cli.err()).isZero();
    }
    assertThat(deployment.latest("items", "id", "name")).isEqualTo(rows(database));
    database.execute("INSERT INTO items VALUES (99, 'after')", "DELETE FROM items WHERE id = 2");
    deployment.drain();
    assertThat(deployment.latest("items", "id", "name")).isEqualTo(rows(database));
  }

  private static List<String> rows(TestPostgres.Database database) {
    return strings(database, "SELECT id || ' ' || name FROM items ORDER BY id::text COLLATE \"C\"");
  }

  private static List<String> strings(TestPostgres.Database database, String sql) {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      java.util.ArrayList<String> rows = new java.util.ArrayList<>();
      while (row.next()) {
        rows.add(row.getString(1));
      }
      return rows;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void assertStops(Deployment deployment, Failure failure) {
    RunReport report = deployment.run();
    assertThat(report.error()).as("error of a run that should stop").isNotNull();
    assertThat(report.error().code()).as(report.error().message()).isEqualTo(failure.code());
    assertThat(report.error().remedy()).contains("offsets reset --all");
  }

  @Test
  void theSlotWasDropped() {
    TestPostgres.Database database = TestPostgres.shared().createDatabase();
    try (Deployment deployment = deployment(database)) {
      database.execute(
          "SELECT pg_drop_replication_slot('" + deployment.slot() + "')",
          "DELETE FROM items WHERE id = 1",
          "INSERT INTO items VALUES (3, 'three')");
      assertStops(deployment, Failure.SLOT_MISSING);
      mend(deployment, database, "The slot was lost or dropped");
    }
  }

  @Test
  void theServerRemovedTheWalThatTheSlotNeeded() {
    TestPostgres.Database database = primary.postgres().createDatabase();
    try (Deployment deployment = deployment(database)) {
      database.execute(
          "DELETE FROM items WHERE id = 1",
          "ALTER SYSTEM SET max_slot_wal_keep_size = '1MB'",
          "SELECT pg_reload_conf()");
      for (int i = 10; i < 14; i++) {
        database.execute(
            "INSERT INTO items VALUES (" + i + ", 'x')", "SELECT pg_switch_wal()", "CHECKPOINT");
      }
      assertStops(deployment, Failure.SLOT_INVALIDATED);
      database.execute("ALTER SYSTEM RESET max_slot_wal_keep_size", "SELECT pg_reload_conf()");
      mend(deployment, database, "The slot was lost or dropped");
    }
  }

  @Test
  void aNewPrimaryWithoutTheSlot() {
    TestPostgres.Database database = primary.postgres().createDatabase();
    try (Deployment deployment = deployment(database);
        Server standby = primary.standby(Map.of())) {
      database.execute("DELETE FROM items WHERE id = 1", "INSERT INTO items VALUES (3, 'three')");
      TestPostgres.Database promoted = failOver(primary, standby, database);
      deployment.through(promoted.url());
      assertStops(deployment, Failure.SLOT_MISSING);
      mend(deployment, promoted, "Failover");
      primary.start();
    }
  }

  @Test
  void aNewPrimaryThatHasTheSlotGoesOnWithoutAnybody() {
    TestPostgres.Database database = primary.postgres().createDatabase();
    try (Deployment deployment = deployment(database);
        Server standby = synchronizedStandby(primary, deployment)) {
      database.execute("DELETE FROM items WHERE id = 1", "INSERT INTO items VALUES (3, 'three')");
      TestPostgres.Database promoted = failOver(primary, standby, database);
      deployment.through(promoted.url());
      RunReport report = deployment.drain();
      assertThat(report.tables().get("items").snapshotRows()).isZero();
      assertThat(report.tables().get("items").changes()).isEqualTo(2);
      promoted.execute("INSERT INTO items VALUES (4, 'four')");
      deployment.drain();
      assertThat(deployment.changelog("raw_items", "id"))
          .containsExactly("r 1", "r 2", "d 1", "c 3", "c 4");
      assertThat(deployment.latest("items", "id", "name")).isEqualTo(rows(promoted));
      primary.start();
    }
  }

  @Test
  void aNewPrimaryThatLacksWhatWasExportedAlreadyStopsTheRun() {
    TestPostgres.Database database = primary.postgres().createDatabase();
    try (Deployment deployment = deployment(database);
        Server standby = synchronizedStandby(primary, deployment)) {
      standby.crash();
      database.execute("INSERT INTO items VALUES (3, 'never came to the standby')");
      deployment.drain();
      primary.crash();
      standby.start();
      TestPostgres.Database promoted = promote(standby, database);
      // Further than the old primary ever came: only its history tells that it is another one.
      promoted.execute("SELECT pg_switch_wal()", "INSERT INTO items VALUES (5, 'five')");
      promoted.execute("SELECT pg_switch_wal()", "INSERT INTO items VALUES (6, 'six')");
      deployment.through(promoted.url());
      assertStops(deployment, Failure.LEDGER_AHEAD);
      Cli doctor = Cli.run(deployment, "doctor");
      assertThat(doctor.code()).isEqualTo(ExitCode.CONFIGURATION);
      assertThat(doctor.out()).contains("[GKP-207]", "offsets reset --all");
      mend(deployment, promoted, "Failover");
      primary.start();
    }
  }

  @Test
  void postgresWasRestoredToAnEarlierTime() {
    TestPostgres.Database database = primary.postgres().createDatabase();
    try (Deployment deployment = deployment(database);
        Server restored = primary.restored()) {
      database.execute("INSERT INTO items VALUES (3, 'future')", "DELETE FROM items WHERE id = 1");
      deployment.drain();
      TestPostgres.Database earlier = restored.postgres().database(database.name());
      earlier.execute("INSERT INTO items VALUES (4, 'another future')");
      deployment.through(earlier.url());
      assertStops(deployment, Failure.LEDGER_AHEAD);
      mend(deployment, earlier, "Postgres was restored to an earlier time");
    }
  }

  @Test
  void theDatasetWasDeleted() {
    TestPostgres.Database database = TestPostgres.shared().createDatabase();
    try (Deployment deployment = deployment(database)) {
      deployment
          .bigquery()
          .delete(
              com.google.cloud.bigquery.DatasetId.of("history"),
              com.google.cloud.bigquery.BigQuery.DatasetDeleteOption.deleteContents());
      database.execute("DELETE FROM items WHERE id = 1");
      assertStops(deployment, Failure.SLOT_WITHOUT_LEDGER);
      mend(deployment, database, "The dataset was deleted or restored");
    }
  }

  @Test
  void theQuotaIsGone() {
    TestPostgres.Database database = TestPostgres.shared().createDatabase();
    try (Deployment deployment = deployment(database)) {
      database.execute("INSERT INTO items VALUES (3, 'three')");
      wire.always(
          call -> call.is(Kind.OPEN_UPLOAD) && call.isPart(), Fault.refuse(403, "quotaExceeded"));
      Cli refused = OperatorGuide.run(deployment, "./gkp_cli export-bigquery ...");
      assertThat(refused.code()).isEqualTo(ExitCode.UNAVAILABLE);
      assertThat(refused.err()).contains("a quota is used up", "[GKP-306]");
      database.execute("DELETE FROM items WHERE id = 1");
      wire.calm();
      mend(deployment, database, "A quota is gone");
      assertThat(deployment.changelog("raw_items", "id"))
          .containsExactly("r 1", "r 2", "c 3", "d 1", "c 99", "d 2");
    }
  }

  /** A standby that has the slot; it takes one over once that has moved while it looks. */
  static Server synchronizedStandby(Server primary, Deployment deployment) {
    TestPostgres.Database admin = primary.postgres().database("postgres");
    admin.execute(
        "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots"
            + " WHERE slot_name = 'standby'", // of an earlier standby
        "SELECT pg_create_physical_replication_slot('standby', true)");
    Server standby =
        primary.standby(
            Map.of(
                "primary_slot_name", "standby",
                "hot_standby_feedback", "on",
                "sync_replication_slots", "on"));
    await()
        .atMost(Duration.ofMinutes(1))
        .until(
            () -> {
              admin.execute("SELECT pg_log_standby_snapshot()");
              deployment.drain();
              return strings(
                      standby.postgres().database("postgres"),
                      "SELECT slot_name FROM pg_replication_slots WHERE synced AND NOT temporary")
                  .contains(deployment.slot());
            });
    return standby;
  }

  static TestPostgres.Database failOver(
      Server primary, Server standby, TestPostgres.Database database) {
    String end = strings(database, "SELECT pg_current_wal_flush_lsn()::text").get(0);
    await()
        .until(
            () ->
                strings(
                        standby.postgres().database("postgres"),
                        "SELECT pg_last_wal_replay_lsn() >= '" + end + "'::pg_lsn")
                    .contains("t"));
    primary.crash();
    return promote(standby, database);
  }

  static TestPostgres.Database promote(Server standby, TestPostgres.Database database) {
    standby.postgres().database("postgres").execute("SELECT pg_promote()");
    return standby.postgres().database(database.name());
  }
}
