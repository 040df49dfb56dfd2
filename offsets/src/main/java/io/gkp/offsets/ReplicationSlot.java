package io.gkp.offsets;

import io.gkp.failure.ExportException;
import io.gkp.failure.Failure;
import io.gkp.name.Lsn;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;

/**
 * Control of one logical replication slot through SQL.
 *
 * <p>Nothing here is written to the source database: a slot is server state, and the run's mutual
 * exclusion is a session-level advisory lock, gone with its connection.
 */
public final class ReplicationSlot {
  /** The only output plugin used; built into the server since PostgreSQL 10. */
  public static final String PLUGIN = "pgoutput";

  private static final String OBJECT_IN_USE = "55006";
  private static final String LOCK_NOT_AVAILABLE = "55P03";
  private static final String LOCK_TIMEOUT = "2s";
  private static final String QUERY_CANCELED = "57014";
  private static final int FAILOVER_SINCE = 17;
  private static final Duration WAIT_FOR_TRANSACTIONS = Duration.ofMinutes(1);

  private final Connection connection;
  private final String name;

  /**
   * @param connection an autocommit connection to the slot's database; stays the caller's to close
   */
  public ReplicationSlot(Connection connection, String name) {
    this.connection = connection;
    this.name = name;
  }

  public String name() {
    return name;
  }

  /**
   * Takes the right to run with this slot, until the connection closes. Waits a moment for one that
   * has just closed: the server notices that a little later.
   *
   * @throws ExportException {@code SLOT_BUSY}, naming the holder
   */
  public void lock() throws SQLException {
    if (!take(lockName(), LOCK_TIMEOUT)) {
      throw busy(lockHolder().orElse("a session that has just ended"));
    }
  }

