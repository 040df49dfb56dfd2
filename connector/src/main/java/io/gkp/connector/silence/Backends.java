package io.gkp.connector.silence;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import org.postgresql.PGProperty;

/** Asks the server, on a connection of its own, what one of our backends is doing. */
final class Backends {
  private static final String APPLICATION = "gkp_cli probe";

  /** A backend that waits for its client, or to be rid of what it has sent, is not at work. */
  private static final String WAITS_FOR_CLIENT =
      "SELECT wait_event_type IS NOT NULL AND wait_event_type IN ('Client', 'Activity')"
          + " FROM pg_catalog.pg_stat_activity WHERE pid = ?";

  private static final String END =
      "SELECT pg_catalog.pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity"
          + " WHERE pid = ? AND usename = current_user AND datname = current_database()"
          + " AND wait_event_type IN ('Client', 'Activity')";

  private final Properties driver;
  private final Duration timeout;

  /**
   * @param driver what the driver is configured with, the server's address included
   * @param timeout how long each answer may take
   */
  Backends(Properties driver, Duration timeout) {
    this.driver = driver;
    this.timeout = timeout;
  }

  /** Whether the backend is at work, so that its answer may still come. */
  boolean isBusy(int pid) {
    try (Connection connection = connect();
        PreparedStatement query = connection.prepareStatement(WAITS_FOR_CLIENT)) {
      query.setInt(1, pid);
      try (ResultSet row = query.executeQuery()) {
        return row.next() && !row.getBoolean(1);
      }
    } catch (SQLException e) {
      return hasAnswered(e);
    }
  }

  /**
   * Ends a backend to which nobody listens any more, so that the slot and the lock that it holds
   * are free at once. Where that fails, the server finds out by itself.
   */
  void end(int pid) {
    try (Connection connection = connect();
        PreparedStatement query = connection.prepareStatement(END)) {
      query.setInt(1, pid);
      query.execute();
    } catch (SQLException e) {
      // The network is silent for this one, too.
    }
  }

  /** A server that refuses the question, for want of connections say, is there. */
  private static boolean hasAnswered(SQLException error) {
    String state = String.valueOf(error.getSQLState());
    return !state.equals("null") && !state.startsWith("08") && !state.startsWith("57P");
  }

  private Connection connect() throws SQLException {
    Properties properties = new Properties();
    driver
        .stringPropertyNames()
        .forEach(name -> properties.setProperty(name, driver.getProperty(name)));
    PGProperty.APPLICATION_NAME.set(properties, APPLICATION);
    PGProperty.REPLICATION.set(properties, (String) null);
    PGProperty.ASSUME_MIN_SERVER_VERSION.set(properties, (String) null);
    PGProperty.PREFER_QUERY_MODE.set(properties, (String) null);
    PGProperty.SOCKET_TIMEOUT.set(properties, Math.toIntExact(Math.max(1, timeout.toSeconds())));
    return DriverManager.getConnection(WatchedSocketFactory.URL, properties);
  }
}
