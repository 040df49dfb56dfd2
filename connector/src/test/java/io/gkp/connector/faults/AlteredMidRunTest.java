package io.gkp.connector.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.gkp.connector.config.BatchLimits;
import io.gkp.connector.export.Deployment;
import io.gkp.connector.export.RunReport;
import io.gkp.failure.ExitCode;
import io.gkp.failure.Failure;
import io.gkp.testing.TestPostgres;
import io.gkp.testing.wire.Call;
import io.gkp.testing.wire.Call.Kind;
import io.gkp.testing.wire.Fault;
import io.gkp.testing.wire.Wire;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Somebody alters what is exported while a run goes, and changes rows before and after. The run
 * says what is to be done, or the next one makes it good. Where the connection is lost, too, the
 * run itself begins anew in the altered database.
 */
class AlteredMidRunTest {
  private static final BatchLimits SMALL =
      new BatchLimits(1_000_000, Duration.ofSeconds(60), 10_000_000);

  /** More changes than the engine reads ahead, so that it feels the loss of its connection. */
  private static final int TRANSACTIONS = 30;

  private static final int ROWS = 1_000;
  private static final String ITEMS = "CREATE TABLE items (id int PRIMARY KEY, name text)";
  private static final String ROLE = "exporter_mid_run";

  private final Wire wire = new Wire();
  private final TestPostgres.Database database = TestPostgres.shared().createDatabase();
  private final Deployment deployment =
      new Deployment(database, List.of(wire), "items").withLimits(SMALL);

  @BeforeEach
  void start() {
    database.execute(ITEMS, "CREATE PUBLICATION gkp_export FOR TABLE items");
    deployment.drain();
    for (int i = 0; i < TRANSACTIONS; i++) {
      database.execute(
          "INSERT INTO items SELECT i, 'n' || i FROM generate_series(%d, %d) i"
              .formatted(i * ROWS, (i + 1) * ROWS - 1));
    }
  }

  @AfterEach
  void end() {
    deployment.close();
  }

  @Test
  void aTableThatLeavesThePublicationIsReadAnew() {
    inMidRun(
        true,
        "ALTER PUBLICATION gkp_export DROP TABLE items",
        "UPDATE items SET name = 'never published' WHERE id < 10");
    drainAll();
    assertReadAnew();
  }

  @Test
  void aTableThatLeavesThePublicationAndComesBackIsReadAnew() {
    inMidRun(
        false,
        "ALTER PUBLICATION gkp_export DROP TABLE items",
        "DELETE FROM items WHERE id < 10",
        "ALTER PUBLICATION gkp_export ADD TABLE items");
    drainAll();
    assertReadAnew();
  }

  @Test
  void aTableThatIsAddedToThePublicationChangesNothing() {
    inMidRun(
        true,
        "CREATE TABLE other (id int)",
        "ALTER PUBLICATION gkp_export ADD TABLE other",
        "INSERT INTO other VALUES (1)",
        "UPDATE items SET name = 'new' WHERE id < 10");
    drainAll();
    assertThat(deployment.changelog("raw_items")).containsOnly("c", "u");
    assertState();
  }

  @Test
  void operationsThatAreNotPublishedAnyMoreStopTheNextRunAndAreMadeGood() {
    inMidRun(
        false,
        "ALTER PUBLICATION gkp_export SET (publish = 'insert')",
        "DELETE FROM items WHERE id < 10");
    deployment.drain();
    RunReport report = deployment.run();
    assertStopped(report, Failure.PUBLICATION_INCOMPLETE, ExitCode.CONFIGURATION);
    carryOut(report);
    deployment.drain();
    assertReadAnew();
  }

  @Test
  void operationsThatWereNotPublishedForAWhileAreMadeGood() {
    inMidRun(
        false,
        "ALTER PUBLICATION gkp_export SET (publish = 'insert')",
        "DELETE FROM items WHERE id < 10",
        "ALTER PUBLICATION gkp_export SET (publish = 'insert, update, delete, truncate')");
    drainAll();
    assertReadAnew();
  }

  @Test
  void aPublicationThatIsDroppedIsMadeAnewAndItsTablesAreRead() {
    inMidRun(true, "DROP PUBLICATION gkp_export", "DELETE FROM items WHERE id < 10");
    RunReport report = deployment.run();
    if (report.error() != null) { // otherwise it had read all before
      assertStopped(report, Failure.PUBLICATION_INCOMPLETE, ExitCode.CONFIGURATION);
      assertThat(report.error().remedy()).contains("CREATE PUBLICATION");
    }
    drainAll();
    assertReadAnew();
  }

