package io.gkp.offsets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.gkp.failure.ExportException;
import io.gkp.failure.Failure;
import io.gkp.name.Lsn;
import io.gkp.offsets.Epoch.State;
import io.gkp.testing.TestPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;
import org.postgresql.PGProperty;
import org.postgresql.replication.PGReplicationStream;

/** Starting over, and dying at each step of it. */
class ResetAllTest {
  private static final Instant NOW = Instant.parse("2026-02-03T04:05:06Z");

  private final TestPostgres.Database database = TestPostgres.shared().createDatabase();
  private InMemoryControlStore store;
  private Connection connection;
  private ReplicationSlot slot;
  private Checkpoint before;

  @BeforeEach
  void connect() throws SQLException {
    connection = database.connect();
    streamed();
  }

  /** A position, and the epochs of two tables. */
  private void streamed() throws SQLException {
    store = new InMemoryControlStore();
    slot = new ReplicationSlot(connection, database.name());
    Lsn start = slot.create();
    Ledger ledger = new Ledger(store);
    before = ledger.create("run-1", NOW).next(Checkpoint.Kind.STREAM, start, "run-1", NOW, 1);
    ledger.append(before);
    Epochs epochs = new Epochs(store, before.lineage(), "run-1");
    epochs.record(new Epoch("t", 1, State.COMPLETED, 1, null, "id"), 1, NOW);
    epochs.record(new Epoch("u", 3, State.CONVERGING, 1, null, "id"), 1, NOW);
  }

  @AfterEach
  void close() throws SQLException {
    slot.drop();
    connection.close();
    TestPostgres.shared().drop(database);
  }

  @Test
  void asksForEveryTableGivesThePositionUpAndHasANewSlot() throws SQLException {
    ResetAll.Outcome outcome = reset(store);
    assertThat(outcome.tables()).extracting(Epoch::number).containsExactly(2L, 4L);
    requireStartedOver();
    assertThat(slot.state()).isPresent();
    assertThat(new Requests(store).all())
        .singleElement()
        .satisfies(request -> assertThat(request.state()).isEqualTo(Request.State.DONE));
  }

  @Test
  void doesNothingWhileSomebodyReadsFromTheSlot() throws Exception {
    Properties replication = new Properties();
    PGProperty.USER.set(replication, "postgres");
    PGProperty.PASSWORD.set(replication, "postgres");
    PGProperty.PG_DBNAME.set(replication, database.name());
    PGProperty.REPLICATION.set(replication, "database");
    PGProperty.PREFER_QUERY_MODE.set(replication, "simple");
    PGProperty.ASSUME_MIN_SERVER_VERSION.set(replication, "14");
    String address = connection.getMetaData().getURL();
    try (Connection reader = DriverManager.getConnection(address, replication);
        PGReplicationStream stream =
            reader
                .unwrap(PGConnection.class)
                .getReplicationAPI()
                .replicationStream()
                .logical()
                .withSlotName(slot.name())
                .withSlotOption("proto_version", 1)
                .withSlotOption("publication_names", "none")
                .start()) {
      assertThat(stream.isClosed()).isFalse();
      assertThatThrownBy(() -> reset(store))
          .isInstanceOfSatisfying(
              ExportException.class, e -> assertThat(e.failure()).isEqualTo(Failure.SLOT_BUSY));
    }
    assertThat(new Ledger(store).last()).contains(before);
    assertThat(new Requests(store).all()).isEmpty();
    await().until(() -> slot.state().orElseThrow().holder().isEmpty());
  }

  /** Each append, before and after its effect; the last one comes after both steps of the slot. */
  @Test
  void isAsGoodAsOnceWhereverItDied() throws SQLException {
    for (int step = 0; ; step++) {
      InMemoryControlStore dying = store.another();
      Death death = new Death(step);
      dying.beforeAppends(death);
      dying.afterAppends(death);
      try {
        reset(dying);
        assertThat(step).as("two moments of six appends").isEqualTo(12);
        return;
      } catch (Death.Now e) {
        requireNoStreamIntoAnOldEpoch();
        reset(store);
        requireStartedOver();
        slot.drop();
        streamed();
      }
    }
  }

  @Test
  void aSlotThatIsGoneIsCreated() throws SQLException {
    slot.drop(); // as far as somebody came who died behind this step
    reset(store);
    requireStartedOver();
    assertThat(slot.state()).isPresent();
  }

  /** Whatever slot the next run finds: what it streams goes behind a snapshot of every table. */
  private void requireNoStreamIntoAnOldEpoch() throws SQLException {
    boolean hasPosition = !new Ledger(store).last().orElseThrow().lsn().equals(Lsn.NONE);
    if (!hasPosition) {
      requireEveryTableAskedFor();
    } else {
      assertThat(slot.state().orElseThrow().confirmed()).isEqualTo(before.lsn());
    }
  }

  private void requireStartedOver() {
    requireEveryTableAskedFor();
    Checkpoint last = new Ledger(store).last().orElseThrow();
    assertThat(last.lsn()).isEqualTo(Lsn.NONE);
    assertThat(last.lineage()).isNotEqualTo(before.lineage());
  }

  private void requireEveryTableAskedFor() {
    assertThat(new Epochs(store, before.lineage(), "any").newest().values())
        .hasSize(2)
        .allSatisfy(epoch -> assertThat(epoch.state()).isEqualTo(State.REQUESTED));
  }

  private ResetAll.Outcome reset(ControlStore of) throws SQLException {
    return new ResetAll(of, Shard.FIRST, slot, Clock.systemUTC()).run("anna", "lost");
  }

  /** Dies at the n-th moment. */
  private static final class Death implements Consumer<String> {
    private final AtomicInteger left;

    Death(int moment) {
      left = new AtomicInteger(moment);
    }

    private static final class Now extends RuntimeException {}

    @Override
    public void accept(String key) {
      if (left.getAndDecrement() == 0) {
        throw new Now();
      }
    }
  }
}
