package io.gkp.demo.servers;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Base64;

/**
 * A PostgreSQL server of this process with {@code wal_level=logical}, on a free loopback port, with
 * one database. {@link #close()} stops the server and leaves its files; nothing else stops it.
 */
public final class EmbeddedPostgresServer implements AutoCloseable {
  static final String DATABASE = "gkp";

  private static final String OWNER = "postgres";
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final SecureRandom RANDOM = new SecureRandom();

  private final EmbeddedPostgres server;
  private final String password;

  private EmbeddedPostgresServer(EmbeddedPostgres server, String password) {
    this.server = server;
    this.password = password;
  }

  /**
   * Starts the server and creates the database.
   *
   * @param data where the server keeps its files; created when missing
   */
  static EmbeddedPostgresServer start(Path data) throws IOException, SQLException {
    String password = randomPassword();
    Path passwordFile = Files.createTempFile("gkp-demo-", ".password"); // its owner's alone
    Files.writeString(passwordFile, password);
    EmbeddedPostgresServer server =
        new EmbeddedPostgresServer(
            EmbeddedPostgres.builder()
                .setOverrideWorkingDirectory(PrivateDirectory.cache().resolve("postgres").toFile())
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setRegisterShutdownHook(false)
                // arguments of initdb, whatever their name here says
                .setLocaleConfig("auth", "scram-sha-256")
                .setLocaleConfig("pwfile", passwordFile.toString())
                .setConnectConfig("password", password)
                .setServerConfig("wal_level", "logical")
                .setServerConfig("listen_addresses", "127.0.0.1")
                .setPGStartupWait(PATIENCE)
                .start(),
            password);
    Files.delete(passwordFile);
    try (Connection connection = server.connect(OWNER);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + DATABASE);
    } catch (SQLException e) {
      server.close();
      throw e;
    }
    return server;
  }

  private static String randomPassword() {
    byte[] random = new byte[18];
    RANDOM.nextBytes(random);
    return Base64.getUrlEncoder().encodeToString(random);
  }

  /** The password of the owner, new with each server; good for other roles, too. */
  public String password() {
    return password;
  }

  /** A connection of the owner to the database; the caller closes it. */
  public Connection connect() throws SQLException {
    return connect(DATABASE);
  }

  /** {@code postgresql://user:password@host:port/database} for a role. */
  public String url(String role, String rolePassword) {
    return "postgresql://%s:%s@127.0.0.1:%s/%s"
        .formatted(role, rolePassword, server.getPort(), DATABASE);
  }

  /** The URL of the owner, who may do everything. */
  public String ownerUrl() {
    return url(OWNER, password);
  }

  String version() throws SQLException {
    try (Connection connection = connect()) {
      return connection.getMetaData().getDatabaseProductVersion();
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }

  private Connection connect(String database) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + server.getPort() + "/" + database, OWNER, password);
  }
}
