package io.gkp.connector.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.gkp.connector.faults.JumpingClock;
import io.gkp.connector.faults.Server;
import io.gkp.failure.ExitCode;
import io.gkp.failure.Failure;
import io.gkp.testing.TestPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Somebody at the source holds what a run needs: it brings the rest, says who, and ends. */
class LockedSourceTest {
  private static final String ITEMS = "CREATE TABLE items (id int PRIMARY KEY, name text)";
  private static final String NOTES = "CREATE TABLE notes (id int PRIMARY KEY, name text)";

  private static Server server;

  @BeforeAll
  static void serve() {
    server = new Server(Map.of("max_prepared_transactions", "2"));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /** From 16 on, the server itself opens every published table for some of its views. */
  @ParameterizedTest
  @ValueSource(ints = {14, 18})
  void aLockedTableIsLeftForTheNextRun(int version) throws Exception {
    try (Deployment deployment = Deployment.on(TestPostgres.version(version), "items")) {
      TestPostgres.Database database = deployment.database;
      database.execute(ITEMS, NOTES, "CREATE TABLE others (id int PRIMARY KEY)");
      database.execute(
          "CREATE PUBLICATION gkp_export FOR TABLE items, notes, others"
              + " WITH (publish_via_partition_root = true)",
          "INSERT INTO items VALUES (1, 'one')",
          "INSERT INTO notes VALUES (1, 'one')");
      deployment.drain();
      deployment.capture("items", "notes");
      database.execute("INSERT INTO items VALUES (2, 'two')");
      try (Lock lock = new Lock(database, "LOCK TABLE items, notes, others")) {
        RunReport report = deployment.run();
        assertThat(report.error()).isNull();
        requireStoppedEarly(report, "notes", "pid " + lock.pid, "idle in transaction");
        assertThat(report.tables().get("items").inserts()).isEqualTo(1);
      }
      assertThat(deployment.drain().tables().get("notes").snapshotRows()).isEqualTo(1);
      deployment.requireEqual("items", "id", "name");
      deployment.requireEqual("notes", "id", "name");
    }
  }

  @Test
  void aTableThatCannotBePublishedNowIsLeftForTheNextRun() throws Exception {
    try (Deployment deployment = new Deployment("items")) {
      TestPostgres.Database database = deployment.database;
      database.execute(ITEMS, NOTES, "INSERT INTO notes VALUES (1, 'one')");
      deployment.drain();
      deployment.capture("items", "notes");
      database.execute("INSERT INTO items VALUES (2, 'two')");
      try (Lock lock = new Lock(database, "LOCK TABLE notes")) {
        RunReport report = deployment.run();
        assertThat(report.exitCode()).isEqualTo(ExitCode.STOPPED_EARLY);
        assertThat(report.tables().get("items").inserts()).isEqualTo(1);
        assertThat(report.warnings()).anyMatch(warning -> warning.check().equals("table-locked"));
      }
      assertThat(deployment.drain().tables().get("notes").snapshotRows()).isEqualTo(1);
    }
  }

  @Test
  void theFirstRunOfALockedTableIsUnavailableAndNotMisconfigured() throws Exception {
    try (Deployment deployment = new Deployment("items")) {
      deployment.database.execute(ITEMS);
      try (Lock lock = new Lock(deployment.database, "LOCK TABLE items")) {
        RunReport report = deployment.run();
        assertThat(report.error().code()).isEqualTo(Failure.SOURCE_LOCKED.code());
        assertThat(report.exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
      }
      deployment.drain();
    }
  }

  @Test
  void aPreparedTransactionIsNamedWithWhatEndsIt() {
    try (Deployment deployment = Deployment.on(server.postgres(), "items")) {
      deployment.database.execute(
          ITEMS,
          NOTES,
          "CREATE PUBLICATION gkp_export FOR TABLE items, notes WITH (publish_via_partition_root)");
      deployment.drain();
      deployment.capture("items", "notes");
      deployment.database.execute("BEGIN; LOCK TABLE notes; PREPARE TRANSACTION 'forgotten'");
      RunReport report = deployment.run();
      requireStoppedEarly(report, "prepared transaction forgotten", "ROLLBACK PREPARED");
      deployment.database.execute("ROLLBACK PREPARED 'forgotten'");
      deployment.drain();
    }
  }

  @Test
  void aSynchronousStandbyThatIsGoneHoldsNoRun() {
    try (Deployment deployment = Deployment.on(server.postgres(), "items")) {
      deployment.database.execute(
          ITEMS, "ALTER SYSTEM SET synchronous_standby_names = 'gone'", "SELECT pg_reload_conf()");
      deployment.drain();
      deployment.database.execute(
          "ALTER SYSTEM RESET synchronous_standby_names", "SELECT pg_reload_conf()");
    }
  }

  @Test
  void anOverdueRunEndsAndNamesTheStandbyThatItsSlotWaitsFor() {
    JumpingClock clock = new JumpingClock();
    try (Deployment deployment = Deployment.on(server.postgres(), "items").withClock(clock)) {
      deployment.database.execute(ITEMS);
      deployment.drain();
      deployment.withMaxDuration(Duration.ofSeconds(1));
      deployment.database.execute(
          "SELECT pg_create_physical_replication_slot('standby')",
          "ALTER SYSTEM SET synchronized_standby_slots = 'standby'",
          "SELECT pg_reload_conf()",
          "INSERT INTO items VALUES (1, 'one')");
      CompletableFuture<RunReport> run = CompletableFuture.supplyAsync(deployment::run);
      await()
          .atMost(Duration.ofMinutes(1))
          .until(
              () ->
                  !deployment
                      .database
                      .query(
                          "SELECT 1 FROM pg_stat_activity"
                              + " WHERE wait_event = 'WaitForStandbyConfirmation'")
                      .isEmpty());
      CompletableFuture.delayedExecutor(8, TimeUnit.SECONDS)
          .execute(() -> clock.jump(Duration.ofMinutes(3)));
      RunReport report = run.join();
      requireStoppedEarly(report, "WaitForStandbyConfirmation", "synchronized_standby_slots");
      deployment.database.execute(
          "ALTER SYSTEM RESET synchronized_standby_slots", "SELECT pg_reload_conf()");
      deployment.withMaxDuration(Duration.ofMinutes(5)).drain();
      deployment.requireEqual("items", "id", "name");
    }
  }

  /** With a warning that says why. */
  private static void requireStoppedEarly(RunReport report, String... words) {
    assertThat(report.exitCode()).isEqualTo(ExitCode.STOPPED_EARLY);
    assertThat(report.warnings())
        .anySatisfy(warning -> assertThat(warning.sentence()).contains(words));
  }

  /** A transaction that was forgotten. */
  private static final class Lock implements AutoCloseable {
    private final Connection connection;
    private final int pid;

    Lock(TestPostgres.Database database, String statement) throws SQLException {
      connection = database.connect();
      connection.setAutoCommit(false);
      try (Statement sql = connection.createStatement()) {
        sql.execute(statement + " IN ACCESS EXCLUSIVE MODE");
        try (ResultSet row = sql.executeQuery("SELECT pg_backend_pid()")) {
          row.next();
          pid = row.getInt(1);
        }
      }
    }

    @Override
    public void close() throws SQLException {
      connection.close();
    }
  }
}
