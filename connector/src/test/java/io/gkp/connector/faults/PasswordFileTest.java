package io.gkp.connector.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.gkp.connector.export.Deployment;
import io.gkp.connector.export.RunReport;
import io.gkp.failure.ExitCode;
import io.gkp.failure.Failure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** libpq's password file, which the JDBC driver reads where no password is configured. */
class PasswordFileTest {
  @TempDir Path directory;

  @Test
  void aPasswordFileServesBothConnections() throws Exception {
    try (Server server = new Server(Map.of());
        Deployment deployment =
            new Deployment(server.postgres().createDatabase(), List.of(), "items")) {
      server.hostBasedAuthentication("host all exporter 127.0.0.1/32 scram-sha-256");
      deployment.database.execute(
          "CREATE TABLE items (id int PRIMARY KEY)",
          "CREATE ROLE exporter LOGIN REPLICATION PASSWORD 'kept in a file'",
          "GRANT SELECT ON items TO exporter",
          "CREATE PUBLICATION gkp_export FOR TABLE items");
      deployment.through(
          deployment.database.urlAs("exporter", "x").replace("exporter:x@", "exporter@"));
      Path file =
          Files.writeString(
              directory.resolve("pgpass"),
              "127.0.0.1:" + server.port() + ":*:exporter:kept in a file\n");
      try (ChildRun run = ChildRun.start(deployment, Map.of("PGPASSFILE", file.toString()))) {
        assertThat(run.exitCode()).as(run.log()).isZero();
        assertThat(run.log()).doesNotContain("kept in a file");
      }
      RunReport without = deployment.run();
      assertThat(without.exitCode()).isEqualTo(ExitCode.PERMISSION);
      assertThat(without.error().code()).isEqualTo(Failure.SOURCE_AUTHENTICATION.code());
      assertThat(without.error().message() + without.error().remedy())
          .contains("asks for a password of user exporter", "PGPASSFILE");
    }
  }
}
