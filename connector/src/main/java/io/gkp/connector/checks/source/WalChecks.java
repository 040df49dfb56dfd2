package io.gkp.connector.checks.source;

import io.gkp.connector.checks.Finding;
import io.gkp.offsets.SlotWal;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Checks of the WAL that the slot may make the server keep, and of the room for it. */
public final class WalChecks {
  private static final long MIB = 1024 * 1024;
  private static final long USUAL_LIMIT_MIB = 50 * 1024;
  private static final Duration RATE_OVER = Duration.ofHours(1);
  private static final String KEEPERS =
      "psql -c \"SELECT slot_name, active, pg_size_pretty(pg_wal_lsn_diff(pg_current_wal_lsn(),"
          + " restart_lsn)) AS kept FROM pg_replication_slots ORDER BY restart_lsn\"";

  private WalChecks() {}

  /** Without a limit a deployment that was forgotten fills the disk of production. */
  public static List<Finding> limit(Source source) throws SQLException {
    String name = "wal-limit";
    Long limit = wal(source).limitBytes();
    Long perDay = bytesPerDay(source);
    if (limit == null) {
      return List.of(
          Hosting.of(source)
              .reloaded(
                  Finding.warning(
                      name,
                      "max_slot_wal_keep_size sets no limit" + rate(perDay) + ".",
                      "While no run comes, the slot keeps all WAL until the server's disk is full."
                          + " With a limit the slot is lost instead, and offsets reset --all starts"
                          + " over. Choose what the disk can hold, in MB."),
                  "max_slot_wal_keep_size",
                  USUAL_LIMIT_MIB));
    }
    if (perDay == null || limit >= perDay) {
      return List.of(Finding.ok(name, "A slot keeps at most " + size(limit) + rate(perDay) + "."));
    }
    return List.of(
        Hosting.of(source)
            .reloaded(
                Finding.warning(
                    name,
                    "A slot keeps at most " + size(limit) + rate(perDay) + ".",
                    "Without a run for %.1f hours the slot is lost. Choose what the disk can hold,"
                            .formatted(24.0 * limit / perDay)
                        + " in MB."),
                "max_slot_wal_keep_size",
                3 * perDay / MIB + 1));
  }

  /** Half of the limit leaves time to act. */
  public static List<Finding> retained(Source source) throws SQLException {
    String name = "slot-wal";
    SlotWal wal = wal(source);
    if (wal.retainedBytes() == null) {
      return List.of(Finding.ok(name, "The slot keeps no WAL yet."));
    }
    String kept = "The slot keeps " + size(wal.retainedBytes()) + " of WAL.";
    return List.of(
        wal.limitBytes() == null || wal.retainedBytes() < wal.limitBytes() / 2
            ? Finding.ok(name, kept)
            : Finding.warning(
                    name,
                    kept,
                    "That is more than half of max_slot_wal_keep_size; beyond it the slot is lost."
                        + " Run the export now, and more often.")
                .withCommand("./gkp_cli export-bigquery"));
  }

  /** Postgres does not tell how much of its disk is free; what it does tell is how large WAL is. */
  public static List<Finding> disk(Source source) throws SQLException {
    String name = "source-disk";
    String unknown =
        "How much of the disk is free is not to be had by SQL; on the server df -h shows it, for"
            + " Cloud SQL the metric cloudsql.googleapis.com/database/disk/utilization.";
    if (!"t".equals(source.value("SELECT has_function_privilege('pg_ls_waldir()', 'EXECUTE')"))) {
      return List.of(
          Finding.ok(
                  name,
                  "Unknown: this role may not ask how much WAL there is.",
                  unknown + " To let doctor see the WAL at least:")
              .withSql("GRANT pg_monitor TO " + source.role() + ";"));
    }
    long bytes = source.number("SELECT coalesce(sum(size), 0)::bigint FROM pg_ls_waldir()");
    // What checkpoints leave there by themselves; they are late at times.
    long usual =
        source.number(
            "SELECT sum(setting::bigint * CASE name WHEN 'max_wal_size' THEN 2 ELSE 1 END)::bigint"
                + " * 1024 * 1024 FROM pg_catalog.pg_settings"
                + " WHERE name IN ('max_wal_size', 'wal_keep_size')");
    if (bytes <= usual) {
      return List.of(Finding.ok(name, "WAL takes " + size(bytes) + ", as usual.", unknown));
    }
    return List.of(
        Finding.warning(
                name,
                "WAL takes " + size(bytes) + ", more than checkpoints leave.",
                "A slot that nobody reads or an archive_command that fails keeps it, until the disk"
                    + " is full. "
                    + unknown)
            .withCommand(KEEPERS, "psql -c \"SELECT * FROM pg_stat_archiver\""));
  }

  /** Mean of the server's WAL; null while it has not counted for long enough. */
  private static @Nullable Long bytesPerDay(Source source) throws SQLException {
    return source
        .rows(
            "SELECT wal_bytes::float8, extract(epoch FROM clock_timestamp() - stats_reset)::float8"
                + " FROM pg_catalog.pg_stat_wal",
            row ->
                row.getDouble(2) < RATE_OVER.toSeconds()
                    ? Optional.<Long>empty()
                    : Optional.of(
                        Math.round(
                            row.getDouble(1) / row.getDouble(2) * Duration.ofDays(1).toSeconds())))
        .get(0)
        .orElse(null);
  }

  private static String rate(@Nullable Long perDay) {
    return perDay == null ? "" : "; the server writes " + size(perDay) + " a day";
  }

  private static SlotWal wal(Source source) throws SQLException {
    return SlotWal.read(source.connection(), source.config().slot());
  }

  static String size(long bytes) {
    return bytes < 1024 * MIB
        ? "%.1f MiB".formatted((double) bytes / MIB)
        : "%.1f GiB".formatted(bytes / (1024.0 * MIB));
  }
}
