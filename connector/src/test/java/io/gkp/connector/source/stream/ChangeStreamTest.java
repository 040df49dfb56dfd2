package io.gkp.connector.source.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.gkp.connector.config.SourceConfig;
import io.gkp.connector.session.ServerText;
import io.gkp.connector.source.Catalogue;
import io.gkp.connector.source.SourceDatabase;
import io.gkp.name.Lsn;
import io.gkp.name.TableName;
import io.gkp.testing.TestPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** The end of a stream: it lets go of the slot, so that the next one of the same run has it. */
class ChangeStreamTest {
  private final TestPostgres.Database database = TestPostgres.shared().createDatabase();
  private final SourceConfig config =
      SourceConfig.parse(
          database.url(),
          null,
          "stream_" + database.name(),
          "stream",
          List.of(new TableName("public", "notes")));

  @BeforeEach
  void prepare() {
    database.execute(
        "CREATE TABLE notes (id bigint PRIMARY KEY)",
        "CREATE PUBLICATION stream FOR TABLE notes",
        "SELECT pg_create_logical_replication_slot('" + config.slot() + "', 'pgoutput')",
        "INSERT INTO notes SELECT generate_series(1, 500)");
  }

  @AfterEach
  void drop() {
    TestPostgres.shared().drop(database);
  }

  /** Repeated, for it is a race: one that was lost in a quarter of all cases. */
  @RepeatedTest(8)
  void aStreamWhoseHandlerFailsLetsGoOfTheSlot() {
    try (ChangeStream stream = stream(new Failing())) {
      assertThat(stream.start()).failsWithin(Duration.ofMinutes(1));
    }
    awaitFreeSlot();
  }

  @Test
  void aStreamThatIsClosedWhileItStartsLetsGoOfTheSlot() throws SQLException {
    CompletableFuture<Void> ended;
    try (Connection connection = database.connect();
        Statement lock = connection.createStatement()) {
      connection.setAutoCommit(false);
      lock.execute("LOCK TABLE pg_publication"); // which Debezium reads when it starts
      try (ChangeStream stream = stream(new Failing())) {
        ended = stream.start();
        await()
            .atMost(Duration.ofMinutes(1))
            .until(
                () -> isThere("pg_locks", "relation = 'pg_publication'::regclass AND NOT granted"));
      }
      assertThat(ended).isNotDone();
    }
    assertThat(ended).succeedsWithin(Duration.ofMinutes(1));
    awaitFreeSlot();
  }

  private ChangeStream stream(ChangeHandler handler) {
    return new ChangeStream(
        config,
        new Catalogue(new SourceDatabase(config)),
        Map.of(),
        ServerText.UTF_8,
        Lsn.NONE,
        handler);
  }

  private void awaitFreeSlot() {
    await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () ->
                !isThere(
                    "pg_stat_activity",
                    "datname = current_database() AND application_name LIKE 'Debezium%'"));
  }

  private boolean isThere(String table, String condition) throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT FROM " + table + " WHERE " + condition)) {
      return rows.next();
    }
  }

  private static final class Failing implements ChangeHandler {
    @Override
    public void change(Change change) {
      throw new IllegalArgumentException("refused");
    }

    @Override
    public boolean transactionEnd(Lsn lsn) {
      return false;
    }

    @Override
    public boolean fence(Lsn position) {
      return false;
    }

    @Override
    public Lsn durable() {
      return Lsn.NONE;
    }
  }
}
