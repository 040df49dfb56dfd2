package io.gkp.connector.checks.source;

import io.gkp.connector.checks.Finding;
import io.gkp.connector.config.SourceAddress;
import io.gkp.failure.Failure;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Checks of the server as a whole. */
public final class ServerChecks {
  /** pgoutput sends logical messages, on which the fence relies, since PostgreSQL 14. */
  private static final int OLDEST_SERVER = 140000;

  private static final Duration MAX_CLOCK_DIFFERENCE = Duration.ofMinutes(1);
  private static final Duration LONG_TRANSACTION = Duration.ofHours(1);
  private static final int MORE = 10;
  private static final int IDLE_TIMEOUT_SINCE = 180000;
  private static final long SHORTEST_IDLE_SECONDS = Duration.ofDays(2).toSeconds();

  private ServerChecks() {}

  public static List<Finding> version(Source source) throws SQLException {
    String name = "server-version";
    int version = source.version();
    if (version >= OLDEST_SERVER) {
      return List.of(Finding.ok(name, "PostgreSQL " + version / 10000 + "."));
    }
    return List.of(
        Finding.error(
            name,
            Failure.SOURCE_SETTINGS,
            "Postgres at " + source.config().describe() + " is version " + version / 10000 + ".",
            "Upgrade it to 14 or newer: older servers do not send the message that ends a run."));
  }

  /** A run writes its fence into the log. */
  public static List<Finding> primary(Source source) throws SQLException {
    String name = "primary";
    if ("f".equals(source.value("SELECT pg_catalog.pg_is_in_recovery()"))) {
      return List.of(Finding.ok(name, "The server is not in recovery."));
    }
    return List.of(
        Finding.error(
            name,
            Failure.SOURCE_SETTINGS,
            "Postgres at " + source.config().describe() + " is a standby, or is in recovery.",
            "Point --source-url (or DATABASE_URL) at the primary; a standby that is being promoted"
                + " serves as soon as it is one."));
  }

  public static List<Finding> walLevel(Source source) throws SQLException {
    String name = "wal-level";
    String level = source.value("SHOW wal_level");
    if ("logical".equals(level)) {
      return List.of(Finding.ok(name, "wal_level is logical."));
    }
    return List.of(
        Hosting.of(source)
            .logical(
                Finding.error(
                    name,
                    Failure.SOURCE_SETTINGS,
                    "Postgres at %s runs with wal_level=%s."
                        .formatted(source.config().describe(), level),
                    "Changes can be read at logical only. Restart the server after the change.")));
  }

  /** The slot is made once; until then a place must be free. */
  public static List<Finding> slotsLeft(Source source) throws SQLException {
    String name = "slots-left";
    long left =
        source.number(
            "SELECT current_setting('max_replication_slots')::int"
                + " - (SELECT count(*) FROM pg_catalog.pg_replication_slots)");
    boolean ours =
        !source
            .rows(
                "SELECT 1 FROM pg_catalog.pg_replication_slots WHERE slot_name = ?",
                row -> 1,
                source.config().slot())
            .isEmpty();
    if (ours || left > 0) {
      return List.of(Finding.ok(name, left + " replication slots are free."));
    }
    return List.of(
        Hosting.of(source)
            .restarted(
                Finding.error(
                    name,
                    Failure.SOURCE_SETTINGS,
                    "All replication slots are in use.",
                    "The first run needs one. Drop one that nobody needs, or restart with more."),
                "max_replication_slots",
                more(source, "max_replication_slots")));
  }

  public static List<Finding> sendersLeft(Source source) throws SQLException {
    String name = "senders-left";
    long left =
        source.number(
            "SELECT current_setting('max_wal_senders')::int"
                + " - (SELECT count(*) FROM pg_catalog.pg_stat_activity"
                + " WHERE backend_type = 'walsender')");
    if (left > 0) {
      return List.of(Finding.ok(name, left + " WAL senders are free."));
    }
    return List.of(
        Hosting.of(source)
            .restarted(
                Finding.error(
                    name,
                    Failure.SOURCE_SETTINGS,
                    "All WAL senders are in use.",
                    "Every run needs one. Restart the server with more."),
                "max_wal_senders",
                more(source, "max_wal_senders")));
  }

  private static long more(Source source, String setting) throws SQLException {
    return source.number("SHOW " + setting) + MORE;
  }

