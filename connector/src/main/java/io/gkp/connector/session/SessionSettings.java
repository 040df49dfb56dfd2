package io.gkp.connector.session;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.postgresql.PGConnection;

/**
 * The settings that the export rests on. {@code ALTER ROLE ... SET} and {@code ALTER DATABASE ...
 * SET} reach every session of a role, the walsender's too, and the driver sends the JVM's time
 * zone.
 *
 * <ol>
 *   <li>They go with the startup message ({@link #startupOptions}), so that they hold before the
 *       first statement does: a {@code statement_timeout} of a millisecond would end that one.
 *   <li>{@link #prepare} sets them once more, for the driver sends some beside the options, and
 *       ends the timeout that only newer versions know.
 *   <li>{@link #prepareTransaction} sets them for a transaction that reads rows.
 * </ol>
 *
 * <p>{@code lc_monetary} is not among them: it decides how many digits of a {@code money} are
 * fraction, so that changing it changes the value.
 *
 * @see <a href="https://www.postgresql.org/docs/current/runtime-config-client.html">PostgreSQL:
 *     client connection defaults</a>
 */
public final class SessionSettings {
  /** DDL that holds a table for longer than this usually goes on for minutes. */
  public static final Duration LOCK_TIMEOUT = Duration.ofSeconds(5);

  private static final int TRANSACTION_TIMEOUT_SINCE = 17;

  /** What every version from 14 on knows. */
  private static final Map<String, String> SETTINGS = new LinkedHashMap<>();

  static {
    // How values are printed. In this form of intervals BigQuery can cast them: CAST(x AS INTERVAL)
    SETTINGS.put("TimeZone", "UTC");
    SETTINGS.put("DateStyle", "ISO, MDY");
    SETTINGS.put("IntervalStyle", "iso_8601");
    SETTINGS.put("extra_float_digits", "3");
    SETTINGS.put("bytea_output", "hex");
    // Names of tables and types (regclass and its like) are printed with their schema.
    SETTINGS.put("search_path", "pg_catalog");
    SETTINGS.put("quote_all_identifiers", "off");

    // What our statements mean.
    SETTINGS.put("standard_conforming_strings", "on");
    SETTINGS.put("array_nulls", "on");
    SETTINGS.put("transform_null_equals", "off");

    // Whose rights count; an error instead of a part of the rows where a policy would hide some.
    SETTINGS.put("role", "none");
    SETTINGS.put("row_security", "off");

    // Waits are ours to end. Only a lock that does not come is the server's to report.
    SETTINGS.put("statement_timeout", "0");
    SETTINGS.put("idle_in_transaction_session_timeout", "0");
    SETTINGS.put("idle_session_timeout", "0");
    SETTINGS.put("lock_timeout", Long.toString(LOCK_TIMEOUT.toMillis()));
    SETTINGS.put("exit_on_error", "off");

    SETTINGS.put("default_transaction_isolation", "read committed");
    SETTINGS.put("default_transaction_read_only", "off");
    SETTINGS.put("default_transaction_deferrable", "off");
    // A standby that is gone must not hold the commit of a mark that only this server reads.
    SETTINGS.put("synchronous_commit", "local");

    // A recursive query allots its hash table, up to this, when it starts. No query of ours needs
    // more than PostgreSQL's own default.
    SETTINGS.put("work_mem", "4MB");
    SETTINGS.put("hash_mem_multiplier", "1");

    // Compiling a query over the catalog takes a second, running it a few milliseconds.
    SETTINGS.put("jit", "off");

    // The driver keeps every message of a statement, and the stream is one statement.
    SETTINGS.put("client_min_messages", "warning");

    // The server, too, shall notice before long when nobody is at our end any more.
    SETTINGS.put("tcp_keepalives_idle", "30");
    SETTINGS.put("tcp_keepalives_interval", "10");
    SETTINGS.put("tcp_keepalives_count", "3");
    SETTINGS.put("tcp_user_timeout", "0");
  }

