package io.gkp.connector.versions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.gkp.connector.export.Deployment;
import io.gkp.connector.export.RunReport;
import io.gkp.connector.source.stream.Fence;
import io.gkp.name.Lsn;
import io.gkp.testing.TestPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** How a run knows that it is done. */
class FenceTest {
  /** The next record begins behind a page's head, of 24 bytes or, in a new segment, of 40. */
  private static final String TO_THE_END_OF_A_PAGE =
      """
      DO $$
      DECLARE
        before pg_lsn;
        least numeric;
        rest numeric;
      BEGIN
        LOOP
          before := pg_current_wal_insert_lsn();
          PERFORM pg_logical_emit_message(false, 'x', '');
          least := pg_current_wal_insert_lsn() - before;
          rest := 8192 - (pg_current_wal_insert_lsn() - '0/0') % 8192;
          CONTINUE WHEN rest < least;
          rest := rest - least; -- a long record's head is longer, so the last one is short
          PERFORM pg_logical_emit_message(
            false, 'x', repeat('a', (CASE WHEN rest > 200 THEN rest - 150 ELSE rest END)::int));
          EXIT WHEN (pg_current_wal_insert_lsn() - '0/0') % 8192 IN (24, 40);
        END LOOP;
      END $$""";

  /** 14 sends transactions without changes of the publication, 15 and later pass them over. */
  static IntStream versions() {
    return Versions.thatDiffer();
  }

  @ParameterizedTest
  @MethodSource("versions")
  void aRunEndsBehindWhateverWasCommittedBeforeIt(int version) throws Exception {
    TestPostgres postgres = TestPostgres.version(version);
    TestPostgres.Database other = postgres.createDatabase();
    try (Deployment deployment = Deployment.on(postgres, "notes").withoutViews()) {
      deployment.database.execute(
          "CREATE TABLE notes (id int PRIMARY KEY, body text)", "CREATE TABLE other (id int)");
      deployment.drain();

      takesNoTransaction(deployment);
      passesWhatNobodyCaptures(deployment);
      isNotHeldUpByAnOpenTransactionThatDoesNotGetLost(deployment);
      passesWhatAnotherDatabaseWritesAndALogThatEndsWithAPage(deployment, other);
      passesASwitchOfTheLog(deployment);
      passesAHugeMessageByAnybody(deployment);
      endsWhileAnotherDatabaseIsWrittenTo(deployment, other);
      waitsForNobodyAndMayBeReadOnly(deployment);
    } finally {
      postgres.drop(other);
    }
  }

  /**
   * Neither where nothing happened nor behind commits that are flushed at once or later. The fence
   * commits where something is not flushed for a second: a page that a query has pruned is one, in
   * whatever database of the server. So of three runs one must take none.
   */
  private static void takesNoTransaction(Deployment deployment) {
    String nothing = "SELECT %d";
    String flushed = "INSERT INTO notes VALUES (%d, 'flushed')";
    String later = "SET synchronous_commit = off; INSERT INTO notes VALUES (%d, 'not flushed')";
    int id = 100;
    for (String change : List.of(nothing, flushed, later)) {
      boolean takes = true;
      for (int i = 0; takes && i < 3; i++) {
        deployment.database.execute(change.formatted(id++));
        String next = nextTransaction(deployment.database);
        moves(deployment);
        takes = !nextTransaction(deployment.database).equals(next);
      }
      assertThat(takes).as(change).isFalse();
    }
    requireEqual(deployment);
  }

  private static void passesWhatNobodyCaptures(Deployment deployment) {
    deployment.database.execute("INSERT INTO other SELECT generate_series(1, 100)");
    moves(deployment);
  }

  private static void isNotHeldUpByAnOpenTransactionThatDoesNotGetLost(Deployment deployment)
      throws SQLException {
    try (Connection open = deployment.database.connect();
        Statement statement = open.createStatement()) {
      open.setAutoCommit(false);
      statement.execute("INSERT INTO notes VALUES (3, 'late')");
      deployment.database.execute("INSERT INTO notes VALUES (4, 'early')");
      moves(deployment);
      assertThat(deployment.changelog("raw_notes", "id")).contains("c 4").doesNotContain("c 3");
      open.commit();
    }
    moves(deployment);
    requireEqual(deployment);
  }

  private static void passesWhatAnotherDatabaseWritesAndALogThatEndsWithAPage(
      Deployment deployment, TestPostgres.Database other) {
    other.execute("CREATE TABLE rows AS SELECT generate_series(1, 1000) AS id");
    moves(deployment);
    other.execute("UPDATE rows SET id = -id", TO_THE_END_OF_A_PAGE);
    moves(deployment);
  }

  /** The next record begins behind a page's head. */
  private static void passesASwitchOfTheLog(Deployment deployment) {
    deployment.database.execute("INSERT INTO notes VALUES (5, 'switch')", "SELECT pg_switch_wal()");
    moves(deployment);
    requireEqual(deployment);
  }

