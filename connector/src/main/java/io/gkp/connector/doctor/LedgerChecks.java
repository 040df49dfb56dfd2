package io.gkp.connector.doctor;

import io.gkp.connector.checks.Finding;
import io.gkp.connector.composition.Compositions;
import io.gkp.connector.composition.TableDrifts;
import io.gkp.connector.config.ExportConfig;
import io.gkp.connector.source.Catalogue;
import io.gkp.connector.source.SourceDatabase;
import io.gkp.connector.source.SourceErrors;
import io.gkp.connector.source.WalHistory;
import io.gkp.failure.ExportException;
import io.gkp.failure.Failure;
import io.gkp.name.Lsn;
import io.gkp.offsets.Checkpoint;
import io.gkp.offsets.ControlStore;
import io.gkp.offsets.Epoch;
import io.gkp.offsets.Epochs;
import io.gkp.offsets.Ledger;
import io.gkp.offsets.ReplicationSlot;
import io.gkp.offsets.RunRecord;
import io.gkp.offsets.Runs;
import io.gkp.offsets.SlotState;
import io.gkp.offsets.SnapshotChunks;
import io.gkp.offsets.SnapshotProgress;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Checks of what the control tables say, and of the slot against it. */
final class LedgerChecks {
  private static final String RESET = "./gkp_cli offsets reset --all --yes --reason '...'";
  private static final Duration STALE = Duration.ofHours(25);

  private final ControlStore store;
  private final ExportConfig config;
  private final Clock clock;

  LedgerChecks(ControlStore store, ExportConfig config, Clock clock) {
    this.store = store;
    this.config = config;
    this.clock = clock;
  }

  /**
   * @param connection to the source; null where there is none
   */
  List<Finding> check(@Nullable Connection connection) {
    List<Finding> findings = new ArrayList<>();
    Optional<Checkpoint> last = new Ledger(store, config.shard()).last();
    findings.add(
        last.map(
                checkpoint ->
                    Finding.ok("ledger", "The ledger stands at batch " + checkpoint.n() + "."))
            .orElse(Finding.ok("ledger", "There is no ledger; the first run begins it.")));
    if (connection != null) {
      try {
        Finding slot = slot(last, new ReplicationSlot(connection, config.source().slot()).state());
        findings.add(slot.level() == Finding.Level.OK ? history(last, connection, slot) : slot);
      } catch (SQLException e) {
        findings.add(Finding.of("ledger-and-slot", SourceErrors.toFailure(config.source(), e)));
      }
    }
    findings.add(freshness());
    findings.add(verification());
    findings.add(epochs());
    if (connection != null) {
      findings.addAll(rows(connection));
    }
    return findings;
  }

  private Finding slot(Optional<Checkpoint> last, Optional<SlotState> slot) {
    String name = "ledger-and-slot";
    boolean positioned = last.isPresent() && !last.get().lsn().equals(Lsn.NONE);
    if (!positioned) {
      return last.isEmpty() && slot.isPresent()
          ? Finding.error(
                  name,
                  Failure.SLOT_WITHOUT_LEDGER,
                  "Slot " + config.source().slot() + " exists, but the dataset has no ledger.",
                  "Another deployment may be using it, or the dataset was recreated. If it is this"
                      + " deployment's:")
              .withCommand(RESET)
          : Finding.ok(name, "The first run brings them together.");
    }
    if (slot.isEmpty()) {
      return Finding.error(
              name,
              Failure.SLOT_MISSING,
              "Slot " + config.source().slot() + " does not exist any more.",
              "Changes since LSN " + last.get().lsn() + " cannot be read; only new snapshots help.")
          .withCommand(RESET);
    }
    if (slot.get().confirmed().isAfter(last.get().lsn())) {
      return Finding.error(
              name,
              Failure.SLOT_AHEAD,
              "The slot stands at %s, ahead of the ledger's %s."
                  .formatted(slot.get().confirmed(), last.get().lsn()),
              "The changes between them were given to somebody else, or the dataset was restored;"
                  + " only new snapshots help.")
          .withCommand(RESET);
    }
    return Finding.ok(name, "Ledger and slot agree.");
  }

