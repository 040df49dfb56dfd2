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
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Somebody alters what is exported while a run goes, and changes rows before and after. The run
 * says what is to be done, or the next one makes it good. Where the connection is lost, too, the
 * run itself begins anew in the altered database.
 */
class AlteredMidRunTest {
  private static final int TRANSACTIONS = 30;
  private static final int FEW = 3_000;
  private static final String COLUMNS = " (id int PRIMARY KEY, name text)";
  private static final String ROLE = "exporter_mid_run";

  private final Wire wire = new Wire();
  private final TestPostgres.Database database = TestPostgres.shared().createDatabase();
  private final Deployment deployment =
      new Deployment(database, List.of(wire), "items").withoutViews();

  @AfterEach
  void end() {
    deployment.close();
  }

  /** More changes are waiting than the engine reads ahead, so that it feels a lost connection. */
  private void startMany(String... tables) {
    deployment.withLimits(new BatchLimits(1_000_000, Duration.ofSeconds(60), 10_000_000));
    start(tables);
    insert(0, 30_000, tables);
  }

  /** Changes of several batches are waiting. */
  private void startFew() {
    deployment.withLimits(new BatchLimits(150_000, Duration.ofSeconds(60), 10_000_000));
    start("items");
    insert(0, FEW, "items");
  }

  private void start(String... tables) {
    for (String table : tables) {
      database.execute("CREATE TABLE " + table + COLUMNS);
    }
    database.execute("CREATE PUBLICATION gkp_export FOR TABLE " + String.join(", ", tables));
    deployment.capture(tables);
    deployment.drain();
  }

  /** So many rows of all tables together, in transactions that change all of them. */
  private void insert(int from, int rows, String... tables) {
    int each = rows / TRANSACTIONS / tables.length;
    for (int i = from; i < from + each * TRANSACTIONS; i += each) {
      int first = i;
      database.execute(
          Stream.of(tables)
              .map(
                  table ->
                      "INSERT INTO %s SELECT i, 'n' || i FROM generate_series(%d, %d) i"
                          .formatted(table, first, first + each - 1))
              .collect(Collectors.joining("; ")));
    }
  }

  @Test
  void tablesThatLeaveThePublicationOrAreCreatedAnewAreReadAnewAndThoseThatStayAreNot() {
    startMany("stays", "leaves", "created_anew");
    inMidRun(
        true,
        "ALTER PUBLICATION gkp_export DROP TABLE leaves",
        "UPDATE leaves SET name = 'never published' WHERE id < 10",
        "DELETE FROM leaves WHERE id > 20",
        "DROP TABLE created_anew",
        "CREATE TABLE created_anew" + COLUMNS,
        "INSERT INTO created_anew VALUES (7, 'seven')",
        "ALTER PUBLICATION gkp_export ADD TABLE created_anew",
        "UPDATE created_anew SET name = 'sieben'",
        "CREATE TABLE other (id int)",
        "ALTER PUBLICATION gkp_export ADD TABLE other",
        "INSERT INTO other VALUES (1)",
        "UPDATE stays SET name = 'new' WHERE id < 10");
    drainAll();
    assertReadAnew("leaves", 2);
    assertReadAnew("created_anew", 2);
    assertOperations("stays", "c", "u");
    assertState("stays");
  }

  @Test
  void whatIsNotPublishedForAWhileIsReadAnew() {
    startFew();
    inMidRun(
        false,
        "ALTER PUBLICATION gkp_export DROP TABLE items",
        "DELETE FROM items WHERE id < 10",
        "ALTER PUBLICATION gkp_export ADD TABLE items");
    drainAll();
    assertReadAnew("items", 2);

    insert(FEW, FEW, "items");
    inMidRun(
        false,
        "ALTER PUBLICATION gkp_export SET (publish = 'insert')",
        "DELETE FROM items WHERE id < 20",
        "ALTER PUBLICATION gkp_export SET (publish = 'insert, update, delete, truncate')");
    drainAll();
    assertReadAnew("items", 3);
  }

