package io.gkp.connector.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.gkp.connector.cli.Cli;
import io.gkp.connector.export.Deployment;
import io.gkp.connector.export.RunReport;
import io.gkp.offsets.Request;
import io.gkp.offsets.Requests;
import io.gkp.testing.wire.Call;
import io.gkp.testing.wire.Call.Kind;
import io.gkp.testing.wire.Fault;
import io.gkp.testing.wire.Wire;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Operators' commands die before their first change and behind each: to the warehouse and to the
 * server it is as if the process had been killed there.
 */
class OperatorCrashTest {
  private final Wire wire = new Wire();
  private Deployment deployment;
  private int last = 100;

  @BeforeEach
  void drainOnce() {
    deployment = new Deployment(List.of(wire), "items", "other").withoutViews();
    deployment.database.execute(
        "CREATE TABLE items (id int PRIMARY KEY, name text)",
        "CREATE TABLE other (id int PRIMARY KEY)",
        "INSERT INTO items VALUES (1, 'one'), (2, 'two')");
    deployment.drain();
  }

  @AfterEach
  void close() {
    deployment.close();
  }

  /** Rows of control tables and of raw tables; what else there is only reads, but for a skip. */
  private static boolean changes(Call call) {
    return call.is(Kind.UPLOAD);
  }

  /**
   * Once before the first change, and once behind each; ends with the first that is not reached.
   *
   * @return how many there are
   */
  private int atEachStep(Attempt attempt) throws Exception {
    for (int step = 0; ; step++) {
      int number = Math.max(1, step);
      boolean effect = step > 0;
      AtomicReference<Wire.Script> script = new AtomicReference<>();
      attempt.run(
          "after step " + step,
          () -> script.set(wire.cutOffAt(Call.nth(number, OperatorCrashTest::changes), effect)));
      if (script.get().hits() == 0) {
        return step - 1;
      }
    }
  }

  @FunctionalInterface
  private interface Attempt {
    /**
     * @param dieThere from here on, the process is as good as dead behind the step
     */
    void run(String where, Runnable dieThere) throws Exception;
  }

  /** Changes that a run must bring, among them a row that is gone. */
  private void change() {
    deployment.database.execute(
        "INSERT INTO items VALUES (%d, 'new'), (%d, 'gone')".formatted(++last, ++last),
        "DELETE FROM items WHERE id = " + last,
        "UPDATE items SET name = name || '.' WHERE id = 1");
  }

