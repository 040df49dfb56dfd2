package io.gkp.offsets;

import io.gkp.name.Lsn;
import java.util.Optional;

/**
 * A row of {@code pg_replication_slots}, and the walsender that uses the slot.
 *
 * @param confirmed everything before it was acknowledged and will not be sent again
 * @param walStatus {@code reserved}, {@code extended}, {@code unreserved} or {@code lost}; empty
 *     where the server does not say
 * @param holder who is reading from the slot now: process id, application and address
 * @see <a
 *     href="https://www.postgresql.org/docs/current/view-pg-replication-slots.html">pg_replication_slots</a>
 */
public record SlotState(
    String name,
    String plugin,
    String database,
    Lsn restart,
    Lsn confirmed,
    String walStatus,
    Optional<String> holder) {

  /** Whether the server has removed WAL that the slot needed; nothing can be read from it again. */
  public boolean isLost() {
    return "lost".equals(walStatus);
  }
}
