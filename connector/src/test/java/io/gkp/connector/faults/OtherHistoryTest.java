package io.gkp.connector.faults;

import static io.gkp.connector.faults.DisasterTest.mend;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.gkp.connector.config.BatchLimits;
import io.gkp.connector.export.Deployment;
import io.gkp.connector.export.RunReport;
import io.gkp.failure.Failure;
import io.gkp.testing.TestPostgres;
import io.gkp.testing.wire.Call;
import io.gkp.testing.wire.Call.Kind;
import io.gkp.testing.wire.Wire;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * A run dies with its batch loaded in part, and then the server loses the end of its log: the
 * checkpoint before the batch is in its history, the batch is not. The changes that stand there now
 * are never taken for those that are loaded.
 */
class OtherHistoryTest {
  private static final Predicate<Call> SECOND_PART =
      call -> call.is(Kind.OPEN_UPLOAD) && call.isPart("raw_items", 1);
  private static final Predicate<Call> CHECKPOINT =
      call -> call.is(Kind.OPEN_UPLOAD) && call.isCheckpoint();

  private static Server primary;

  private final Wire wire = new Wire();

  @BeforeAll
  static void serve() {
    primary = new Server(Map.of());
  }

  @AfterAll
  static void stop() {
    primary.close();
  }

  private Deployment deployment(TestPostgres.Database database) {
    Deployment deployment = new Deployment(database, List.of(wire), "items").withoutViews();
    database.execute(
        "CREATE TABLE items (id int PRIMARY KEY, name text)",
        "INSERT INTO items VALUES (1, 'one'), (2, 'two')");
    deployment.drain();
    return deployment;
  }

  private void dieAt(Deployment deployment, Predicate<Call> when) {
    Wire.Script script = wire.cutOffAt(when, false);
    deployment.run();
    assertThat(script.hits()).isEqualTo(1);
    wire.calm();
  }

  private static void assertStops(
      Deployment deployment, TestPostgres.Database server, String because) {
    RunReport report = deployment.run();
    assertThat(report.error()).as("error of a run that should stop").isNotNull();
    assertThat(report.error().code()).isEqualTo(Failure.LEDGER_AHEAD.code());
    assertThat(report.error().message()).contains(because);
    assertThat(report.error().remedy()).contains("offsets reset --all");
    // A process that ends takes its engine with it; here the engine ends a little later.
    await().atMost(Duration.ofMinutes(1)).until(() -> isReleased(server));
  }

  private static boolean isReleased(TestPostgres.Database server) throws SQLException {
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement();
        ResultSet active =
            statement.executeQuery(
                "SELECT FROM pg_replication_slots WHERE active AND database IS NOT NULL")) {
      return !active.next();
    }
  }

  private static void assertNothingMixed(Deployment deployment, String... loaded) {
    assertThat(deployment.changelog("raw_items", "name")).containsExactly(loaded);
  }

  @Test
  void aNewPrimaryThatNeverHadTheEndOfTheBatch() {
    TestPostgres.Database database = primary.postgres().createDatabase();
    try (Deployment deployment = deployment(database);
        Server standby = DisasterTest.synchronizedStandby(primary, deployment)) {
      standby.crash();
      database.execute("INSERT INTO items VALUES (3, 'never came to the standby')");
      dieAt(deployment, CHECKPOINT);
      primary.crash();
      standby.start();
      TestPostgres.Database promoted = DisasterTest.promote(standby, database);
      // Further than the old primary ever came: only its history tells that it is another one.
      promoted.execute("INSERT INTO items VALUES (4, 'four')", "SELECT pg_switch_wal()");
      promoted.execute("INSERT INTO items VALUES (5, 'five')", "SELECT pg_switch_wal()");
      deployment.through(promoted.url());
      assertStops(deployment, promoted, "has them up to");
      assertNothingMixed(deployment, "r one", "r two", "c never came to the standby");
      mend(deployment, promoted, "Failover");
      primary.start();
    }
  }

  @Test
  void aNewPrimaryThatHadTheEndOfTheBatchGoesOnAlsoWhenItFailsOverOnceMore() {
    TestPostgres.Database database = primary.postgres().createDatabase();
    try (Deployment deployment = deployment(database);
        Server standby = DisasterTest.synchronizedStandby(primary, deployment)) {
      database.execute("INSERT INTO items VALUES (3, 'three')");
      dieAt(deployment, CHECKPOINT);
      TestPostgres.Database promoted = DisasterTest.failOver(primary, standby, database);
      deployment.through(promoted.url()).drain();
      // Now the checkpoint is of a newer timeline than the batches before; so is what follows.
      promoted.execute("INSERT INTO items VALUES (4, 'four')");
      dieAt(deployment, CHECKPOINT);
      deployment.drain();
      assertNothingMixed(deployment, "r one", "r two", "c three", "c four");
      primary.start();
    }
  }

  /** No timeline tells, and no label says where the batch ended. */
  @Test
  void aServerRestoredFromASnapshotOfItsDiskInTheMiddleOfALargeTransaction() {
    TestPostgres.Database database = primary.postgres().createDatabase();
    try (Deployment deployment = deployment(database);
        Server restored = primary.restored()) {
      deployment.withLimits(new BatchLimits(500, Duration.ofSeconds(60), 1_000_000));
      database.execute("INSERT INTO items SELECT i, 'lost' FROM generate_series(11, 20) i");
      dieAt(deployment, SECOND_PART);
      String[] loaded = {"r one", "r two", "c lost", "c lost"};
      // The job of the first part goes on without the run that began it.
      await().untilAsserted(() -> assertNothingMixed(deployment, loaded));

      TestPostgres.Database earlier = restored.postgres().database(database.name());
      deployment.through(earlier.url());
      assertStops(deployment, earlier, "fewer changes");
      earlier.execute("INSERT INTO items SELECT i, 'new' FROM generate_series(11, 20) i");
      assertStops(deployment, earlier, "ends with another change");
      assertNothingMixed(deployment, loaded);
      deployment.withLimits(BatchLimits.DEFAULT);
      mend(deployment, earlier, "Postgres was restored to an earlier time");
    }
  }
}
