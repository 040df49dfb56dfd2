package io.gkp.connector.silence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.gkp.testing.TestPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.SocketFactory;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;

class WatchedSocketFactoryTest {
  private static final AtomicInteger MADE = new AtomicInteger();

  private final TestPostgres.Database database = TestPostgres.shared().createDatabase();

  /** As an operator may configure one; the driver creates it by its name. */
  public static final class OperatorsFactory extends SocketFactory {
    @Override
    public Socket createSocket() {
      MADE.incrementAndGet();
      return new Socket();
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
      throw new IOException();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress local, int localPort)
        throws IOException {
      throw new IOException();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
      throw new IOException();
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort)
        throws IOException {
      throw new IOException();
    }
  }

  @Test
  void anotherFactoryThatWasConfiguredMakesTheSockets() throws Exception {
    int before = MADE.get();
    try (Connection connection =
        connect(Map.of("socketFactory", OperatorsFactory.class.getName()))) {
      assertThat(connection.isValid(5)).isTrue();
    }
    assertThat(MADE.get()).isGreaterThan(before);
  }

  @Test
  void whatAnOperatorHasChosenStays() {
    assertThat(WatchedSocketFactory.watch(Map.of("connectTimeout", "77"), Duration.ofSeconds(5)))
        .containsEntry("connectTimeout", "77")
        .containsEntry("tcpKeepAlive", "true");
  }

  @Test
  void aBackendThatWaitsForItsClientIsNotBusyAndIsEnded() throws Exception {
    Backends backends = new Backends(driver(Map.of()), Duration.ofSeconds(5));
    try (Connection connection = connect(Map.of())) {
      int pid = connection.unwrap(PGConnection.class).getBackendPID();
      assertThat(backends.isBusy(pid)).isFalse();
      backends.end(pid);
      assertThat(connection.isValid(5)).isFalse();
    }
  }

  @Test
  void aBackendThatIsAtWorkIsBusyAndIsNotEnded() throws Exception {
    Backends backends = new Backends(driver(Map.of()), Duration.ofSeconds(5));
    try (Connection connection = connect(Map.of());
        Statement statement = connection.createStatement()) {
      int pid = connection.unwrap(PGConnection.class).getBackendPID();
      CompletableFuture<Boolean> work =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return statement.execute("SELECT pg_sleep(3)");
                } catch (SQLException e) {
                  throw new IllegalStateException(e);
                }
              });
      await().until(() -> backends.isBusy(pid));
      backends.end(pid);
      assertThat(work.join()).isTrue();
    }
  }

  private Connection connect(Map<String, String> options) throws Exception {
    Connection connection = DriverManager.getConnection(url(), driver(options));
    WatchedSocketFactory.opened(connection);
    return connection;
  }

  private String url() {
    return "jdbc:" + database.url().replaceFirst("//[^@]+@", "//");
  }

  private Properties driver(Map<String, String> options) {
    Properties properties = new Properties();
    WatchedSocketFactory.watch(options, Duration.ofSeconds(5)).forEach(properties::setProperty);
    String[] parts = database.url().split("[/:@]+");
    properties.setProperty("user", parts[1]);
    properties.setProperty("password", parts[2]);
    properties.setProperty("PGHOST", parts[3]);
    properties.setProperty("PGPORT", parts[4]);
    properties.setProperty("PGDBNAME", parts[5]);
    return properties;
  }
}
