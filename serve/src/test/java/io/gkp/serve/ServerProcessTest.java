package io.gkp.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.gkp.connector.cli.Cli;
import io.gkp.connector.export.Deployment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ServerProcessTest {
  private static Deployment deployment;

  @BeforeAll
  static void start() {
    deployment = new Deployment("t", "later");
    deployment.database.execute(
        "CREATE TABLE t (id int PRIMARY KEY, v text)",
        "CREATE TABLE later (id int PRIMARY KEY)",
        "INSERT INTO t VALUES (1, 'a')");
    deployment.drain();
  }

  @AfterAll
  static void stop() {
    deployment.close();
  }

  /** While it is open, a run that is to read a table anew waits for its lock. */
  private static Connection lock() throws SQLException {
    Connection holder = deployment.database.connect();
    holder.setAutoCommit(false);
    try (Statement statement = holder.createStatement()) {
      statement.execute("LOCK TABLE later IN ACCESS EXCLUSIVE MODE");
    }
    return holder;
  }

  private static void resetLater(ServerProcess server) {
    assertThat(
            server
                .send(
                    "POST",
                    "/api/requests",
                    "{\"kind\":\"reset\",\"table\":\"later\",\"dry_run\":false,\"reason\":\"test\"}")
                .statusCode())
        .isEqualTo(202);
  }

  @Test
  void runsOutliveTheirServerAndEndEarlyWhenAsked() throws Exception {
    try (ServerProcess first = ServerProcess.start(deployment, Map.of());
        ServerProcess second = ServerProcess.start(deployment, Map.of())) {
      first.await();
      second.await();
      resetLater(first);
      String stopped;
      String orphan;
      try (Connection holder = lock()) {
        deployment.database.execute("INSERT INTO t VALUES (2, 'b')");
        stopped = first.startRun();
        await()
            .atMost(Duration.ofMinutes(1))
            .until(() -> first.run(stopped).get("batches").toString().contains("\"fence\""));
        assertThat(first.send("DELETE", "/api/runs/" + stopped, "").statusCode()).isEqualTo(202);
        assertThat(first.awaitEnd(stopped).get("state").asText()).isEqualTo("stopped_early");
        await()
            .atMost(Duration.ofSeconds(30))
            .until(() -> first.err().contains(stopped + " has ended with exit code 3"));
        deployment.requireEqual("t", "id", "v");

        orphan = first.startRun();
        first.kill();
        assertThat(second.run(orphan).get("state").asText()).isEqualTo("running");
        assertThat(second.send("POST", "/api/exports/bigquery/run", "{}").body())
            .contains("\"status\":409", orphan);
        holder.rollback();
      }
      assertThat(second.awaitEnd(orphan).get("state").asText()).isEqualTo("drained");
      assertThat(second.run(orphan).get("summary").get("status").asText()).isEqualTo("drained");

      resetLater(second);
      try (Connection holder = lock()) {
        String last = second.startRun();
        long began = System.nanoTime();
        assertThat(second.terminate()).isZero();
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
        assertThat(second.err()).contains("run " + last + " goes on by itself");
        holder.rollback();
      }
    }
    await()
        .atMost(Duration.ofMinutes(1))
        .until(
            () ->
                deployment
                    .query("SELECT COUNT(DISTINCT run_id) FROM `history.runs`")
                    .get(0)
                    .get(0)
                    .equals("4"));
    assertThat(
            deployment.query(
                "SELECT DISTINCT status FROM `history.runs` QUALIFY"
                    + " ROW_NUMBER() OVER (ORDER BY started_at DESC) = 1"))
        .containsExactly(java.util.List.of("drained"));
  }

  @Test
  void withoutEnablingOrProtectionNothingIsOpened() throws IOException {
    Cli disabled = refused("serve-enabled = false");
    assertThat(disabled.code()).isEqualTo(78);
    assertThat(disabled.err()).contains("GKP-601", "GKP_SERVE_ENABLED=true");
    Cli open = refused("serve-enabled = true", "--bind", "0.0.0.0");
    assertThat(open.code()).isEqualTo(78);
    assertThat(open.err()).contains("GKP-602");
    Cli weak = refused("serve-enabled = true\nserve-token = short");
    assertThat(weak.code()).isEqualTo(78);
    assertThat(weak.err()).contains("GKP-003", "24 characters").doesNotContain("short ");
  }

  /** A server that ends before it serves needs no process. */
  private static Cli refused(String settings, String... arguments) throws IOException {
    Path config = deployment.configFile();
    Files.writeString(config, "\n" + settings + "\n", StandardOpenOption.APPEND);
    return Cli.run(
        Stream.concat(
                Stream.of("serve", "--config", config.toString(), "--port", "0"),
                Arrays.stream(arguments))
            .toArray(String[]::new));
  }
}
