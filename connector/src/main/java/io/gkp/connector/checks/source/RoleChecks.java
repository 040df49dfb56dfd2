package io.gkp.connector.checks.source;

import io.gkp.connector.checks.Finding;
import io.gkp.failure.Failure;
import java.sql.SQLException;
import java.util.List;

/** Checks of the export's role. */
public final class RoleChecks {
  private RoleChecks() {}

  /**
   * REPLICATION is not inherited: the role itself needs it. On Amazon RDS and Aurora nobody has it;
   * members of {@code rds_replication} may replicate.
   */
  public static List<Finding> replication(Source source) throws SQLException {
    String name = "role-replication";
    String may =
        source.value(
            "SELECT rolreplication OR rolsuper OR EXISTS (SELECT FROM pg_catalog.pg_roles m"
                + " WHERE m.rolname = 'rds_replication' AND pg_has_role(r.oid, m.oid, 'MEMBER'))"
                + " FROM pg_catalog.pg_roles r WHERE rolname = current_user");
    if ("t".equals(may)) {
      return List.of(
          Finding.ok(name, "Role " + source.config().user() + " may use logical replication."));
    }
    return List.of(
        Finding.error(
                name,
                Failure.SOURCE_PERMISSION,
                "User " + source.config().user() + " may not use logical replication.",
                "The slot and the stream need it.")
            .withSql(Hosting.of(source).grantReplication(source.role())));
  }

  public static List<Finding> leastPrivilege(Source source) throws SQLException {
    String name = "role-least-privilege";
    String superuser =
        source.value("SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user");
    if (!"t".equals(superuser)) {
      return List.of(Finding.ok(name, "Role " + source.config().user() + " is not a superuser."));
    }
    return List.of(
        Finding.warning(
                name,
                "Role " + source.config().user() + " is a superuser.",
                "The export needs REPLICATION and SELECT on the captured tables, no more. Give it a"
                    + " role of its own; --fix-sql as that role prints its grants.")
            .withCommand("createuser --replication gkp_exporter"));
  }
}