  public static List<Finding> idleTimeout(Source source) throws SQLException {
    String name = "idle-slot-timeout";
    if (source.version() < IDLE_TIMEOUT_SINCE) {
      return List.of(Finding.ok(name, "This version never drops idle slots."));
    }
    long seconds =
        source.number(
            "SELECT extract(epoch FROM current_setting('idle_replication_slot_timeout')::interval)"
                + "::bigint");
    if (seconds == 0 || seconds >= SHORTEST_IDLE_SECONDS) {
      return List.of(
          Finding.ok(
              name,
              seconds == 0
                  ? "Idle slots are kept."
                  : "Idle slots are kept for " + seconds / 3600 + " hours."));
    }
    return List.of(
        Hosting.of(source)
            .reloaded(
                Finding.warning(
                    name,
                    "idle_replication_slot_timeout is " + seconds + " s.",
                    "A slot that no run reads from for that long is invalidated. Keep it well above"
                        + " the schedule's interval."),
                "idle_replication_slot_timeout",
                Duration.ofDays(7).toSeconds()));
  }

  public static List<Finding> clock(Source source) throws SQLException {
    String name = "clock";
    long micros = source.number("SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint");
    Duration difference =
        Duration.between(Instant.now(), Instant.EPOCH.plusNanos(micros * 1000)).abs();
    if (difference.compareTo(MAX_CLOCK_DIFFERENCE) <= 0) {
      return List.of(Finding.ok(name, "The clocks agree to " + difference.toMillis() + " ms."));
    }
    return List.of(
        Finding.warning(
            name,
            "The clocks of this machine and of Postgres differ by "
                + difference.toSeconds()
                + " s.",
            "No order depends on them, but lag and freshness are reported wrongly. Set up NTP."));
  }

  /**
   * A prepared transaction has no session: only {@code pg_prepared_xacts} shows it. When a session
   * of another role began its transaction takes {@code pg_read_all_stats} to see.
   */
  public static List<Finding> longTransactions(Source source) throws SQLException {
    String name = "long-transactions";
    List<Finding> findings = new ArrayList<>();
    long seconds =
        source.number(
            "SELECT coalesce(max(extract(epoch FROM clock_timestamp() - xact_start)), 0)::bigint"
                + " FROM pg_catalog.pg_stat_activity WHERE backend_xid IS NOT NULL");
    if (seconds >= LONG_TRANSACTION.toSeconds()) {
      findings.add(
          Finding.warning(
                  name,
                  "A writing transaction has been open for " + seconds / 60 + " minutes.",
                  "A new slot waits for it, and the WAL since its begin is kept. End it if it was"
                      + " forgotten; look first:")
              .withCommand(
                  "psql -c \"SELECT pid, usename, state, xact_start FROM pg_stat_activity"
                      + " WHERE backend_xid IS NOT NULL ORDER BY xact_start\""));
    }
    long prepared =
        source.number(
            "SELECT coalesce(max(extract(epoch FROM clock_timestamp() - prepared)), 0)::bigint"
                + " FROM pg_catalog.pg_prepared_xacts");
    if (prepared >= LONG_TRANSACTION.toSeconds()) {
      findings.add(
          Finding.warning(
                  name,
                  "A prepared transaction has been waiting for " + prepared / 60 + " minutes.",
                  "A new slot waits for it, and the WAL since its begin is kept. No session holds"
                      + " it: in its database, end it by ROLLBACK PREPARED, or COMMIT PREPARED where"
                      + " its coordinator decided so; look first:")
              .withCommand(
                  "psql -c \"SELECT gid, database, owner, prepared FROM pg_prepared_xacts"
                      + " ORDER BY prepared\""));
    }
    return findings.isEmpty()
        ? List.of(Finding.ok(name, "No writing transaction is open for long."))
        : findings;
  }

  public static List<Finding> encryption(Source source) throws SQLException {
    String name = "encryption";
    String ssl =
        source.value("SELECT ssl::text FROM pg_catalog.pg_stat_ssl WHERE pid = pg_backend_pid()");
    SourceAddress address = source.config().address();
    String mode = address.options().getOrDefault("sslmode", "prefer");
    if (address.isVerified()) {
      return List.of(
          Finding.ok(
              name,
              "true".equals(ssl)
                  ? "The connection is encrypted (sslmode " + mode + ")."
                  : "The connection stays on this machine, or a connector encrypts it."));
    }
    return List.of(
        Finding.warning(
            name,
            "true".equals(ssl)
                ? "The connection is encrypted, but whose server answers is not verified (sslmode "
                    + mode
                    + ")."
                : "The connection to " + source.config().host() + " is not encrypted.",
            "Rows and the password could be read on the way. Add"
                + " ?sslmode=verify-full&sslrootcert=FILE to the source's URL."));
  }
}
