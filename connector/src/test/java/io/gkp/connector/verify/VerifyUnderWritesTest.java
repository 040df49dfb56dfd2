package io.gkp.connector.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.gkp.connector.export.Deployment;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class VerifyUnderWritesTest {
  private static final int KEYS = 40;
  private static final int WRITERS = 2;
  private static final int ROUNDS = 6;

  @Test
  void nothingIsInventedAndNothingHiddenWhileWritesGoOn() {
    try (Deployment deployment = new Deployment("t")) {
      deployment.database.execute(
          "CREATE TABLE t (id int PRIMARY KEY, n int, long text)",
          "ALTER TABLE t ALTER long SET STORAGE EXTERNAL",
          "INSERT INTO t SELECT i, 0, repeat('x', 2500) FROM generate_series(1, %d) i"
              .formatted(KEYS));
      deployment.drain();
      AtomicBoolean stop = new AtomicBoolean();
      CompletableFuture<?>[] writers =
          IntStream.range(0, WRITERS)
              .mapToObj(
                  writer ->
                      CompletableFuture.runAsync(() -> write(deployment, new Random(writer), stop)))
              .toArray(CompletableFuture[]::new);
      try {
        for (int round = 0; round < ROUNDS; round++) {
          Verified.of(deployment).requireEqual();
          if (round % 2 == 0) {
            deployment.models();
          }
        }
        deployment.sql("UPDATE history.state_t SET n = -1 WHERE id > 1000");
        assertThat(Verified.of(deployment).table("t").keys())
            .extracting(key -> key.key().get("id"))
            .containsExactly("1001");
      } finally {
        stop.set(true);
        CompletableFuture.allOf(writers).join();
      }
    }
  }

  /** Transactions of some statements each, that overlap, collide and are rolled back. */
  private static void write(Deployment deployment, Random random, AtomicBoolean stop) {
    try (Connection connection = deployment.database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("INSERT INTO t VALUES (1001, 0, 'cold') ON CONFLICT DO NOTHING");
      while (!stop.get()) {
        try {
          statement.execute("BEGIN");
          for (int i = random.nextInt(4); i >= 0; i--) {
            statement.execute(change(random));
            Thread.sleep(random.nextInt(10));
          }
          statement.execute(random.nextInt(8) == 0 ? "ROLLBACK" : "COMMIT");
        } catch (SQLException e) {
          statement.execute("ROLLBACK"); // a key that exists, or a deadlock
        }
      }
    } catch (SQLException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String change(Random random) {
    int id = 1 + random.nextInt(KEYS);
    return switch (random.nextInt(8)) {
      case 0 -> "DELETE FROM t WHERE id = " + id;
      case 1 -> "INSERT INTO t VALUES (%d, 0, repeat('y', 2500))".formatted(id);
      case 2 -> "UPDATE t SET id = %d WHERE id = %d".formatted(1 + random.nextInt(KEYS), id);
      case 3 -> "UPDATE t SET long = repeat('z', 2400) WHERE id = " + id;
      default -> "UPDATE t SET n = n + 1 WHERE id IN (%d, 7)".formatted(id);
    };
  }
}
