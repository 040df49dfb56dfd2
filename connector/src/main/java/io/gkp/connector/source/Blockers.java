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

  private static final int SCHEMAS_SINCE = 15;

  /**
   * Transactions that were under way, and may have written a table, when the publication came to
   * hold it as it does now: a change is decoded by the catalogue of its time. A version of a row
   * that is too old to be compared is older than them all.
   */
  private static final String BEFORE_PUBLISHED =
      """
      WITH RECURSIVE tree (oid, namespace) AS (
        SELECT c.oid, c.relnamespace FROM pg_catalog.pg_class c
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = ? AND c.relname = ?
        UNION ALL
        SELECT i.inhrelid, tree.namespace
        FROM pg_catalog.pg_inherits i JOIN tree ON i.inhparent = tree.oid
      ), held (version, entry) AS (
        SELECT p.xmin, e.xmin FROM pg_catalog.pg_publication p
        JOIN pg_catalog.pg_publication_rel e ON e.prpubid = p.oid
        WHERE p.pubname = ? AND e.prrelid IN (SELECT oid FROM tree)
        %s
        UNION ALL
        SELECT p.xmin, p.xmin FROM pg_catalog.pg_publication p
        WHERE p.pubname = ? AND p.puballtables
      ), since (age) AS (
        SELECT least(
          min(CASE WHEN age(version) < 0 THEN 2147483647 ELSE age(version) END),
          max(CASE WHEN age(entry) < 0 THEN 2147483647 ELSE age(entry) END))
        FROM held
      )
      SELECT DISTINCT k.pid, k.virtualtransaction, true AS granted
      FROM since, pg_catalog.pg_locks k
      JOIN pg_catalog.pg_locks own ON own.virtualtransaction = k.virtualtransaction
        AND own.pid IS NOT DISTINCT FROM k.pid
        AND own.locktype = 'transactionid' AND own.mode = 'ExclusiveLock' AND own.granted
      WHERE k.locktype = 'relation' AND k.granted
        AND k.mode IN ('RowExclusiveLock', 'ShareRowExclusiveLock', 'ExclusiveLock')
        AND k.database =
          (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = current_database())
        AND k.relation IN (SELECT oid FROM tree)
        AND age(own.transactionid) > since.age
      """;

  private static final String OF_SCHEMA =
      """
      UNION ALL
      SELECT p.xmin, e.xmin FROM pg_catalog.pg_publication p
      JOIN pg_catalog.pg_publication_namespace e ON e.pnpubid = p.oid
      WHERE p.pubname = ? AND e.pnnspid IN (SELECT namespace FROM tree)
      """;

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
   * Transactions whose changes of a table may not be sent although it is published by now, and that
   * no snapshot shows before they end; one phrase each.
   */
  public List<String> writersFromBefore(TableName table, String publication) throws SQLException {
    boolean schemas = connection.getMetaData().getDatabaseMajorVersion() >= SCHEMAS_SINCE;
    String sql = HOLDER.formatted(BEFORE_PUBLISHED.formatted(schemas ? OF_SCHEMA : ""));
    try (PreparedStatement query = connection.prepareStatement(sql)) {
      query.setString(1, table.schema());
      query.setString(2, table.table());
      for (int place = 3; place <= (schemas ? 5 : 4); place++) {
        query.setString(place, publication);
      }
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
