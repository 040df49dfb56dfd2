package io.gkp.connector.source.snapshot;

import io.gkp.connector.config.SourceConfig;
import io.gkp.failure.ExportException;
import io.gkp.failure.Failure;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/**
 * The role that conditions are evaluated as, where the operator gives one: it limits what they see.
 * A function that they call may set the role back, so that it confines no function ({@link
 * io.gkp.connector.checks.source.PlannedFunctions} does).
 *
 * @see <a href="https://www.postgresql.org/docs/current/sql-set-role.html">SET ROLE</a>
 */
final class BackfillRole {
  private BackfillRole() {}

  /**
   * Takes it for the transaction that has begun, where there is one to take.
   *
   * @throws ExportException {@code BACKFILL_ROLE} when it cannot be taken, or may replicate
   */
  static void take(Connection connection, SourceConfig source) throws SQLException {
    String role = source.backfillRole();
    if (role == null) {
      return;
    }
    try (PreparedStatement set =
        connection.prepareStatement("SELECT pg_catalog.set_config('role', ?, true)")) {
      set.setString(1, role);
      set.execute();
    } catch (SQLException e) {
      String state = String.valueOf(e.getSQLState());
      if (state.startsWith("22") || state.startsWith("42")) {
        throw failure(source, "cannot be taken by user " + source.user(), e);
      }
      throw e;
    }
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT rolreplication OR rolsuper FROM pg_catalog.pg_roles"
                    + " WHERE rolname = current_user")) {
      if (!row.next() || row.getBoolean(1)) {
        throw failure(source, "has REPLICATION or is a superuser", null);
      }
    }
  }

  private static ExportException failure(
      SourceConfig source, String what, @Nullable SQLException cause) {
    return new ExportException(
        Failure.BACKFILL_ROLE,
        "Role %s of --backfill-role %s at %s."
            .formatted(source.backfillRole(), what, source.describe()),
        "Create one without rights of its own, grant it SELECT on the captured tables, and grant it to"
            + " "
            + source.user()
            + "; or leave --backfill-role out.",
        cause);
  }
}
