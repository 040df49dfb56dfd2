package io.gkp.offsets;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * The WAL that a slot makes the server keep. What the server does not say is null.
 *
 * @param retainedBytes between the slot's restart position and the end of the log
 * @param limitBytes {@code max_slot_wal_keep_size}; null where there is no limit
 * @param bytesUntilLost WAL that may still be written before the slot is in danger
 */
public record SlotWal(
    @Nullable Long retainedBytes, @Nullable Long limitBytes, @Nullable Long bytesUntilLost) {
  private static final String QUERY =
      """
      SELECT pg_wal_lsn_diff(
               CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn()
                    ELSE pg_current_wal_lsn() END,
               s.restart_lsn)::bigint AS retained,
             s.safe_wal_size,
             l.setting::bigint * 1024 * 1024 AS keep
      FROM pg_catalog.pg_settings l
      LEFT JOIN pg_catalog.pg_replication_slots s ON s.slot_name = ?
      WHERE l.name = 'max_slot_wal_keep_size'
      """;

  public static SlotWal read(Connection connection, String slot) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(QUERY)) {
      statement.setString(1, slot);
      try (ResultSet row = statement.executeQuery()) {
        if (!row.next()) {
          return new SlotWal(null, null, null);
        }
        Long keep = number(row, "keep");
        return new SlotWal(
            number(row, "retained"),
            keep == null || keep < 0 ? null : keep,
            number(row, "safe_wal_size"));
      }
    }
  }

  private static @Nullable Long number(ResultSet row, String column) throws SQLException {
    long value = row.getLong(column);
    return row.wasNull() ? null : value;
  }
}
