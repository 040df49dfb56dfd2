package io.gkp.testing;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.postgresql.PGProperty;
import org.testcontainers.containers.ContainerFetchException;
import org.testcontainers.containers.ContainerLaunchException;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * A real PostgreSQL server with {@code wal_level=logical}, one per test JVM, and a fresh database
 * per test.
 *
 * <p>{@code -Dpostgres=testcontainers} runs the image named by {@code -Dpostgres.image} in Docker,
 * {@code -Dpostgres=embedded} bundled server binaries. Neither, the default, takes Docker where it
 * is there and has the image; otherwise the binaries. {@code -Dpostgres.version} chooses the major
 * version of the binaries, 18 by default.
 */
public final class TestPostgres {
  private static final AtomicInteger DATABASES = new AtomicInteger();
  private static final int NEWEST = 18;

  /** So many take no connection from anybody. */
  private static final int KEPT_SESSIONS = 6;

  private static final Map<Integer, TestPostgres> VERSIONS = new HashMap<>();
  private static TestPostgres shared;

  private final String host;
  private final int port;
  private final String user;
  private final String password;
  private final KeptSessions sessions;

  /** Options of {@code CREATE DATABASE} that place one in memory; empty where none can be. */
  private final String inMemory;

  private TestPostgres(
      String host, int port, String user, String password, int mostKeptSessions, String inMemory) {
    this.host = host;
    this.port = port;
    this.user = user;
    this.password = password;
    this.sessions = new KeptSessions(this, mostKeptSessions);
    this.inMemory = inMemory;
  }

  /** The server of this JVM, started at the first call and stopped at the JVM's exit. */
  public static synchronized TestPostgres shared() {
    if (shared == null) {
      shared =
          switch (System.getProperty("postgres", "auto")) {
            case "testcontainers" -> container();
            case "embedded" -> version(Integer.getInteger("postgres.version", NEWEST));
            default -> whateverIsThere();
          };
    }
    return shared;
  }

  /**
   * A server of one major version, 14 to 18, from bundled binaries; one per version and JVM,
   * started at the first call. Versions before the newest are there in modules whose build copies
   * them to the folder that {@code -Dpostgres.binaries} names.
   */
  public static synchronized TestPostgres version(int major) {
    return VERSIONS.computeIfAbsent(major, TestPostgres::embedded);
  }

  /** Every major version that is promised. */
  public static IntStream versions() {
    return IntStream.rangeClosed(14, NEWEST);
  }

  /** A download of minutes, or one that cannot work, is nothing to spring on somebody. */
  private static TestPostgres whateverIsThere() {
    if (hasImage()) {
      try {
        return container();
      } catch (ContainerLaunchException | ContainerFetchException e) {
        System.err.println("Docker does not start the image: testing on embedded PostgreSQL");
      }
    }
    return version(Integer.getInteger("postgres.version", NEWEST));
  }

