package io.gkp.connector.checks.source;

import io.gkp.connector.checks.Finding;
import io.gkp.failure.Failure;
import io.gkp.offsets.ReplicationSlot;
import io.gkp.offsets.SlotState;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Checks of the replication slot. */
public final class SlotChecks {
  private static final String RESET = "./gkp_cli offsets reset --all --yes --reason '...'";

  private SlotChecks() {}

  private static Optional<SlotState> slot(Source source) throws SQLException {
    return new ReplicationSlot(source.connection(), source.config().slot()).state();
  }

  public static List<Finding> state(Source source) throws SQLException {
    String name = "slot-state";
    Optional<SlotState> slot = slot(source);
    if (slot.isEmpty()) {
      return List.of(
          Finding.ok(
              name, "Slot " + source.config().slot() + " does not exist; the first run makes it."));
    }
    if (slot.get().isLost()) {
      return List.of(
          Finding.error(
                  name,
                  Failure.SLOT_INVALIDATED,
                  "Slot " + source.config().slot() + " was invalidated by the server.",
                  "WAL that it needed is gone; only new snapshots help.")
              .withCommand(RESET));
    }
    String database = source.value("SELECT current_database()");
    if (!ReplicationSlot.PLUGIN.equals(slot.get().plugin())
        || !Objects.equals(database, slot.get().database())) {
      return List.of(
          Finding.error(
              name,
              Failure.CONFIGURATION,
              "Slot %s belongs to something else (plugin %s, database %s)."
                  .formatted(source.config().slot(), slot.get().plugin(), slot.get().database()),
              "Choose another --slot."));
    }
    return List.of(
        Finding.ok(
            name,
            "Slot %s is %s, confirmed %s."
                .formatted(
                    source.config().slot(), slot.get().walStatus(), slot.get().confirmed())));
  }

  /** A second consumer takes changes away from the export. */
  public static List<Finding> consumer(Source source) throws SQLException {
    String name = "slot-consumer";
    Optional<String> holder = slot(source).flatMap(SlotState::holder);
    Optional<String> run =
        new ReplicationSlot(source.connection(), source.config().slot()).lockHolder();
    if (holder.isEmpty() || run.isPresent()) {
      return List.of(
          Finding.ok(
              name,
              run.isPresent() ? "A run is going: " + run.get() + "." : "Nobody reads the slot."));
    }
    return List.of(
        Finding.error(
                name,
                Failure.SLOT_BUSY,
                "Somebody who is no run reads from the slot: " + holder.get() + ".",
                "What it acknowledges, the export never gets. End it, or choose another --slot.")
            .withCommand(
                "psql -c \"SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots"
                    + " WHERE slot_name = '"
                    + source.config().slot()
                    + "'\""));
  }
}