  private Finding history(Optional<Checkpoint> last, Connection connection, Finding otherwise)
      throws SQLException {
    if (last.isEmpty() || last.get().lsn().equals(Lsn.NONE)) {
      return otherwise;
    }
    try {
      new WalHistory(connection, config.source()).require(last.get());
      return otherwise;
    } catch (ExportException e) {
      return Finding.of(otherwise.check(), e).withCommand(RESET);
    }
  }

  private Finding freshness() {
    String name = "freshness";
    Instant newest =
        new Runs(store, config.sharding().isOneOfSeveral() ? config.shard() : null)
            .newestDrained()
            .map(RunRecord.Run::startedAt)
            .orElse(null);
    if (newest == null) {
      return Finding.ok(name, "No run has reached its fence yet.");
    }
    Duration age = Duration.between(newest, clock.instant());
    return age.compareTo(STALE) < 0
        ? Finding.ok(name, "Complete as of " + newest + ".")
        : Finding.warning(
            name,
            "The newest run that reached its fence began at " + newest + ".",
            "The data is older than a day, and WAL piles up in Postgres. Look at offsets history and"
                + " at the scheduler.");
  }

  /** When each table was last compared with the source, and how that ended. */
  private Finding verification() {
    String name = "verification";
    Map<String, RunRecord> newest = new Runs(store).newestVerifiedByTable();
    List<RunRecord> captured =
        config.source().tables().stream()
            .map(table -> newest.get(table.display()))
            .filter(Objects::nonNull)
            .toList();
    if (captured.isEmpty()) {
      return Finding.ok(name, "No table was compared with the source yet.", "verify does it.");
    }
    String when =
        captured.stream()
            .map(one -> one.table() + " " + one.verified() + " at " + one.run().startedAt())
            .collect(Collectors.joining(", "));
    return captured.stream().allMatch(run -> "equal".equals(run.verified()))
        ? Finding.ok(name, "Compared with the source: " + when + ".")
        : Finding.warning(
                name,
                "Compared with the source: " + when + ".",
                "What analysts see of a table that differs is wrong until it is read again.")
            .withCommand("./gkp_cli verify --repair", "./gkp_cli export-bigquery");
  }

  /** What the next run mends by itself. */
  private List<Finding> rows(Connection connection) {
    String name = "rows-without-events";
    Catalogue catalogue = new Catalogue(new SourceDatabase(config.source()));
    try {
      List<Finding> drifted =
          TableDrifts.read(
                  connection,
                  config.source(),
                  Compositions.read(connection, config.source()),
                  new Epochs(store, config.shard(), "none", null).newest(),
                  table -> catalogue.table(table).hasKey(),
                  failure -> {
                    throw failure;
                  })
              .findings();
      return drifted.isEmpty()
          ? List.of(Finding.ok(name, "No rows have changed without an event."))
          : drifted;
    } catch (SQLException e) {
      return List.of(Finding.of(name, SourceErrors.toFailure(config.source(), e)));
    } catch (ExportException e) {
      return List.of(Finding.of(name, e));
    }
  }

  private Finding epochs() {
    String name = "snapshots";
    Map<String, Epoch> newest = new Epochs(store, config.shard(), "none", null).newest();
    Map<String, String> progress = new HashMap<>();
    new SnapshotChunks(store, "none", null)
        .ofOpen(newest.values())
        .forEach(
            (epoch, chunks) ->
                progress.put(epoch.table(), " (" + SnapshotProgress.of(chunks).sentence() + ")"));
    List<String> waiting =
        config.source().tables().stream()
            .map(table -> table.display())
            .filter(
                table ->
                    !newest.containsKey(table)
                        || newest.get(table).state() != Epoch.State.COMPLETED)
            .map(table -> table + progress.getOrDefault(table, ""))
            .toList();
    return Finding.ok(
        name,
        waiting.isEmpty()
            ? "All captured tables have a completed snapshot."
            : "The next run works on the snapshot of " + String.join(", ", waiting) + ".");
  }
}
