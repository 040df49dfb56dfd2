package io.gkp.connector.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.gkp.connector.cli.GkpCli;
import io.gkp.connector.export.Deployment;
import io.gkp.testing.TestPostgres;
import io.gkp.testing.wire.Call.Kind;
import io.gkp.testing.wire.Fault;
import io.gkp.testing.wire.Wire;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Each mistake gets one sentence that says what to do, and the documented exit code. */
class CliErrorsTest {
  private static final String ITEMS = "CREATE TABLE items (id int PRIMARY KEY)";

  @TempDir Path folder;
  private int code;
  private String out;
  private String err;

  @Test
  void nothingIsConnectedToUnlessEnabled() throws Exception {
    try (Listener source = new Listener();
        Listener warehouse = new Listener()) {
      run(
          Map.of(
              "enabled", "yes",
              "source-url", "postgresql://u:p@127.0.0.1:" + source.port() + "/d",
              "project", "p",
              "dataset", "d",
              "bigquery-host", "http://127.0.0.1:" + warehouse.port()));
      assertThat(code).isEqualTo(78);
      assertThat(out).isEmpty();
      assertThat(err)
          .isEqualTo(
              "gkp_cli: The BigQuery export is disabled; nothing was connected to."
                  + " Set GKP_EXPORT_ENABLED=true to enable it. [GKP-002]\n");
      assertThat(source.connections() + warehouse.connections()).isZero();
    }
  }

  @Test
  void allProblemsAreReportedAtOnce() throws Exception {
    run(
        Map.of(
            "enabled", "true",
            "source-url", "mysql://u:secret@h/d",
            "max-duration", "soon",
            "dataste", "d"));
    assertThat(code).isEqualTo(78);
    assertThat(out).isEmpty();
    assertThat(err)
        .startsWith("gkp_cli: The configuration has 5 problems: ")
        .contains("unknown key dataste; did you mean dataset?")
        .contains("--source-url: must start with postgresql://")
        .contains("--max-duration: expected a duration such as 90s, 50m or 2h, got soon")
        .contains("--project (or GKP_PROJECT) is needed")
        .contains("--dataset (or GKP_DATASET) is needed")
        .endsWith("[GKP-003]\n")
        .doesNotContain("secret");
  }

  @Test
  void aTableNameThatIsNoneIsAConfigurationProblem() throws Exception {
    run(
        Map.of(
            "enabled", "true",
            "source-url", "postgresql://u@h/d",
            "tables", "a\"b",
            "project", "p",
            "dataset", "d"));
    assertError(78, "GKP-003", "--tables: expected table or schema.table, got a\"b", "--help");
  }

  @Test
  void badNamesAreReportedAllAtOnce() throws Exception {
    run(
        Map.of(
            "enabled", "true",
            "source-url", "postgresql://u@h/d",
            "project", "a`b",
            "dataset", "c-d",
            "slot", "H",
            "tables", "items, e.f.g"));
    assertThat(code).isEqualTo(78);
    assertThat(err)
        .startsWith("gkp_cli: The configuration has 4 problems: ")
        .contains("--project: ", "got a`b", "--dataset: ", "got c-d", "--slot: ", "got H")
        .contains("--tables: expected table or schema.table", "got e.f.g");
  }

  @Test
  void anUnknownFlagIsAUsageError() {
    execute("export-bigquery", "--datset", "d");
    assertThat(code).isEqualTo(64);
    assertThat(err).contains("--datset").contains("--dataset");
  }

  @Test
  void anUnreachableSourceIsNamed() throws Exception {
    int nobody;
    try (ServerSocket free = new ServerSocket(0)) {
      nobody = free.getLocalPort();
    }
    run(
        Map.of(
            "enabled", "true",
            "source-url", "postgresql://u:secret@127.0.0.1:" + nobody + "/d",
            "project", "p",
            "dataset", "d"));
    assertError(69, "GKP-101", "127.0.0.1:" + nobody + "/d", "Check host, port");
    assertThat(err).doesNotContain("secret");
  }

