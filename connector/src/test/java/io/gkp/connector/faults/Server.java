package io.gkp.connector.faults;

import static org.awaitility.Awaitility.await;

import io.gkp.testing.TestPostgres;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/** A PostgreSQL of a test's own, which can be stopped, started and configured. */
final class Server implements AutoCloseable {
  private final Path data;
  private final int port;
  private final Map<String, String> settings = new LinkedHashMap<>();

  /**
   * @param settings on top of {@code wal_level=logical} and commits that are flushed
   */
  Server(Map<String, String> settings) {
    this.settings.put("wal_level", "logical");
    this.settings.put("synchronous_commit", "on");
    this.settings.putAll(settings);
    try (ServerSocket free = new ServerSocket(0)) {
      this.port = free.getLocalPort();
      this.data = Files.createTempDirectory("postgres");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    start();
  }

  int port() {
    return port;
  }

  TestPostgres postgres() {
    return TestPostgres.at("127.0.0.1", port);
  }

  /** Crashes, and comes up again with the same data. */
  void restart() {
    crash();
    start();
  }

  private void start() {
    EmbeddedPostgres.Builder builder =
        EmbeddedPostgres.builder()
            .setPort(port)
            .setDataDirectory(data)
            .setCleanDataDirectory(false)
            .setRegisterShutdownHook(false)
            .setPGStartupWait(Duration.ofSeconds(60));
    settings.forEach(builder::setServerConfig);
    try {
      builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Immediate shutdown; the next start recovers. */
  private void crash() {
    try {
      long postmaster = Long.parseLong(Files.readAllLines(data.resolve("postmaster.pid")).get(0));
      new ProcessBuilder("kill", "-QUIT", Long.toString(postmaster)).start().waitFor();
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> ProcessHandle.of(postmaster).filter(ProcessHandle::isAlive).isEmpty());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Deletes the segment of the write-ahead log that a slot needs first. */
  void deleteLogFileOf(String slot) {
    try (Connection connection = postgres().database("postgres").connect();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT pg_walfile_name(restart_lsn) FROM pg_replication_slots WHERE slot_name = '"
                    + slot
                    + "'")) {
      row.next();
      Files.delete(data.resolve("pg_wal").resolve(row.getString(1)));
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes a line at the top of {@code pg_hba.conf} and reloads it. */
  void hostBasedAuthentication(String line) {
    Path hba = data.resolve("pg_hba.conf");
    try {
      Files.writeString(hba, line + "\n" + Files.readString(hba));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    postgres().database("postgres").execute("SELECT pg_reload_conf()");
  }

  @Override
  public void close() {
    crash();
    try (Stream<Path> files = Files.walk(data)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
