package io.gkp.connector.source;

import io.gkp.connector.session.SessionSettings;
import io.gkp.failure.ExportException;
import io.gkp.failure.Failure;
import io.gkp.name.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Who holds up the export at the server. A role without {@code pg_read_all_stats} sees who, and not
 * what the other does or for how long.
 *
 * @see <a href="https://www.postgresql.org/docs/current/functions-info.html">pg_blocking_pids()</a>
 */
public final class Blockers {
  /** Lock modes that keep others from reading a table. */
  public static final List<String> KEEPS_FROM_READING = List.of("AccessExclusiveLock");

  /** Those that keep others from publishing it. */
  static final List<String> KEEPS_FROM_DDL =
      List.of(
          "ShareUpdateExclusiveLock",
          "ShareLock",
          "ShareRowExclusiveLock",
          "ExclusiveLock",
          "AccessExclusiveLock");

  private static final String REMEDY =
      "The next run tries again. Where a session was forgotten, end it: SELECT"
          + " pg_terminate_backend(<pid>); a prepared transaction: ROLLBACK PREPARED '<name>'.";

  /** A transaction that was prepared and not ended holds its locks without a session. */
  private static final String HOLDER =
      """
      SELECT l.pid, x.gid, a.application_name, a.state,
             floor(extract(epoch FROM clock_timestamp()
               - coalesce(x.prepared, a.xact_start, a.query_start)))::bigint AS seconds,
             CASE WHEN NOT l.granted THEN pg_catalog.pg_blocking_pids(l.pid)::text END AS before
      FROM (%s) l
      LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
      LEFT JOIN (pg_catalog.pg_prepared_xacts x
        JOIN pg_catalog.pg_locks own ON own.locktype = 'transactionid'
          AND own.transactionid = x.transaction AND own.pid IS NULL)
        ON l.pid IS NULL AND own.virtualtransaction = l.virtualtransaction
      ORDER BY l.granted DESC, seconds DESC NULLS LAST
      """;

  private static final String OF_TABLE =
      """
      SELECT DISTINCT k.pid, k.virtualtransaction, k.granted
      FROM pg_catalog.pg_locks k
      WHERE k.locktype = 'relation' AND k.mode = ANY (?)
        AND k.pid IS DISTINCT FROM pg_catalog.pg_backend_pid()
        AND k.database =
          (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = current_database())
        AND k.relation IN (
          WITH RECURSIVE tree(oid) AS (
            SELECT c.oid FROM pg_catalog.pg_class c
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = ? AND c.relname = ?
            UNION ALL
            SELECT i.inhrelid FROM pg_catalog.pg_inherits i JOIN tree ON i.inhparent = tree.oid)
          SELECT oid FROM tree)
      """;

  /** Transactions that hold a lock for writing on a table, and began before some other one. */
  private static final String WRITING =
      """
      WITH RECURSIVE tree (oid) AS (
        SELECT c.oid FROM pg_catalog.pg_class c
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = ? AND c.relname = ?
        UNION ALL
        SELECT i.inhrelid FROM pg_catalog.pg_inherits i JOIN tree ON i.inhparent = tree.oid
      )
      SELECT DISTINCT k.pid, k.virtualtransaction, true AS granted
      FROM pg_catalog.pg_locks k
      JOIN pg_catalog.pg_locks own ON own.virtualtransaction = k.virtualtransaction
        AND own.pid IS NOT DISTINCT FROM k.pid
        AND own.locktype = 'transactionid' AND own.mode = 'ExclusiveLock' AND own.granted
      WHERE k.locktype = 'relation' AND k.granted
        AND k.mode IN ('RowExclusiveLock', 'ShareRowExclusiveLock', 'ExclusiveLock')
        AND k.database =
          (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = current_database())
        AND k.relation IN (SELECT oid FROM tree)
        AND %s < ?
      """
          .formatted(RunningTransactions.id("own"));

  private static final String OF_BACKENDS =
      """
      SELECT DISTINCT nullif(b.pid, 0) AS pid, k.virtualtransaction, true AS granted
      FROM pg_catalog.unnest(?::int[]) waiting(pid)
      CROSS JOIN pg_catalog.unnest(pg_catalog.pg_blocking_pids(waiting.pid)) b(pid)
      LEFT JOIN pg_catalog.pg_locks k ON b.pid = 0 AND k.pid IS NULL
        AND k.locktype = 'transactionid'
      """;