  @Test
  void whatIsWrongWithTheSourceIsSaid() throws Exception {
    try (Server server = new Server(Map.of());
        Deployment deployment =
            new Deployment(server.postgres().createDatabase(), List.of(), "items")) {
      server.hostBasedAuthentication("host all exporter 127.0.0.1/32 scram-sha-256");
      TestPostgres.Database database = deployment.database;
      database.execute(ITEMS, "CREATE ROLE exporter LOGIN PASSWORD 'right'");

      deployment.through(database.urlAs("exporter", "wrong"));
      run(deployment);
      assertError(77, "GKP-102", "refused the login of user exporter", "Check user and password");
      assertThat(err).doesNotContain("wrong");

      deployment.through(database.urlAs("exporter", "right"));
      run(deployment);
      assertError(
          77, "GKP-103", "may not use logical replication", "ALTER ROLE \"exporter\" REPLICATION;");

      database.execute("ALTER ROLE exporter REPLICATION");
      run(deployment);
      assertError(
          77,
          "GKP-103",
          "may not read items",
          "GRANT SELECT ON \"public\".\"items\" TO \"exporter\";");
      assertThat(err).contains("doctor lists all that is missing");

      database.execute("GRANT SELECT ON items TO exporter");
      run(deployment);
      assertError(
          77,
          "GKP-103",
          "Publication gkp_export does not exist",
          "CREATE PUBLICATION \"gkp_export\" FOR TABLE \"public\".\"items\"");

      database.execute("CREATE PUBLICATION gkp_export FOR TABLE items");
      run(deployment);
      assertThat(code).as(err).isZero();

      deployment.capture("items", "itmes");
      run(deployment);
      assertError(78, "GKP-106", "table itmes", "Correct --tables");

      deployment.capture("items");
      deployment.through(database.urlAs("exporter", "right") + "x");
      run(deployment);
      assertError(78, "GKP-003", "does not exist", "Correct the database name");
    }
  }

  @Test
  void walLevelReplicaIsSaid() throws Exception {
    try (Server server = new Server(Map.of("wal_level", "replica"));
        Deployment deployment =
            new Deployment(server.postgres().createDatabase(), List.of(), "items")) {
      deployment.database.execute(ITEMS);
      run(deployment);
      assertError(78, "GKP-104", "wal_level=replica", "ALTER SYSTEM SET wal_level = 'logical';");
    }
  }

  @Test
  void aMissingPermissionOnTheDatasetIsSaid() throws Exception {
    Wire wire = new Wire();
    try (Deployment deployment = new Deployment(List.of(wire), "items")) {
      deployment.database.execute(ITEMS);
      wire.always(call -> call.is(Kind.OTHER), Fault.refuse(403, "accessDenied"));
      run(deployment);
      assertError(77, "GKP-303", "test-project.history", "roles/bigquery.dataEditor");
    }
  }

  @Test
  void anotherRunThatHoldsTheSlotIsNamed() throws Exception {
    try (Deployment deployment = new Deployment("items")) {
      deployment.database.execute(ITEMS);
      deployment.drain();
      try (Connection other = deployment.database.connect();
          var statement = other.createStatement()) {
        statement.execute("SET application_name = 'the other run'");
        statement.execute(
            "SELECT pg_advisory_lock(hashtextextended('gkp-export:" + deployment.slot() + "', 0))");
        long started = System.nanoTime();
        run(deployment);
        assertError(75, "GKP-201", "pid ", "pg_terminate_backend");
        assertThat(err).contains("the other run");
        assertThat(System.nanoTime() - started).isLessThan(60_000_000_000L);
      }
    }
  }

  private void assertError(int expectedCode, String failure, String what, String remedy) {
    assertThat(code).as(err).isEqualTo(expectedCode);
    String sentence =
        err.lines().filter(line -> line.startsWith("gkp_cli: ")).reduce((a, b) -> b).orElse(err);
    assertThat(sentence).contains(what).contains(remedy).endsWith("[" + failure + "]");
  }

  private void run(Deployment deployment) throws IOException {
    var config = deployment.config();
    run(
        Map.of(
            "enabled", "true",
            "source-url", deployment.sourceUrl(),
            "tables",
                String.join(
                    ",", config.source().tables().stream().map(table -> table.display()).toList()),
            "slot", deployment.slot(),
            "project", config.destination().project(),
            "dataset", config.destination().dataset(),
            "bigquery-host", deployment.host()));
  }

  private void run(Map<String, String> settings) throws IOException {
    Path file = folder.resolve("settings.properties");
    Files.write(
        file, settings.entrySet().stream().map(e -> e.getKey() + " = " + e.getValue()).toList());
    execute("export-bigquery", "--config", file.toString());
  }

  private void execute(String... arguments) {
    StringWriter stdout = new StringWriter();
    StringWriter stderr = new StringWriter();
    CommandLine line = GkpCli.commandLine();
    line.setOut(new PrintWriter(stdout));
    line.setErr(new PrintWriter(stderr));
    code = line.execute(arguments);
    out = stdout.toString();
    err = stderr.toString();
  }

  /** Counts who connects. */
  private static final class Listener implements AutoCloseable {
    private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final AtomicInteger connections = new AtomicInteger();

    Listener() throws IOException {
      Thread thread =
          new Thread(
              () -> {
                try {
                  while (true) {
                    socket.accept().close();
                    connections.incrementAndGet();
                  }
                } catch (IOException e) {
                  // closed
                }
              });
      thread.setDaemon(true);
      thread.start();
    }

    int port() {
      return socket.getLocalPort();
    }

    int connections() {
      return connections.get();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