  /** Messages of others: never sent, not even as the end of a transaction that holds no more. */
  private static void passesAHugeMessageByAnybody(Deployment deployment) {
    deployment.database.execute(
        "SELECT pg_logical_emit_message(true, 'x', repeat('a', 20000000))",
        "SELECT pg_logical_emit_message(false, 'gkp-fence', repeat('a', 20000000))",
        "BEGIN; INSERT INTO notes VALUES (6, 'with a message');"
            + " SELECT pg_logical_emit_message(true, 'x', repeat('b', 20000000)); COMMIT");
    moves(deployment);
    requireEqual(deployment);
  }

  /** The server has more to decode all the time, none of it for the run. */
  private static void endsWhileAnotherDatabaseIsWrittenTo(
      Deployment deployment, TestPostgres.Database other) {
    AtomicBoolean over = new AtomicBoolean();
    CompletableFuture<Void> writer =
        CompletableFuture.runAsync(
            () -> {
              while (!over.get()) {
                other.execute("UPDATE rows SET id = id + 1");
              }
            });
    try {
      deployment.database.execute("INSERT INTO notes VALUES (7, 'meanwhile')");
      moves(deployment);
      assertThat(writer).isNotDone();
    } finally {
      over.set(true);
      writer.join();
    }
    requireEqual(deployment);
  }

  /** No standby has to confirm an empty commit of the fence, and nobody has to allow it. */
  private static void waitsForNobodyAndMayBeReadOnly(Deployment deployment) {
    TestPostgres.Database database = deployment.database;
    database.execute(
        "INSERT INTO notes VALUES (8, 'the last')",
        "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_read_only = on',"
            + " current_database()); END $$",
        "ALTER SYSTEM SET synchronous_standby_names = 'gone'");
    try {
      database.query("SELECT pg_reload_conf()");
      moves(deployment);
      moves(deployment);
    } finally {
      database.execute("ALTER SYSTEM RESET synchronous_standby_names");
      database.query("SELECT pg_reload_conf()");
    }
    requireEqual(deployment);
  }

  /** The walsender reads what is on disk. Here the WAL writer brings nothing there, for a while. */
  @ParameterizedTest
  @MethodSource("versions")
  void aFenceIsBehindCommitsThatAreNotOnDiskAndGetsThere(int version) throws Exception {
    TestPostgres.Database database = TestPostgres.version(version).createDatabase();
    database.execute("CREATE TABLE notes (id int)", "CHECKPOINT"); // the next one is minutes away
    String walWriter = "SELECT pid FROM pg_stat_activity WHERE backend_type = 'walwriter'";
    String pid = database.query(walWriter).get(0).get(0);
    signal("-STOP", pid);
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("SET synchronous_commit = off");
      statement.execute("INSERT INTO notes VALUES (1)");
      Lsn committed = lsn(database, "pg_current_wal_insert_lsn()");
      assertThat(committed.isAfter(lsn(database, "pg_current_wal_flush_lsn()"))).isTrue();
      String next = nextTransaction(database);
      statement.execute("SET synchronous_commit = on");
      Lsn fence = Fence.set(connection);
      assertThat(nextTransaction(database)).isNotEqualTo(next);
      assertThat(committed.isAfter(fence))
          .as("%s is behind the fence %s", committed, fence)
          .isFalse();
      signal("-CONT", pid);
      await()
          .untilAsserted(
              () ->
                  assertThat(fence.isAfter(lsn(database, "pg_current_wal_flush_lsn()"))).isFalse());
    } finally {
      signal("-CONT", pid);
      TestPostgres.version(version).drop(database);
    }
  }

  private static void signal(String signal, String pid) throws Exception {
    assertThat(new ProcessBuilder("kill", signal, pid).inheritIO().start().waitFor()).isZero();
  }

  private static String nextTransaction(TestPostgres.Database database) {
    return database.query("SELECT pg_snapshot_xmax(pg_current_snapshot())").get(0).get(0);
  }

  private static Lsn lsn(TestPostgres.Database database, String function) {
    return Lsn.parse(database.query("SELECT " + function).get(0).get(0));
  }

  private static void requireEqual(Deployment deployment) {
    assertThat(deployment.latest("notes", "id", "body"))
        .containsExactlyInAnyOrderElementsOf(
            deployment.database.query("SELECT id, body FROM notes").stream()
                .map(row -> String.join(" ", row))
                .toList());
  }

  private static void moves(Deployment deployment) {
    RunReport report = deployment.drain();
    String slot =
        deployment
            .database
            .query(
                "SELECT confirmed_flush_lsn FROM pg_replication_slots WHERE slot_name = '"
                    + deployment.slot()
                    + "'")
            .get(0)
            .get(0);
    assertThat(Lsn.parse(slot)).isEqualTo(Lsn.parse(report.fenceLsn()));
    assertThat(report.checkpointLsn()).isEqualTo(report.fenceLsn());
  }
}