  /** Gives the right to run with this slot back, before the connection closes. */
  public void unlock() throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT pg_advisory_unlock(hashtextextended(?, 0))")) {
      statement.setString(1, lockName());
      statement.execute();
    }
  }

  /**
   * Takes the right to start a run, until the connection closes: of two that want to start one at
   * the same time, the second sees the first one's run.
   *
   * @throws ExportException {@code SLOT_BUSY} when somebody else has it for half a minute
   */
  public void lockStart() throws SQLException {
    if (!take("gkp-start:" + name, "30s")) {
      throw busy("somebody else who is starting a run");
    }
  }

  /**
   * Takes the right to say which shard exports which table, until the connection closes.
   *
   * @return false when somebody else has it for so long
   */
  public boolean lockShards(Duration wait) throws SQLException {
    return take("gkp-shards:" + name, wait.toSeconds() + "s");
  }

  /** The failure to report when {@link #lockShards} was in vain. */
  public ExportException shardsBusy() {
    return busy("somebody else who assigns tables to shards");
  }

  /**
   * Takes the right to make a dataset's views, until the connection closes.
   *
   * @return false when somebody else has it for two minutes
   */
  public boolean lockViews(String dataset) throws SQLException {
    return take("gkp-views:" + dataset, "2min");
  }

  private boolean take(String lock, String timeout) throws SQLException {
    connection.setAutoCommit(false);
    try (Statement limit = connection.createStatement();
        PreparedStatement statement =
            connection.prepareStatement("SELECT pg_advisory_lock(hashtextextended(?, 0))")) {
      limit.execute("SET LOCAL lock_timeout = '" + timeout + "'");
      statement.setString(1, lock);
      statement.execute();
      return true;
    } catch (SQLException e) {
      connection.rollback();
      if (LOCK_NOT_AVAILABLE.equals(e.getSQLState())) {
        return false;
      }
      throw e;
    } finally {
      connection.setAutoCommit(true); // commits; the lock is the session's
    }
  }

  /**
   * Has {@link #lockHolder} name the run, too, for whoever asks on another connection.
   *
   * @param runId letters, digits and dashes
   */
  public void lockedBy(String runId) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT set_config('application_name',"
                + " left(current_setting('application_name'), 30) || ' ' || ?, false)")) {
      statement.setString(1, runId);
      statement.execute();
    }
  }

  /** The slot as the server sees it; empty where it does not exist. */
  public Optional<SlotState> state() throws SQLException {
    String sql =
        """
        SELECT plugin, database, restart_lsn, confirmed_flush_lsn, wal_status, active_pid
        FROM pg_catalog.pg_replication_slots
        WHERE slot_name = ?
        """;
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, name);
      try (ResultSet row = statement.executeQuery()) {
        if (!row.next()) {
          return Optional.empty();
        }
        String reader = row.getString("active_pid");
        return Optional.of(
            new SlotState(
                name,
                row.getString("plugin"),
                row.getString("database"),
                lsn(row.getString("restart_lsn")),
                lsn(row.getString("confirmed_flush_lsn")),
                row.getString("wal_status"),
                reader == null ? Optional.empty() : reader(Integer.parseInt(reader))));
      }
    }
  }

  /**
   * Asked for only where there is one: the list of sessions takes the server longer than a slot.
   */
  private Optional<String> reader(int pid) throws SQLException {
    String sql =
        """
        SELECT reader.pid AS active_pid, a.application_name, a.client_addr, a.backend_start
        FROM (SELECT ?::int AS pid) AS reader
        LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = reader.pid
        """;
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setInt(1, pid);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return holder(row, "active_pid");
      }
    }
  }

  /** What the slot's positions are positions in. */
  public SourceIdentity source() throws SQLException {
    return SourceIdentity.read(connection, name);
  }

  /** The database that the connection, and so the slot, is for. */
  public String database() throws SQLException {
    return connection.getCatalog();
  }

  /** {@link #create(Duration)} within a minute. */
  public Lsn create() throws SQLException {
    return create(WAIT_FOR_TRANSACTIONS);
  }

  /**
   * Creates the slot; changes committed from the returned position on will be sent. Standbys that
   * synchronize slots get it, too (from PostgreSQL 17 on).
   *
   * @param limit how long to wait: the server first lets every transaction end that is open now
   * @throws ExportException {@code SLOT_BUSY} when they do not end; there is no slot then
   */
  public Lsn create(Duration limit) throws SQLException {
    connection.setAutoCommit(false);
    try (Statement settings = connection.createStatement();
        PreparedStatement statement = connection.prepareStatement(creation())) {
      settings.execute("SET LOCAL lock_timeout = 0"); // the end of a transaction comes as a lock
      statement.setString(1, name);
      statement.setString(2, PLUGIN);
      statement.setQueryTimeout(Math.toIntExact(limit.toSeconds()));
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return Lsn.parse(row.getString(1));
      }
    } catch (SQLException e) {
      connection.rollback();
      if (QUERY_CANCELED.equals(e.getSQLState())) {
        OpenTransactions open = OpenTransactions.read(connection);
        throw new ExportException(
            Failure.SLOT_BUSY,
            """
            Replication slot %s could not be created in %s s: the server waits for transactions \
            that are still open%s"""
                .formatted(
                    name,
                    limit.toSeconds(),
                    open.names().isEmpty() ? "." : ": " + String.join(", ", open.names()) + "."),
            "Run again when they have ended (pg_stat_activity and pg_prepared_xacts show them)."
                + (open.remedies().isEmpty()
                    ? ""
                    : " End what was forgotten: " + String.join("; ", open.remedies()) + "."),
            e);
      }
      throw e;
    } finally {
      connection.setAutoCommit(true); // commits; the slot is there either way
    }
  }

  private String creation() throws SQLException {
    boolean failover =
        connection.getMetaData().getDatabaseMajorVersion() >= FAILOVER_SINCE && !isInRecovery();
    return "SELECT lsn FROM pg_catalog.pg_create_logical_replication_slot(?, ?"
        + (failover ? ", failover => true)" : ")");
  }

  /** A standby's own slots cannot be passed on. */
  private boolean isInRecovery() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT pg_is_in_recovery()")) {
      row.next();
      return row.getBoolean(1);
    }
  }

  /**
   * Moves the slot forward, so that transactions whose commit ends at or before {@code to} are not
   * sent again. Does nothing where it already stands there.
   *
   * @throws ExportException {@code SLOT_BUSY} while somebody reads from the slot
   */
  public void advance(Lsn to) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            """
            SELECT pg_catalog.pg_replication_slot_advance(slot_name, ?::pg_lsn)
            FROM pg_catalog.pg_replication_slots
            WHERE slot_name = ? AND confirmed_flush_lsn < ?::pg_lsn
            """)) {
      statement.setString(1, to.toString());
      statement.setString(2, name);
      statement.setString(3, to.toString());
      statement.execute();
    } catch (SQLException e) {
      if (OBJECT_IN_USE.equals(e.getSQLState())) {
        throw busy(state().flatMap(SlotState::holder).orElse("a session that has just ended"));
      }
      throw e;
    }
  }

  /** Drops the slot, where it exists; WAL that only it kept is gone then. */
  public void drop() throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            """
            SELECT pg_catalog.pg_drop_replication_slot(slot_name)
            FROM pg_catalog.pg_replication_slots WHERE slot_name = ?
            """)) {
      statement.setString(1, name);
      statement.execute();
    } catch (SQLException e) {
      if (OBJECT_IN_USE.equals(e.getSQLState())) {
        throw busy(state().flatMap(SlotState::holder).orElse("a session that has just ended"));
      }
      throw e;
    }
  }

  /** The failure to report when somebody else reads from the slot. */
  public ExportException busy(String holder) {
    return new ExportException(
        Failure.SLOT_BUSY,
        "Another run holds replication slot " + name + ": " + holder + ".",
        "Wait for it to end; if it is dead, end it with SELECT pg_terminate_backend(<pid>).");
  }

  /** Who has the right to run with this slot now: process id, application and address. */
  public Optional<String> lockHolder() throws SQLException {
    String sql =
        """
        SELECT a.pid AS active_pid, a.application_name, a.client_addr, a.backend_start
        FROM pg_catalog.pg_locks l
        JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
        WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
          AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
          AND (l.classid::bigint << 32) | l.objid::bigint = hashtextextended(?, 0)
        """;
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, lockName());
      try (ResultSet row = statement.executeQuery()) {
        return row.next() ? holder(row, "active_pid") : Optional.empty();
      }
    }
  }

  private static Optional<String> holder(ResultSet row, String pidColumn) throws SQLException {
    int pid = row.getInt(pidColumn);
    if (row.wasNull()) {
      return Optional.empty();
    }
    String address = row.getString("client_addr");
    return Optional.of(
        "pid "
            + pid
            + " ("
            + row.getString("application_name")
            + (address == null ? "" : " from " + address)
            + ", since "
            + row.getString("backend_start")
            + ")");
  }

  private String lockName() {
    return "gkp-export:" + name;
  }

  private static Lsn lsn(String text) {
    return text == null ? Lsn.NONE : Lsn.parse(text);
  }
}