  private void assertLatest(String where) {
    List<String> source = new ArrayList<>();
    try (Connection connection = deployment.database.connect();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT id || ' ' || name FROM items ORDER BY id::text COLLATE \"C\"")) {
      while (row.next()) {
        source.add(row.getString(1));
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    assertThat(deployment.latest("items", "id", "name")).as(where).isEqualTo(source);
  }

  @Test
  void aResetOfEverythingMayDieAnywhereAndBeRunAgainOrNot() throws Exception {
    int steps =
        atEachStep(
            (where, dieThere) -> {
              change();
              dieThere.run();
              Cli.run(deployment, "offsets", "reset", "--all", "--yes");
              wire.calm();
              change();
              deployment.drain();
              assertLatest(where);
            });
    assertThat(steps).as("the request, two epochs, two rows of the ledger, done").isEqualTo(6);
    Wire.Script script = wire.cutOffAt(Call.nth(4, OperatorCrashTest::changes), true);
    assertThat(Cli.run(deployment, "offsets", "reset", "--all", "--yes").code()).isNotZero();
    wire.calm();
    assertThat(script.hits()).isEqualTo(1);
    assertThat(Cli.run(deployment, "offsets", "reset", "--all", "--yes").code()).isZero();
    change();
    deployment.drain();
    assertLatest("run again");
  }

  @Test
  void aResetMayDieBetweenDroppingAndCreatingTheSlot() {
    change();
    assertThat(Cli.run(deployment, "offsets", "reset", "--all", "--yes").code()).isZero();
    deployment.database.execute("SELECT pg_drop_replication_slot('" + deployment.slot() + "')");
    change();
    deployment.drain();
    assertLatest("without a slot");
  }

  @Test
  void aResetOfATableMayDieAnywhereAndEitherHappensOrNot() throws Exception {
    int steps =
        atEachStep(
            (where, dieThere) -> {
              change();
              dieThere.run();
              Cli.run(deployment, "offsets", "reset", "--table", "items", "--yes");
              wire.calm();
              RunReport run = deployment.drain();
              assertThat(run.tables().get("items").snapshotRows() > 0)
                  .as(where)
                  .isEqualTo(!where.endsWith(" 0"));
              assertThat(run.tables().get("other").snapshotRows()).isZero();
              assertLatest(where);
            });
    assertThat(steps).isEqualTo(1);
  }

  @Test
  void aBackfillMayDieAnywhereInItsRunAndIsDoneByTheNext() throws Exception {
    Requests requests = new Requests(deployment.controlStore());
    int steps =
        atEachStep(
            (where, dieThere) -> {
              assertThat(
                      Cli.run(
                              deployment,
                              "offsets",
                              "backfill",
                              "--table=items",
                              "--keys=1,2",
                              "--yes")
                          .code())
                  .isZero();
              change();
              dieThere.run();
              deployment.run();
              wire.calm();
              change();
              deployment.drain();
              assertThat(requests.all())
                  .as(where)
                  .extracting(Request::state)
                  .containsOnly(Request.State.DONE);
              assertLatest(where);
            });
    assertThat(steps).as("claims, loads and checkpoints of stream and backfill").isGreaterThan(5);
    List<String> inserts =
        deployment.changelog("raw_items", "id").stream()
            .filter(row -> row.startsWith("c "))
            .toList();
    assertThat(inserts).doesNotHaveDuplicates().hasSize(last - 100);
  }

  @Test
  void aSkipMayDieAnywhereAndTheNextRunLeavesNothingOfIt() throws Exception {
    List<Integer> poison = new ArrayList<>();
    int steps =
        atEachStep(
            (where, dieThere) -> {
              poison.add(halfLoaded());
              String xid = next();
              dieThere.run();
              Cli.run(deployment, "offsets", "skip", "--transaction", xid, "--yes");
              wire.calm();
              if (xid.equals(next())) { // it died before the ledger moved
                assertThat(
                        Cli.run(deployment, "offsets", "skip", "--transaction", xid, "--yes")
                            .code())
                    .isZero();
              }
              deployment.drain();
              assertThat(deployment.changelog("raw_items", "id"))
                  .as(where)
                  .doesNotContain("c " + poison.get(poison.size() - 1));
              assertThat(deployment.changelog("raw_other", "id"))
                  .as(where)
                  .doesNotHaveDuplicates()
                  .contains("c " + (last - 1));
            });
    assertThat(steps).as("the request, the ledger twice, done").isEqualTo(4);
    assertThat(new Requests(deployment.controlStore()).pending(Request.Kind.SKIP)).isEmpty();
  }

  /** The poisonous transaction's batch is refused, when another table's rows are loaded. */
  private int halfLoaded() {
    int poisoned = ++last;
    int loaded = deployment.raw("raw_other").size();
    deployment.database.execute(
        "INSERT INTO items VALUES (%d, 'poison')".formatted(poisoned),
        "INSERT INTO other VALUES (%d)".formatted(++last),
        "INSERT INTO items VALUES (%d, 'good')".formatted(++last));
    wire.always(
        call -> call.is(Kind.UPLOAD) && call.isPart("raw_items", 0),
        (call, chain) -> {
          await().until(() -> deployment.raw("raw_other").size() > loaded);
          Fault.corrupt().apply(call, chain);
        });
    assertThat(deployment.run().status()).isEqualTo(RunReport.Status.FAILED);
    wire.calm();
    return poisoned;
  }

  private String next() {
    return Cli.run(deployment, "offsets", "skip", "--output", "json")
        .json()
        .get("transaction")
        .asText();
  }
}
