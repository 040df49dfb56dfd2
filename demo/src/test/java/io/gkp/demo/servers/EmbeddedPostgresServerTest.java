package io.gkp.demo.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gkp.demo.workload.GkpTables;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedPostgresServerTest {
  @TempDir Path directory;

  @Test
  void itReplicatesLogicallyAndItsFilesStayWhereTheyWereAskedFor() throws Exception {
    Path data = directory.resolve("data");
    EmbeddedPostgresServer server = EmbeddedPostgresServer.start(data);
    try (server;
        Connection connection = server.connect();
        ResultSet row = connection.createStatement().executeQuery("SHOW wal_level")) {
      row.next();
      assertThat(row.getString(1)).isEqualTo("logical");
    }
    assertThatThrownBy(server::connect).isInstanceOf(SQLException.class);
    assertThat(Files.exists(data.resolve("PG_VERSION"))).isTrue();
  }

  @Test
  void nobodyGetsInWithoutThePassword() throws Exception {
    Path data = directory.resolve("data");
    try (EmbeddedPostgresServer server = EmbeddedPostgresServer.start(data)) {
      String guess = server.ownerUrl().replace(server.password(), "postgres");
      assertThatThrownBy(
              () ->
                  DriverManager.getConnection(
                      "jdbc:" + guess.replaceAll("//.*@", "//"), "postgres", "postgres"))
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("password authentication failed");
      assertThat(Files.readString(data.resolve("pg_hba.conf")))
          .doesNotContainPattern("(?m)^[^#].*trust");
    }
  }

  @Test
  void itsProgramsAreOutOfTheReachOfOthers() throws Exception {
    assertThat(Files.getPosixFilePermissions(PrivateDirectory.cache()))
        .isEqualTo(PosixFilePermissions.fromString("rwx------"));
    Path link = Files.createSymbolicLink(directory.resolve("link"), directory);
    assertThatThrownBy(() -> PrivateDirectory.open(link)).hasMessageContaining("not a directory");
  }

  @Test
  void theUrlsWork() throws Exception {
    try (EmbeddedPostgresServer server = EmbeddedPostgresServer.start(directory.resolve("data"))) {
      try (Connection owner = server.connect()) {
        GkpTables.create(owner);
        GkpTables.grantExport(owner, "demo");
      }
      assertThat(server.url("gkp_exporter", "demo"))
          .matches("postgresql://gkp_exporter:demo@127\\.0\\.0\\.1:\\d+/gkp");
      try (Connection exporter =
          DriverManager.getConnection(
              "jdbc:" + server.url("", "").replace("//:@", "//"), "gkp_exporter", "demo")) {
        assertThat(GkpTables.rows(exporter, GkpTables.QUERY_LOGS)).isZero();
      }
    }
  }
}
