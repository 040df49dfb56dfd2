package io.gkp.connector.faults;

import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.gkp.testing.TestPostgres;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;

/** A PostgreSQL of a test's own, which can be stopped, started and configured. */
public final class Server implements AutoCloseable {
  static {
    // Closing one that has crashed, it complains that there is nothing to stop.
    ((Logger) LoggerFactory.getLogger(EmbeddedPostgres.class)).setLevel(Level.OFF);
  }

  private final Path data;
  private final int port;
  private EmbeddedPostgres running;
  private final Map<String, String> settings = new LinkedHashMap<>();

  /**
   * @param settings on top of {@code wal_level=logical} and commits that are flushed
   */
  public Server(Map<String, String> settings) {
    this(directory(), settings);
    start();
  }

  private Server(Path data, Map<String, String> settings) {
    this.data = data;
    this.settings.put("wal_level", "logical");
    this.settings.put("synchronous_commit", "on");
    this.settings.putAll(settings);
    try (ServerSocket free = new ServerSocket(0)) {
      this.port = free.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path directory() {
    try {
      return Files.createTempDirectory("postgres");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A server with the disk that this one has now, slots included, as from a disk's snapshot. */
  Server restored() {
    Server copy = new Server(copyOfData(), settings);
    copy.start();
    return copy;
  }

  /**
   * A standby that follows this server; as from a base backup, without its slots.
   *
   * @param more settings of the standby
   */
  Server standby(Map<String, String> more) {
    Server standby = new Server(copyOfData(), settings);
    standby.settings.putAll(more);
    deleteTree(standby.data.resolve("pg_replslot"), false);
    try {
      Files.createFile(standby.data.resolve("standby.signal"));
      Files.writeString(
          standby.data.resolve("postgresql.auto.conf"),
          "primary_conninfo = 'host=127.0.0.1 port=%d user=postgres dbname=postgres'%n"
              .formatted(port));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    standby.start();
    return standby;
  }

  private Path copyOfData() {
    crash();
    Path copy = directory();
    try (Stream<Path> files = Files.walk(data)) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString();
        if (!file.equals(data) && !name.equals("postmaster.pid") && !name.equals("epg-lock")) {
          Files.copy(file, copy.resolve(data.relativize(file)), StandardCopyOption.COPY_ATTRIBUTES);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    start();
    return copy;
  }

  int port() {
    return port;
  }

  public TestPostgres postgres() {
    return TestPostgres.at("127.0.0.1", port);
  }

  /** Crashes, and comes up again with the same data. */
  void restart() {
    crash();
    start();
  }

  void start() {
    EmbeddedPostgres.Builder builder =
        TestPostgres.builder()
            .setPort(port)
            .setDataDirectory(data)
            .setCleanDataDirectory(false)
            .setRegisterShutdownHook(false)
            .setPGStartupWait(Duration.ofSeconds(60));
    settings.forEach(builder::setServerConfig);
    try {
      running = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Immediate shutdown; the next start recovers. */
  void crash() {
    Path pid = data.resolve("postmaster.pid");
    if (!Files.exists(pid)) {
      return;
    }
    try {
      long postmaster = Long.parseLong(Files.readAllLines(pid).get(0));
      new ProcessBuilder("kill", "-QUIT", Long.toString(postmaster)).start().waitFor();
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> ProcessHandle.of(postmaster).filter(ProcessHandle::isAlive).isEmpty());
      running.close(); // lets go of the directory
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
    deleteTree(data, true);
  }

  private static void deleteTree(Path root, boolean itself) {
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        if (itself || !file.equals(root)) {
          Files.deleteIfExists(file);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