  private static boolean hasImage() {
    try {
      return new ProcessBuilder("docker", "image", "inspect", image())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false; // no docker command
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static String image() {
    return System.getProperty("postgres.image", "postgres:18");
  }

  /** A server that somebody else has started, with the superuser postgres. */
  public static TestPostgres at(String host, int port) {
    return new TestPostgres(host, port, "postgres", "postgres", 0, "");
  }

  /** A database that is there. */
  public Database database(String name) {
    return new Database(this, name);
  }

  /** Creates an empty database, named uniquely in this JVM. */
  public Database createDatabase() {
    return createDatabase("");
  }

  /**
   * @param options of {@code CREATE DATABASE}
   */
  public Database createDatabase(String options) {
    String name = "test_" + DATABASES.incrementAndGet();
    String place = !inMemory.isEmpty() && Memory.hasRoom() ? inMemory : "";
    database("postgres").execute("CREATE DATABASE " + name + " " + options + place);
    return new Database(this, name);
  }

  /** Drops a database, whoever is connected to it. */
  public void drop(Database database) {
    database("postgres").execute("DROP DATABASE " + database.name() + " WITH (FORCE)");
  }

  Connection connect(String database) throws SQLException {
    Properties driver = new Properties(); // the name of a database needs no encoding there
    PGProperty.USER.set(driver, user);
    PGProperty.PASSWORD.set(driver, password);
    PGProperty.PG_DBNAME.set(driver, database);
    return DriverManager.getConnection("jdbc:postgresql://" + host + ":" + port + "/", driver);
  }

  /** Of a server whose programs nobody else can replace ({@link Programs}). */
  public static EmbeddedPostgres.Builder builder() {
    return builder(NEWEST);
  }

  static EmbeddedPostgres.Builder builder(int major) {
    Programs.createFolder();
    return EmbeddedPostgres.builder()
        .setOverrideWorkingDirectory(Programs.FOLDER.toFile())
        .setPgBinaryResolver(Programs.of(major, major == NEWEST));
  }

  private static TestPostgres embedded(int major) {
    try {
      Path data = DataFolders.of(major);
      EmbeddedPostgres server =
          builder(major)
              .setDataDirectory(data)
              .setCleanDataDirectory(false)
              .setServerConfig("wal_level", "logical")
              // PostgreSQL's own default, which the library changes: a commit is flushed WAL
              .setServerConfig("synchronous_commit", "on")
              // how long a run waits for commits that are flushed later
              .setServerConfig("wal_writer_delay", "10ms")
              .setServerConfig("max_replication_slots", "40")
              .setServerConfig("max_wal_senders", "40")
              .setServerConfig("max_prepared_transactions", "10")
              .setServerConfig("max_connections", "200")
              // A worker would look into each test's database, one after the other, for ever.
              .setServerConfig("autovacuum", "off")
              .setPGStartupWait(Duration.ofSeconds(60))
              .setRegisterShutdownHook(false) // Memory has one that clears up afterwards
              .start();
      Path folder = Memory.of(server, data);
      return new TestPostgres(
          "127.0.0.1",
          server.getPort(),
          "postgres",
          "postgres",
          KEPT_SESSIONS,
          folder == null ? "" : tablespace(server, folder, major));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Creates the tablespace of a folder in memory, and says how a database comes to be there. */
  private static String tablespace(EmbeddedPostgres server, Path folder, int major) {
    TestPostgres.at("127.0.0.1", server.getPort())
        .database("postgres")
        .execute("CREATE TABLESPACE memory LOCATION '" + folder + "'");
    // Files are copied, which is what 14 always does: half the work of writing pages and WAL.
    return " TABLESPACE memory" + (major == 14 ? "" : " STRATEGY FILE_COPY");
  }

  @SuppressWarnings("resource") // lives as long as the JVM; Testcontainers reaps it
  private static TestPostgres container() {
    DockerImageName image = DockerImageName.parse(image()).asCompatibleSubstituteFor("postgres");
    PostgreSQLContainer server = new PostgreSQLContainer(image);
    server.setCommand(
        "postgres",
        "-c",
        "wal_level=logical",
        "-c",
        "max_replication_slots=40",
        "-c",
        "max_wal_senders=40",
        "-c",
        "max_prepared_transactions=10");
    server.start();
    return new TestPostgres(
        server.getHost(),
        server.getMappedPort(PostgreSQLContainer.POSTGRESQL_PORT),
        server.getUsername(),
        server.getPassword(),
        KEPT_SESSIONS,
        "");
  }

  /** One database of the shared server. */
  public static final class Database {
    private final TestPostgres server;
    private final String name;

    private Database(TestPostgres server, String name) {
      this.server = server;
      this.name = name;
    }

    public String name() {
      return name;
    }

    /** A connection of the superuser; the caller closes it. */
    public Connection connect() throws SQLException {
      return server.connect(name);
    }

    /** {@code postgresql://user:password@host:port/name}, the form of {@code --source-url}. */
    public String url() {
      return urlAs(server.user, server.password);
    }

    /** The URL of this database for another role. */
    public String urlAs(String role, String rolePassword) {
      return "postgresql://"
          + role
          + ":"
          + rolePassword
          + "@"
          + server.host
          + ":"
          + server.port
          + "/"
          + name;
    }

    /** The rows of a query, each as the list of its values' text; null where they are NULL. */
    public List<List<String>> query(String sql) {
      return server.sessions.run(
          name,
          statement -> {
            List<List<String>> rows = new ArrayList<>();
            try (ResultSet result = statement.executeQuery(sql)) {
              while (result.next()) {
                List<String> row = new ArrayList<>();
                for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                  row.add(result.getString(i));
                }
                rows.add(row);
              }
            }
            return rows;
          },
          sql);
    }

    /** Runs the statements in order, each in its own transaction. */
    public void execute(String... statements) {
      server.sessions.run(
          name,
          statement -> {
            for (String sql : statements) {
              statement.execute(sql);
            }
            return null;
          },
          statements);
    }
  }
}
