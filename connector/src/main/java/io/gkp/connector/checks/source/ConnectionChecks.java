package io.gkp.connector.checks.source;

import io.gkp.connector.checks.Finding;
import io.gkp.failure.Failure;
import java.sql.SQLException;
import java.util.List;

/** Whether the server has room for a run's sessions. */
public final class ConnectionChecks {
  /** Connections that one run has at once, at most; one of them takes a WAL sender. */
  public static final int NEEDED = 6;

  /**
   * What the role, the database and the server leave, in this order; a limit of -1 is none. The WAL
   * sender counts for the role, and has a place of its own at the server.
   *
   * @see <a
   *     href="https://www.postgresql.org/docs/current/runtime-config-connection.html">connections</a>
   */
  private static final String LEFT =
      """
      SELECT r.rolconnlimit,
             r.rolconnlimit - (SELECT count(*) FROM pg_catalog.pg_stat_activity
               WHERE usesysid = r.oid AND pid <> pg_backend_pid()),
             d.datconnlimit - (SELECT count(*) FROM pg_catalog.pg_stat_activity
               WHERE datid = d.oid AND pid <> pg_backend_pid()),
             d.datconnlimit,
             current_setting('max_connections')::int
               - current_setting('superuser_reserved_connections')::int
               - coalesce(current_setting('reserved_connections', true)::int, 0)
               - (SELECT count(*) FROM pg_catalog.pg_stat_activity
                   WHERE usesysid IS NOT NULL AND pid <> pg_backend_pid())
               + (SELECT count(*) FROM pg_catalog.pg_stat_replication),
             r.rolsuper
      FROM pg_catalog.pg_roles r, pg_catalog.pg_database d
      WHERE r.rolname = current_user AND d.datname = current_database()
      """;

  private record Left(
      int roleLimit, int ofRole, int ofDatabase, int databaseLimit, int ofServer, boolean all) {}

  private ConnectionChecks() {}

  public static List<Finding> left(Source source) throws SQLException {
    String name = "connections-left";
    Left left =
        source
            .rows(
                LEFT,
                row ->
                    new Left(
                        row.getInt(1),
                        row.getInt(2),
                        row.getInt(3),
                        row.getInt(4),
                        row.getInt(5),
                        row.getBoolean(6)))
            .get(0);
    if (!left.all() && left.roleLimit() >= 0 && left.ofRole() < NEEDED) {
      return List.of(
          few(name, "role " + source.config().user() + " may have", left.ofRole())
              .withSql("ALTER ROLE " + source.role() + " CONNECTION LIMIT " + 2 * NEEDED + ";"));
    }
    if (!left.all() && left.databaseLimit() >= 0 && left.ofDatabase() < NEEDED - 1) {
      return List.of(
          few(name, "database " + source.config().database() + " has", left.ofDatabase()));
    }
    if (left.ofServer() < NEEDED - 1) {
      return List.of(few(name, "the server has", left.ofServer()));
    }
    return List.of(Finding.ok(name, "The server has " + left.ofServer() + " connections free."));
  }

  private static Finding few(String check, String who, int left) {
    return Finding.error(
        check,
        Failure.SOURCE_UNREACHABLE,
        "At this moment " + who + " " + Math.max(0, left) + " more connections.",
        "A run has up to "
            + NEEDED
            + " at once, one of them a WAL sender. Raise the limit, or run at a quieter time.");
  }
}