  @Test
  void aTableThatIsDroppedStopsTheNextRunUntilItIsThereAgain() {
    inMidRun(true, "DROP TABLE items");
    RunReport report = deployment.run();
    if (report.error() == null) {
      report = deployment.run(); // it had read all before
    }
    assertStopped(report, Failure.TABLE_MISSING, ExitCode.CONFIGURATION);
    assertThat(report.error().message()).contains("items");
    database.execute(ITEMS, "INSERT INTO items VALUES (7, 'seven')");
    drainAll();
    assertReadAnew();
  }

  @Test
  void aTableThatIsCreatedAnewIsReadAnew() {
    inMidRun(
        true,
        "DROP TABLE items",
        ITEMS,
        "INSERT INTO items VALUES (7, 'seven')",
        "ALTER PUBLICATION gkp_export ADD TABLE items",
        "UPDATE items SET name = 'sieben'");
    drainAll();
    assertReadAnew();
  }

  @Test
  void aTableThatIsRenamedStopsTheNextRunUntilItHasItsNameAgain() {
    inMidRun(
        true,
        "ALTER TABLE items RENAME TO things",
        "UPDATE things SET name = 'under another name' WHERE id < 10");
    RunReport report = deployment.run();
    if (report.error() == null) {
      report = deployment.run(); // it had read all before
    }
    assertStopped(report, Failure.TABLE_MISSING, ExitCode.CONFIGURATION);
    assertThat(report.error().remedy()).contains("give it its name back");
    database.execute("ALTER TABLE things RENAME TO items", "DELETE FROM items WHERE id < 5");
    drainAll();
    assertThat(deployment.changelog("raw_items")).containsOnly("c", "u", "d");
    assertState();
  }

  @Test
  void aPrivilegeThatIsRevokedStopsTheNextRun() {
    asRole(
        () -> {
          inMidRun(false, "REVOKE SELECT ON items FROM " + ROLE);
          deployment.drain();
          database.execute("DELETE FROM items WHERE id < 10");
          RunReport report = deployment.run();
          assertStopped(report, Failure.SOURCE_PERMISSION, ExitCode.PERMISSION);
          assertThat(report.error().remedy()).contains("GRANT SELECT");
          carryOut(report);
          deployment.drain();
          assertState();
        });
  }

  @Test
  void aReplicationPrivilegeThatIsRevokedStopsTheRunWhenItHasToConnectAgain() {
    asRole(
        () -> {
          inMidRun(true, "ALTER ROLE " + ROLE + " NOREPLICATION");
          deployment.run(); // it may have read all before
          RunReport report = deployment.run();
          assertStopped(report, Failure.SOURCE_PERMISSION, ExitCode.PERMISSION);
          carryOut(report);
          deployment.drain();
          assertState();
        });
  }

  private void asRole(Runnable test) {
    database.execute(
        "DROP ROLE IF EXISTS " + ROLE,
        "CREATE ROLE " + ROLE + " LOGIN REPLICATION PASSWORD 'secret'",
        "GRANT SELECT ON items TO " + ROLE);
    try {
      deployment.through(database.urlAs(ROLE, "secret"));
      test.run();
    } finally {
      database.execute("DROP OWNED BY " + ROLE, "DROP ROLE " + ROLE);
    }
  }

  /** Before the second batch of the next run is committed. */
  private void inMidRun(boolean lost, String... statements) {
    String[] all =
        Stream.concat(
                Stream.of(statements),
                lost
                    ? Stream.of(
                        "SELECT pg_terminate_backend(active_pid, 10000) FROM pg_replication_slots"
                            + " WHERE slot_name = '"
                            + deployment.slot()
                            + "'")
                    : Stream.of())
            .toArray(String[]::new);
    wire.once(
        Call.nth(2, call -> call.is(Kind.OPEN_UPLOAD) && call.isCheckpoint()),
        Fault.after(() -> database.execute(all)));
  }

  /** The run in whose middle it happens, and the next. */
  private void drainAll() {
    deployment.drain();
    deployment.drain();
  }

  /** What the remedy says an administrator should run. */
  private void carryOut(RunReport report) {
    String remedy = report.error().remedy();
    database.execute(remedy.substring(remedy.indexOf("Run ") + "Run ".length()));
  }

  private static void assertStopped(RunReport report, Failure failure, int exitCode) {
    assertThat(report.error()).isNotNull();
    assertThat(report.error().code()).as(report.error().message()).isEqualTo(failure.code());
    assertThat(report.exitCode()).isEqualTo(exitCode);
  }

  private void assertReadAnew() {
    assertThat(deployment.changelog("raw_items", "_cdc_epoch")).contains("r 2");
    assertState();
  }

  private void assertState() {
    new ExactlyOnce(deployment).assertState("items", "id");
  }
}
