package io.gkp.connector.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.gkp.connector.export.Deployment;
import io.gkp.connector.export.RunReport;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Connection strings as other tools write them reach the database that they name, by SQL and by
 * replication.
 */
class SourceUrlTest {
  private static final String PASSWORD = "p#w?o:r d+%@/'\\";
  private static final String ENCODED = "p#w?o:r d+%25%40%2F'\\";

  private static final String CREDENTIALS = "postgresql://exporter:" + ENCODED + "@";
  private static final String[] ITEMS = {
    "CREATE TABLE items (id int PRIMARY KEY)", "INSERT INTO items VALUES (1)"
  };

  @TempDir static Path sockets;
  private static Server server;
  private static Deployment deployment;

  @BeforeAll
  static void serve() {
    server = new Server(Map.of("unix_socket_directories", "'" + sockets + "'"));
    server
        .postgres()
        .database("postgres")
        .execute(
            "CREATE ROLE exporter SUPERUSER LOGIN PASSWORD 'p#w?o:r d+%@/''\\'",
            "CREATE DATABASE exporter");
    server.hostBasedAuthentication(
        "host all exporter 127.0.0.1/32 scram-sha-256\nlocal all exporter scram-sha-256");
    deployment = deployment();
  }

  @AfterAll
  static void stop() {
    deployment.close();
    server.close();
  }

  @Test
  void databasesOfEveryNameAreReached() {
    for (String name : List.of("a+b", "a b", "ünï/%?#@:,'\\c")) {
      server.postgres().database("postgres").execute("CREATE DATABASE \"" + name + "\"");
      server.postgres().database(name).execute(ITEMS);
      String encoded = URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
      try (Deployment deployment = deployment()) {
        drain(deployment, CREDENTIALS + "127.0.0.1:" + server.port() + "/" + encoded);
        server.postgres().database(name).execute("INSERT INTO items VALUES (2)");
        RunReport report =
            drain(
                deployment,
                "host=127.0.0.1 port=%d user=exporter dbname=%s password=%s"
                    .formatted(server.port(), quoted(name), quoted(PASSWORD)));
        assertThat(report.tables().get("items").inserts()).as(name).isEqualTo(1);
      }
    }
  }

  @Test
  void formsOfOtherToolsAreTaken() {
    String name = deployment.database.name();
    String place = "exporter:" + ENCODED + "@127.0.0.1:" + server.port() + "/" + name;
    for (String url :
        List.of(
            "postgres://" + place,
            "postgresql+psycopg2://" + place + "?client_encoding=utf8",
            "jdbc:postgresql://127.0.0.1:%d/%s?user=exporter&password=%s"
                .formatted(server.port(), name, ENCODED),
            "postgresql:///%s?host=localhost&port=%d&user=exporter&password=%s"
                    .formatted(name, server.port(), ENCODED)
                + "&connect_timeout=5&keepalives=1&gssencmode=disable&options=-c%20geqo%3Doff",
            " postgresql://exporter@localhost:%d?dbname=%s&password=%s\n"
                .formatted(server.port(), name, ENCODED))) {
      drain(deployment, url);
    }
  }

  @Test
  void aDatabaseIsNamedAsItsUserByDefault() {
    try (Deployment deployment = deployment()) {
      server.postgres().database("exporter").execute(ITEMS);
      drain(deployment, CREDENTIALS + "127.0.0.1:" + server.port());
    }
  }

  @Test
  void unixSocketsAreReached() throws IOException {
    String name = deployment.database.name();
    String port = ":" + server.port() + "/";
    drain(deployment, CREDENTIALS + sockets.toString().replace("/", "%2F") + port + name);
    drain(
        deployment,
        CREDENTIALS
            + "localhost:1/%s?host=%s&port=%d&sslmode=require"
                .formatted(name, sockets, server.port()));
    // As Cloud SQL names its sockets.
    Path instance = Files.createDirectory(sockets.resolve("p:eu-west1:i"));
    Files.createSymbolicLink(
        instance.resolve(".s.PGSQL.5432"), sockets.resolve(".s.PGSQL." + server.port()));
    drain(deployment, CREDENTIALS + "/" + name + "?host=" + instance);

    RunReport.Error error =
        deployment.through("postgresql://u:secret@/d?host=" + sockets + "/none").run().error();
    assertThat(error.code()).isEqualTo("GKP-101");
    assertThat(error.message()).contains("/none:5432/d").doesNotContain("secret");
  }

  @Test
  void ofSeveralHostsThePrimaryIsTaken() throws IOException {
    int nobody;
    try (ServerSocket free = new ServerSocket(0)) {
      nobody = free.getLocalPort();
    }
    try (Server standby = server.standby(Map.of())) {
      String database = "/" + deployment.database.name();
      String hosts =
          "127.0.0.1:%d,127.0.0.1:%d,localhost:%d".formatted(nobody, standby.port(), server.port());
      drain(deployment, CREDENTIALS + hosts + database);
      drain(deployment, CREDENTIALS + hosts + database + "?target_session_attrs=read-write");
      deployment.through(CREDENTIALS + "127.0.0.1:" + standby.port() + database);
      assertThat(deployment.run().error().message()).contains("is a standby");
    }
  }

  @Test
  void aPasswordFileOfTheStringsOwnIsRead() throws IOException {
    String password = PASSWORD.replace("\\", "\\\\").replace(":", "\\:");
    Path file =
        Files.writeString(
            sockets.resolve("pass"),
            "# comment\nother:*:*:*:wrong\n127.0.0.1:*:*:exporter:" + password + "\n");
    drain(
        deployment,
        "postgresql://exporter@127.0.0.1:%d/%s?passfile=%s"
            .formatted(server.port(), deployment.database.name(), file));
  }

  private static String quoted(String value) {
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }

  private static Deployment deployment() {
    Deployment deployment =
        new Deployment(server.postgres().createDatabase(), List.of(), "items").withoutViews();
    deployment.database.execute(ITEMS);
    return deployment;
  }

  /** A run that reaches its fence has reached the database by SQL and by replication. */
  private static RunReport drain(Deployment deployment, String url) {
    RunReport report = deployment.through(url).run();
    assertThat(report.error()).as(url).isNull();
    assertThat(report.caughtUp()).as(url).isTrue();
    return report;
  }
}
