package io.gkp.connector.silence;

import static org.assertj.core.api.Assertions.assertThat;

import io.gkp.connector.config.BatchLimits;
import io.gkp.connector.export.Deployment;
import io.gkp.connector.export.RunReport;
import io.gkp.connector.faults.ExactlyOnce;
import io.gkp.connector.faults.Proxy;
import io.gkp.connector.source.SourceDatabase;
import io.gkp.failure.ExitCode;
import io.gkp.failure.Failure;
import io.gkp.testing.TestPostgres;
import io.gkp.testing.wire.Call;
import io.gkp.testing.wire.Call.Kind;
import io.gkp.testing.wire.Fault;
import io.gkp.testing.wire.Wire;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The network stays connected, yet nothing gets through: a run notices, and does not wait. */
@Execution(ExecutionMode.CONCURRENT)
class SilentNetworkTest {
  private static final BatchLimits SMALL =
      new BatchLimits(1_000_000, Duration.ofSeconds(60), 10_000_000);

  /** A run that does not notice ends then, if at all. */
  private static final Duration LONG_ENOUGH = Duration.ofSeconds(60);

  private static final int BACKLOG = 30_000;
  private static final int TRANSACTION = 500;

  private final Wire wire = new Wire();
  private final TestPostgres.Database database = TestPostgres.shared().createDatabase();
  private final Proxy proxy =
      new Proxy(Integer.parseInt(database.url().replaceFirst(".*:(\\d+)/.*", "$1")));
  private final Deployment deployment =
      new Deployment(database, List.of(wire), "items")
          .withoutViews()
          .withLimits(SMALL)
          .withMaxDuration(LONG_ENOUGH)
          .withNetworkTimeout(Duration.ofSeconds(2))
          .through(database.url().replaceFirst(":\\d+/", ":" + proxy.port() + "/"));

  @BeforeEach
  void start() {
    database.execute("CREATE TABLE items (id int PRIMARY KEY, name text)");
    deployment.drain();
  }

  @AfterEach
  void end() {
    proxy.close();
    deployment.close();
  }

  @ParameterizedTest
  @EnumSource(names = {"FROM_SERVER", "TO_SERVER"})
  void aRunGoesOnAfterItsConnectionsFellSilentInTheStream(Proxy.Silence way) {
    backlog();
    wire.once(secondCheckpoint(), Fault.after(() -> proxy.silence(way)));
    deployment.drain();
    assertBacklogOnce();
  }

  @Test
  void aRunGoesOnAfterTheNetworkWasSilentForAWhile() {
    backlog();
    wire.once(
        secondCheckpoint(),
        Fault.after(
            () -> {
              proxy.silence();
              CompletableFuture.delayedExecutor(6, TimeUnit.SECONDS).execute(proxy::mend);
            }));
    deployment.drain();
    assertBacklogOnce();
  }

  /** By its time limit, or by the last of the attempts that it had time for. */
  @Test
  void aNetworkThatStaysSilentEndsTheRun() {
    deployment.withMaxDuration(Duration.ofSeconds(8));
    backlog();
    wire.once(call -> call.job().endsWith("_claim"), Fault.after(proxy::silence));
    assertThat(deployment.run().exitCode()).isIn(ExitCode.STOPPED_EARLY, ExitCode.UNAVAILABLE);
    proxy.cut();
    proxy.mend();
    deployment.withMaxDuration(LONG_ENOUGH).drain();
    assertBacklogOnce();
  }

  @Test
  void aSilentServerEndsTheRunAtItsStart() {
    proxy.silence();
    assertUnavailable(deployment.run(), Failure.SOURCE_UNREACHABLE);
  }

  @Test
  void aSnapshotWhoseConnectionFallsSilentEndsTheRunAndTheNextBeginsItAnew() {
    database.execute(
        "CREATE TABLE notes (id int PRIMARY KEY, body text)",
        "INSERT INTO notes SELECT i, repeat(md5(i::text), 100) FROM generate_series(1, 20000) i");
    deployment.capture("items", "notes");
    wire.once(
        call -> call.is(Kind.UPLOAD) && call.isPart("raw_notes", 0),
        Fault.after(() -> proxy.silence(Proxy.Silence.BOTH_WAYS)));
    assertUnavailable(deployment.run(), Failure.SOURCE_UNREACHABLE);
    proxy.cut();
    proxy.mend();
    assertThat(deployment.drain().tables().get("notes").snapshotRows()).isEqualTo(20_000);
  }

  /** Four, if no question comes long after another: to open one takes the server a process. */
  @Test
  void aRunWithNothingToDoOpensFewConnections() {
    deployment.withNetworkTimeout(LONG_ENOUGH);
    int before = proxy.connections();
    deployment.drain();
    assertThat(proxy.connections() - before).isLessThanOrEqualTo(6);
  }

  @Test
  void aStatementThatTakesLongIsWaitedFor() throws Exception {
    try (Connection connection = new SourceDatabase(deployment.config().source()).connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT 'done' FROM pg_sleep(6)")) {
      row.next();
      assertThat(row.getString(1)).isEqualTo("done");
    }
  }

  /** More than the engine reads ahead, at a server that soon gives up a reader it does not hear. */
  private void backlog() {
    database.execute("ALTER DATABASE " + database.name() + " SET wal_sender_timeout = '3s'");
    for (int i = 0; i < BACKLOG; i += TRANSACTION) {
      database.execute(
          "INSERT INTO items SELECT i, 'n' || i FROM generate_series(%d, %d) i"
              .formatted(i, i + TRANSACTION - 1));
    }
  }

  private void assertBacklogOnce() {
    new ExactlyOnce(deployment).assertInserts("items", 0, BACKLOG);
  }

  private static void assertUnavailable(RunReport report, Failure failure) {
    assertThat(report.error()).isNotNull();
    assertThat(report.error().code()).isEqualTo(failure.code());
    assertThat(report.exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
  }

  private static Predicate<Call> secondCheckpoint() {
    return Call.nth(2, call -> call.is(Kind.OPEN_UPLOAD) && call.isCheckpoint());
  }
}
