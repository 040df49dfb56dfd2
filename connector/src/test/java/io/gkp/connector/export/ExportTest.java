package io.gkp.connector.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.gkp.testing.wire.Call;
import io.gkp.testing.wire.Call.Kind;
import io.gkp.testing.wire.Wire;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;

class ExportTest {
  private static final String ITEMS =
      "CREATE TABLE items (id int PRIMARY KEY, name text, price numeric(10,2))";

  @Test
  void aRunAsksForNothingTwice() {
    Wire wire = new Wire();
    List<Call> calls = new CopyOnWriteArrayList<>();
    try (Deployment deployment = new Deployment(List.of(wire), "items", "notes")) {
      deployment.database.execute(ITEMS, "CREATE TABLE notes (id int PRIMARY KEY)");
      wire.observe(calls::add);
      deployment.drain();
      assertThat(calls)
          .as("load jobs that complete the epochs of two tables")
          .filteredOn(call -> call.is(Kind.UPLOAD) && call.job().endsWith("_completed"))
          .hasSize(1);
      calls.clear();
      deployment.drain();
      assertThat(requests(calls, "/queries")).as("of checkpoints, sources and epochs").isEqualTo(3);
      assertThat(requests(calls, "/tables")).as("lists of the dataset's tables").isEqualTo(1);
    }
  }

  private static long requests(List<Call> calls, String path) {
    return calls.stream()
        .filter(call -> call.exchange().getRequestURI().getPath().endsWith(path))
        .count();
  }

  @Test
  void firstRunSnapshotsSecondBringsTheChangesThirdHasNothingToDo() throws Exception {
    try (Deployment deployment = new Deployment("items")) {
      deployment.database.execute(
          ITEMS, "INSERT INTO items VALUES (1, 'one', 1.10), (2, 'two', NULL), (3, 'three', 3)");

      RunReport first = deployment.drain();
      assertThat(first.tables().get("items").snapshotRows()).isEqualTo(3);
      assertThat(first.tables().get("items").rowsLoaded()).isEqualTo(3);
      assertThat(deployment.changelog("raw_items", "id", "name", "price"))
          .containsExactly("r 1 one 1.1", "r 2 two -", "r 3 three 3");

      deployment.database.execute(
          "INSERT INTO items VALUES (4, 'four', 4)",
          "UPDATE items SET name = 'uno' WHERE id = 1",
          "DELETE FROM items WHERE id = 2",
          "UPDATE items SET id = 30 WHERE id = 3");
      try (Connection connection = deployment.database.connect()) {
        connection
            .unwrap(PGConnection.class)
            .getCopyAPI()
            .copyIn(
                "COPY items FROM STDIN",
                new ByteArrayInputStream(
                    "5\tfive\t5\n6\tsix\t\\N\n".getBytes(StandardCharsets.UTF_8)));
      }
      deployment.database.execute("TRUNCATE items", "INSERT INTO items VALUES (7, 'seven', 7)");

      RunReport second = deployment.drain();
      assertThat(deployment.changelog("raw_items", "id", "name", "price").subList(3, 12))
          .containsExactly(
              "c 4 four 4",
              "u 1 uno 1.1",
              "d 2 - -",
              "d 3 - -",
              "c 30 three 3",
              "c 5 five 5",
              "c 6 six -",
              "t - - -",
              "c 7 seven 7");
      RunReport.Table counts = second.tables().get("items");
      assertThat(
              List.of(
                  counts.snapshotRows(),
                  counts.inserts(),
                  counts.updates(),
                  counts.deletes(),
                  counts.truncates(),
                  counts.changes(),
                  counts.rowsLoaded()))
          .containsExactly(0L, 5L, 1L, 2L, 1L, 9L, 9L);
      assertThat(second.fenceLsn()).isEqualTo(second.checkpointLsn());

      RunReport third = deployment.drain();
      assertThat(third.tables().get("items").rowsLoaded()).isZero();
      assertThat(deployment.raw("raw_items")).hasSize(12);
    }
  }

  @Test
  void rowsOfOneCopyAllArriveWhenARunEndsAmongThem() throws Exception {
    try (Deployment deployment = new Deployment("items")) {
      deployment.database.execute(ITEMS);
      deployment.drain();
      deployment.database.execute(
          "INSERT INTO items SELECT i, 'n' || i, i FROM generate_series(1, 6) i");
      deployment.drain();
      deployment.database.execute(
          "INSERT INTO items SELECT i, 'n' || i, i FROM generate_series(7, 12) i");
      deployment.drain();
      assertThat(deployment.changelog("raw_items", "id"))
          .containsExactly(
              "c 1", "c 2", "c 3", "c 4", "c 5", "c 6", "c 7", "c 8", "c 9", "c 10", "c 11",
              "c 12");
    }
  }

  @Test
  void interleavedTransactionsAreWholeAcrossRuns() throws Exception {
    try (Deployment deployment = new Deployment("items")) {
      deployment.database.execute(ITEMS);
      deployment.drain();
      try (Connection a = deployment.database.connect();
          Connection b = deployment.database.connect()) {
        a.setAutoCommit(false);
        b.setAutoCommit(false);
        try (Statement inA = a.createStatement();
            Statement inB = b.createStatement()) {
          inA.execute("INSERT INTO items VALUES (1, 'a1', 1)");
          inB.execute("INSERT INTO items VALUES (2, 'b1', 2)");
          inB.execute("INSERT INTO items VALUES (3, 'b2', 3)");
          inA.execute("INSERT INTO items VALUES (4, 'a2', 4)");
          b.commit();
          deployment.drain();
          inA.execute("UPDATE items SET name = 'a3' WHERE id = 1");
          a.commit();
        }
      }
      deployment.drain();
      assertThat(deployment.changelog("raw_items", "id", "name"))
          .containsExactly("c 2 b1", "c 3 b2", "c 1 a1", "c 4 a2", "u 1 a3");
    }
  }
}