  private SessionSettings() {}

  /**
   * The startup message's {@code options}.
   *
   * @param others an operator's, which come first so that ours win; null where there are none
   */
  public static String startupOptions(String others) {
    String ours =
        SETTINGS.entrySet().stream()
            .map(setting -> "-c " + setting.getKey() + "=" + escaped(setting.getValue()))
            .collect(Collectors.joining(" "));
    return others == null || others.isBlank() ? ours : others + " " + ours;
  }

  private static String escaped(String value) {
    return value.replace(" ", "\\ ");
  }

  /**
   * Prepares a connection that was just opened.
   *
   * @throws PooledConnectionException where the server at the other end is not the one that was
   *     connected to
   */
  public static void prepare(Connection connection) throws SQLException {
    endTransactionTimeout(connection);
    set(connection, SETTINGS, false);
  }

  /**
   * Prepares a connection for the replication protocol. It brings {@link ServerText}.
   *
   * @param patience how long the server has to wait for a sign of us at least
   */
  public static void prepareReplication(Connection connection, Duration patience)
      throws SQLException {
    endTransactionTimeout(connection);
    Map<String, String> settings = new LinkedHashMap<>(SETTINGS);
    long configured = millis(connection, "wal_sender_timeout");
    if (configured > 0 && configured < patience.toMillis()) {
      settings.put("wal_sender_timeout", Long.toString(patience.toMillis()));
    }
    settings.put("client_encoding", ServerText.of(connection).encoding());
    set(connection, settings, false);
  }

  /**
   * Prepares a connection that asks for names alone, all of the database, and needs none of those
   * that are not ASCII: without an encoding, one that is not UTF-8 would be refused with all
   * others.
   */
  public static void prepareForNames(Connection connection) throws SQLException {
    endTransactionTimeout(connection);
    Map<String, String> settings = new LinkedHashMap<>(SETTINGS);
    if (ServerText.of(connection).encoding().equals(ServerText.NO_ENCODING)) {
      settings.put("client_encoding", "LATIN1"); // has a character for every byte
    }
    set(connection, settings, false);
  }

  /**
   * Lets a transaction bring text as the server stores it, also where Java knows less of its
   * encoding than the server does: for bytes that nobody reads as text.
   */
  public static void bringStoredText(Connection connection) throws SQLException {
    String stored = connection.unwrap(PGConnection.class).getParameterStatus("server_encoding");
    set(connection, Map.of("client_encoding", stored), true);
  }

  /**
   * Prepares a transaction, for its own time: what was set for the session before may be another
   * session's.
   *
   * @throws PooledConnectionException as {@link #prepare}
   */
  public static void prepareTransaction(Connection connection) throws SQLException {
    set(connection, SETTINGS, true);
  }

  /** A statement of its own, the shortest there is: the time may be as short. */
  private static void endTransactionTimeout(Connection connection) throws SQLException {
    if (connection.getMetaData().getDatabaseMajorVersion() >= TRANSACTION_TIMEOUT_SINCE) {
      try (Statement statement = connection.createStatement()) {
        statement.execute("SET transaction_timeout = 0");
      }
    }
  }

  private static void set(Connection connection, Map<String, String> settings, boolean local)
      throws SQLException {
    String sql =
        settings.entrySet().stream()
            .map(
                setting ->
                    "pg_catalog.set_config('%s', '%s', %s)"
                        .formatted(setting.getKey(), setting.getValue(), local))
            .collect(Collectors.joining(", ", "SELECT pg_catalog.pg_backend_pid(), ", ""));
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      if (row.getInt(1) != connection.unwrap(PGConnection.class).getBackendPID()) {
        throw new PooledConnectionException();
      }
    }
  }

  private static long millis(Connection connection, String name) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT (extract(epoch FROM pg_catalog.current_setting('"
                    + name
                    + "')::interval) * 1000)::bigint")) {
      row.next();
      return row.getLong(1);
    }
  }
}
