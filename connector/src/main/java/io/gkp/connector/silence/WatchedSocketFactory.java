package io.gkp.connector.silence;

import java.io.IOException;
import java.net.Socket;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import javax.net.SocketFactory;
import org.postgresql.PGConnection;
import org.postgresql.PGProperty;
import org.postgresql.core.SocketFactoryFactory;

/**
 * Makes the sockets of the JDBC driver, which creates it by its name; another factory that was
 * configured makes them, and they are watched.
 */
public final class WatchedSocketFactory extends DriverSocketFactory {
  private static final String TIMEOUT = "gkp.networkTimeoutMillis";
  private static final String OTHER_FACTORY = "gkp.socketFactory";
  private static final String CONNECT_TIMEOUT_SECONDS = "10";

  /** Host, port and database are properties, which need no encoding. */
  static final String URL = "jdbc:postgresql:///";

  /** The driver connects on the thread that asks for a connection. */
  private static final ThreadLocal<WatchedSocket> NEWEST = new ThreadLocal<>();

  private final Properties driver;
  private final SocketFactory sockets;

  /**
   * @param info what the driver was configured with
   */
  public WatchedSocketFactory(Properties info) throws SQLException {
    this.driver = new Properties();
    info.stringPropertyNames().forEach(name -> driver.setProperty(name, info.getProperty(name)));
    driver.remove(PGProperty.SOCKET_FACTORY.getName());
    if (driver.containsKey(OTHER_FACTORY)) {
      PGProperty.SOCKET_FACTORY.set(driver, driver.getProperty(OTHER_FACTORY));
    }
    this.sockets = SocketFactoryFactory.getSocketFactory(driver);
  }

  /**
   * The driver's options that make its connections watched ones; what an operator has chosen stays.
   *
   * @param options an operator's
   * @param timeout how long the server may say nothing before it is asked
   */
  public static Map<String, String> watch(Map<String, String> options, Duration timeout) {
    Map<String, String> watched = new HashMap<>();
    watched.put(PGProperty.CONNECT_TIMEOUT.getName(), CONNECT_TIMEOUT_SECONDS);
    watched.put(PGProperty.TCP_KEEP_ALIVE.getName(), "true");
    watched.putAll(options);
    String other =
        watched.put(PGProperty.SOCKET_FACTORY.getName(), WatchedSocketFactory.class.getName());
    if (other != null) {
      watched.put(OTHER_FACTORY, other);
    }
    watched.put(TIMEOUT, Long.toString(timeout.toMillis()));
    return watched;
  }

  /**
   * Opens a watched connection.
   *
   * @param driver the driver's options, with those of {@link #watch} and with {@code PGHOST},
   *     {@code PGPORT} and {@code PGDBNAME}
   */
  public static Connection connect(Properties driver) throws SQLException {
    Connection connection = DriverManager.getConnection(URL, driver);
    opened(connection);
    return connection;
  }

  /**
   * Says which backend is at the other end of a connection; to be called by the thread that has
   * just opened it. Until then a server that says nothing counts as gone.
   */
  static void opened(Connection connection) throws SQLException {
    WatchedSocket socket = NEWEST.get();
    NEWEST.remove();
    if (socket != null) {
      socket.servedBy(connection.unwrap(PGConnection.class).getBackendPID());
    }
  }

  @Override
  public Socket createSocket() throws IOException {
    Duration timeout = Duration.ofMillis(Long.parseLong(driver.getProperty(TIMEOUT)));
    WatchedSocket socket =
        new WatchedSocket(sockets.createSocket(), timeout, new Backends(driver, timeout));
    NEWEST.set(socket);
    return socket;
  }
}
