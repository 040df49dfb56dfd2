package io.gkp.connector.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gkp.connector.cli.Cli;
import io.gkp.connector.export.Deployment;
import io.gkp.connector.export.RunReport;
import io.gkp.failure.ExitCode;
import io.gkp.failure.Failure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** PgBouncer between the export and the server; skipped where it is not installed. */
class PoolerTest {
  @BeforeAll
  static void isInstalled() {
    assumeTrue(
        Files.isExecutable(PgBouncer.BINARY), "PgBouncer is not installed: " + PgBouncer.BINARY);
  }

  @ParameterizedTest
  @CsvSource({"transaction, options", "transaction, ''", "session, options", "session, ''"})
  void nothingIsReadThroughAPooler(String mode, String ignored) throws Exception {
    try (Deployment deployment = new Deployment("items").withoutViews()) {
      deployment.database.execute(
          "CREATE TABLE items (id int PRIMARY KEY)", "INSERT INTO items VALUES (1)");
      String direct = deployment.database.url();
      try (PgBouncer pooler = new PgBouncer(direct, mode, ignored)) {
        deployment.through(direct.replaceFirst(":\\d+/", ":" + pooler.port + "/"));
        RunReport report = deployment.run();
        assertThat(report.error()).isNotNull();
        assertThat(report.error().code()).isEqualTo(Failure.SOURCE_POOLED.code());
        assertThat(report.exitCode()).isEqualTo(ExitCode.CONFIGURATION);
        assertThat(report.error().message()).contains("connection pooler");
        assertThat(report.error().remedy()).contains("server itself", "5432");
        assertThat(deployment.bigquery().getDataset(Deployment.DATASET)).isNull();
        assertThat(Cli.run(deployment, "doctor", "--all").out())
            .contains("connection pooler")
            .doesNotContain(Failure.INTERNAL.code());
      }
      deployment.through(direct).drain();
    }
  }

  /** A process in front of one server, with the rights of nobody. */
  private static final class PgBouncer implements AutoCloseable {
    static final Path BINARY = Path.of("/usr/sbin/pgbouncer");

    final int port;
    private final Process process;

    PgBouncer(String server, String mode, String ignored) throws IOException {
      try (ServerSocket free = new ServerSocket(0)) {
        this.port = free.getLocalPort();
      }
      Path folder = Files.createTempDirectory("pgbouncer");
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
      Path users = Files.writeString(folder.resolve("users"), "\"postgres\" \"postgres\"\n");
      Path config =
          Files.writeString(
              folder.resolve("ini"),
              String.join(
                  "\n",
                  "[databases]",
                  "* = host=127.0.0.1 port=" + server.replaceFirst(".*:(\\d+)/.*", "$1"),
                  "[pgbouncer]",
                  "listen_addr = 127.0.0.1",
                  "listen_port = " + port,
                  "unix_socket_dir =",
                  "auth_type = scram-sha-256",
                  "auth_file = " + users,
                  "pool_mode = " + mode,
                  "ignore_startup_parameters = extra_float_digits"
                      + (ignored.isEmpty() ? "" : ", " + ignored),
                  ""));
      boolean root = System.getProperty("user.name").equals("root");
      this.process =
          new ProcessBuilder(
                  root
                      ? List.of(BINARY.toString(), "-u", "nobody", config.toString())
                      : List.of(BINARY.toString(), config.toString()))
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("log").toFile())
              .start();
      await().until(this::answers);
    }

    private boolean answers() {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        return socket.isConnected();
      } catch (IOException e) {
        return false;
      }
    }

    @Override
    public void close() throws InterruptedException {
      process.destroy();
      process.waitFor();
    }
  }
}
