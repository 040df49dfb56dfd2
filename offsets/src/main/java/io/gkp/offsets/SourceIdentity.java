package io.gkp.offsets;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * What a position is a position in: LSNs of one server mean nothing on another one.
 *
 * @param systemIdentifier of the cluster; its physical standbys, and so a promoted one, have the
 *     same
 * @param databaseOid of the database; stays when the database is renamed
 * @param database its name, for people
 * @param slot the replication slot
 */
public record SourceIdentity(
    String systemIdentifier, long databaseOid, String database, String slot) {
  private static final String QUERY =
      """
      SELECT s.system_identifier::text AS system_identifier, d.oid AS database_oid, d.datname
      FROM pg_catalog.pg_control_system() s, pg_catalog.pg_database d
      WHERE d.datname = current_database()
      """;

  /** Needs no privilege. */
  public static SourceIdentity read(Connection connection, String slot) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(QUERY);
        ResultSet row = statement.executeQuery()) {
      row.next();
      return new SourceIdentity(
          row.getString("system_identifier"),
          row.getLong("database_oid"),
          row.getString("datname"),
          slot);
    }
  }

  /** Whether a position of the one can be used on the other. */
  public boolean isSame(SourceIdentity other) {
    return systemIdentifier.equals(other.systemIdentifier)
        && databaseOid == other.databaseOid
        && slot.equals(other.slot);
  }

  /** For a sentence. */
  public String describe() {
    return "slot " + slot + " of database " + database + " on server " + systemIdentifier;
  }
}