  /** Waits for a client, and for work to do, are nobody's fault; that for a standby is. */
  private static final String WAITING =
      """
      SELECT a.pid, a.wait_event_type || '/' || a.wait_event
      FROM pg_catalog.pg_stat_activity a
      WHERE (a.pid = ANY (?::int[]) OR a.pid =
          (SELECT s.active_pid FROM pg_catalog.pg_replication_slots s WHERE s.slot_name = ?))
        AND (a.wait_event_type NOT IN ('Client', 'Activity')
          OR a.wait_event = 'WaitForStandbyConfirmation')
      """;

  private final Connection connection;

  public Blockers(Connection connection) {
    this.connection = connection;
  }

  /**
   * The failure that says who has locked tables, after one of them has been waited for in vain.
   *
   * @param modes the locks that are in the way
   * @param what became of the tables
   */
  public ExportException failure(
      List<TableName> tables, List<String> modes, String what, SQLException error)
      throws SQLException {
    Set<String> holders = new LinkedHashSet<>();
    for (TableName table : tables) {
      holders.addAll(of(table, modes));
    }
    return new ExportException(
        Failure.SOURCE_LOCKED,
        "Table %s %s: a lock was not to be had for %s s, held by %s."
            .formatted(
                tables.stream().map(TableName::display).collect(Collectors.joining(", ")),
                what,
                SessionSettings.LOCK_TIMEOUT.toSeconds(),
                holders.isEmpty() ? "a session that has just let go" : String.join("; ", holders)),
        REMEDY,
        error);
  }

  /** Sessions that have locked a table, or a part of it; one phrase each. */
  private List<String> of(TableName table, List<String> modes) throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(HOLDER.formatted(OF_TABLE))) {
      query.setArray(1, connection.createArrayOf("text", modes.toArray()));
      query.setString(2, table.schema());
      query.setString(3, table.table());
      return phrases(query);
    }
  }

  /**
   * Transactions that are writing a table; one phrase each.
   *
   * @param next they have lower ids (64 bits)
   */
  public List<String> writers(TableName table, long next) throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(HOLDER.formatted(WRITING))) {
      query.setString(1, table.schema());
      query.setString(2, table.table());
      query.setLong(3, next);
      return phrases(query);
    }
  }

  /** The failure where these do not end. */
  public static ExportException writing(TableName table, List<String> writers) {
    return new ExportException(
        Failure.SOURCE_LOCKED,
        """
        Table %s could not be read: transactions that were under way when it was published \
        may have changed it before: %s."""
            .formatted(table, String.join("; ", writers)),
        REMEDY);
  }

  /** Sessions that some of our backends wait for now; one phrase each. */
  private List<String> of(Collection<Integer> backends) throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(HOLDER.formatted(OF_BACKENDS))) {
      query.setArray(1, connection.createArrayOf("int4", backends.toArray()));
      return phrases(query);
    }
  }

  private static List<String> phrases(PreparedStatement query) throws SQLException {
    List<String> phrases = new ArrayList<>();
    try (ResultSet row = query.executeQuery()) {
      while (row.next()) {
        phrases.add(phrase(row));
      }
    }
    return phrases;
  }

  /** As {@link SourceDatabase#waits}. */
  Optional<String> waits(List<Integer> backends, String slot) throws SQLException {
    Set<Integer> waiting = new TreeSet<>();
    Set<String> events = new TreeSet<>();
    try (PreparedStatement query = connection.prepareStatement(WAITING)) {
      query.setArray(1, connection.createArrayOf("int4", backends.toArray()));
      query.setString(2, slot);
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          waiting.add(row.getInt(1));
          events.add(row.getString(2));
        }
      }
    }
    if (waiting.isEmpty()) {
      return Optional.empty();
    }
    List<String> blockers = of(waiting);
    return Optional.of(
        String.join(", ", events)
            + (blockers.isEmpty() ? "" : "; in the way: " + String.join("; ", blockers)));
  }

  private static String phrase(ResultSet row) throws SQLException {
    StringBuilder phrase = new StringBuilder();
    if (row.getString("gid") != null) {
      phrase.append("prepared transaction ").append(row.getString("gid"));
    } else if (row.getString("pid") == null) {
      phrase.append("a prepared transaction");
    } else {
      phrase.append("pid ").append(row.getString("pid"));
    }
    String application = row.getString("application_name");
    if (application != null && !application.isBlank()) {
      phrase.append(" (").append(application).append(")");
    }
    if (row.getString("state") != null) {
      phrase.append(", ").append(row.getString("state"));
    }
    long seconds = row.getLong("seconds");
    if (!row.wasNull()) {
      phrase.append(", for ").append(seconds).append(" s");
    }
    if (row.getString("before") != null) {
      phrase.append(", itself waiting for pid ").append(row.getString("before"));
    }
    return phrase.toString();
  }
}