  @Test
  void operationsThatAreNotPublishedAnyMoreStopTheNextRunAndAreMadeGood() {
    startFew();
    inMidRun(
        false,
        "ALTER PUBLICATION gkp_export SET (publish = 'insert')",
        "DELETE FROM items WHERE id < 10");
    deployment.drain();
    RunReport report = deployment.run();
    assertStopped(report, Failure.PUBLICATION_INCOMPLETE, ExitCode.CONFIGURATION);
    carryOut(report);
    deployment.drain();
    assertReadAnew("items", 2);
  }

  @Test
  void aPublicationThatIsDroppedIsMadeAnewAndItsTablesAreRead() {
    startMany("items");
    inMidRun(true, "DROP PUBLICATION gkp_export", "DELETE FROM items WHERE id > 10");
    RunReport report = deployment.run();
    if (report.error() != null) { // otherwise it had read all before
      assertStopped(report, Failure.PUBLICATION_INCOMPLETE, ExitCode.CONFIGURATION);
      assertThat(report.error().remedy()).contains("CREATE PUBLICATION");
    }
    drainAll();
    assertReadAnew("items", 2);
  }

  @Test
  void tablesThatAreDroppedOrRenamedStopTheNextRunUntilTheyAreThereAgain() {
    startMany("dropped", "renamed");
    inMidRun(
        true,
        "DROP TABLE dropped",
        "ALTER TABLE renamed RENAME TO things",
        "UPDATE things SET name = 'under another name' WHERE id < 10");
    RunReport report = deployment.run();
    if (report.error() == null) {
      report = deployment.run(); // it had read all before
    }
    assertStopped(report, Failure.TABLE_MISSING, ExitCode.CONFIGURATION);
    assertThat(report.error().message()).contains("dropped");
    database.execute("CREATE TABLE dropped" + COLUMNS, "INSERT INTO dropped VALUES (7, 'seven')");
    report = deployment.run();
    assertStopped(report, Failure.TABLE_MISSING, ExitCode.CONFIGURATION);
    assertThat(report.error().message()).contains("renamed");
    assertThat(report.error().remedy()).contains("give it its name back");
    database.execute("ALTER TABLE things RENAME TO renamed", "DELETE FROM renamed WHERE id < 5");
    drainAll();
    assertReadAnew("dropped", 2);
    assertOperations("renamed", "c", "u", "d");
    assertState("renamed");
  }

  @Test
  void aPrivilegeThatIsRevokedStopsTheNextRun() {
    startFew();
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
          assertState("items");
        });
  }

  @Test
  void aReplicationPrivilegeThatIsRevokedStopsTheRunWhenItHasToConnectAgain() {
    startMany("items");
    asRole(
        () -> {
          inMidRun(true, "ALTER ROLE " + ROLE + " NOREPLICATION");
          deployment.run(); // it may have read all before
          RunReport report = deployment.run();
          assertStopped(report, Failure.SOURCE_PERMISSION, ExitCode.PERMISSION);
          carryOut(report);
          deployment.drain();
          assertState("items");
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

  private void assertReadAnew(String table, int epoch) {
    assertThat(
            deployment.query(
                "SELECT MAX(_cdc_epoch) FROM history.raw_" + table + " WHERE _cdc_op = 'r'"))
        .as("epoch that was read of %s", table)
        .containsExactly(List.of(Integer.toString(epoch)));
    assertState(table);
  }

  private void assertOperations(String table, String... operations) {
    assertThat(deployment.query("SELECT DISTINCT _cdc_op FROM history.raw_" + table))
        .extracting(row -> row.get(0))
        .containsExactlyInAnyOrder(operations);
  }

  private void assertState(String table) {
    new ExactlyOnce(deployment).assertState(table, "id");
  }
}
