package io.gkp.demo;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/**
 * A PostgreSQL server of this process with {@code wal_level=logical}, on a free loopback port, with
 * one database. {@link #close()} stops the server and leaves its files; nothing else stops it.
 */
final class EmbeddedPostgresServer implements AutoCloseable {
  static final String DATABASE = "gkp";

  private static final String OWNER = "postgres";
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final EmbeddedPostgres server;

  private EmbeddedPostgresServer(EmbeddedPostgres server) {
    this.server = server;
  }

  /**
   * Starts the server and creates the database.
   *
   * @param data where the server keeps its files; created when missing
   */
  static EmbeddedPostgresServer start(Path data) throws IOException, SQLException {
    EmbeddedPostgresServer server =
        new EmbeddedPostgresServer(
            EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setRegisterShutdownHook(false)
                .setServerConfig("wal_level", "logical")
                .setServerConfig("listen_addresses", "127.0.0.1")
                .setPGStartupWait(PATIENCE)
                .start());
    try (Connection connection = server.connect(OWNER);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + DATABASE);
    } catch (SQLException e) {
      server.close();
      throw e;
    }
    return server;
  }

  /** A connection of the owner to the database; the caller closes it. */
  Connection connect() throws SQLException {
    return connect(DATABASE);
  }

  /** {@code postgresql://user:password@host:port/database} for a role. */
  String url(String role, String password) {
    return "postgresql://"
        + role
        + ":"
        + password
        + "@127.0.0.1:"
        + server.getPort()
        + "/"
        + DATABASE;
  }

  /** The URL of the owner, who may do everything; the server trusts loopback. */
  String ownerUrl() {
    return "postgresql://" + OWNER + "@127.0.0.1:" + server.getPort() + "/" + DATABASE;
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
        "jdbc:postgresql://127.0.0.1:" + server.getPort() + "/" + database, OWNER, "");
  }
}
