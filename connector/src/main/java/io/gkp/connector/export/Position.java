package io.gkp.connector.export;

import static java.util.Locale.ROOT;

import io.gkp.bigquery.Ahead;
import io.gkp.connector.checks.Finding;
import io.gkp.connector.source.WalHistory;
import io.gkp.failure.ExportException;
import io.gkp.failure.Failure;
import io.gkp.name.Lsn;
import io.gkp.offsets.Checkpoint;
import io.gkp.offsets.Checkpoint.Kind;
import io.gkp.offsets.ControlStore;
import io.gkp.offsets.Epoch;
import io.gkp.offsets.Epochs;
import io.gkp.offsets.Ledger;
import io.gkp.offsets.ReplicationSlot;
import io.gkp.offsets.Runs;
import io.gkp.offsets.Shard;
import io.gkp.offsets.SlotState;
import io.gkp.offsets.SourceIdentity;
import io.gkp.offsets.Sources;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * Brings ledger and slot into agreement at the start of a run, or refuses.
 *
 * <ol>
 *   <li>A ledger whose positions are positions in another source than this one: refused. An LSN of
 *       another server would move this one's slot over changes that nobody has read.
 *   <li>No ledger, no slot: a first run. The ledger is begun before the slot is created, so that a
 *       slot found without a ledger is known to be somebody else's.
 *   <li>A ledger without a position: an earlier first run died here. The slot, if there is one by
 *       now, is ours. Its position is written down before anything is read.
 *   <li>A position: the slot is moved to it. A slot that stands behind is moved forward; one that
 *       is ahead, lost or missing has lost changes, and only an operator can say what then.
 * </ol>
 */
final class Position {
  private final Ledger ledger;
  private final Sources sources;
  private final Epochs epochs;
  private final ReplicationSlot slot;
  private final SlotPlace place;
  private final WalHistory history;
  private final Clock clock;
  private final Runs runs;
  private final Consumer<Finding> told;

  private Optional<Checkpoint> last = Optional.empty();
  private Optional<SourceIdentity> recorded = Optional.empty();

  Position(
      ControlStore store,
      Shard shard,
      ReplicationSlot slot,
      SlotPlace place,
      WalHistory history,
      Clock clock,
      Consumer<Finding> told) {
    this.runs = new Runs(store);
    this.told = told;
    this.ledger = new Ledger(store, shard);
    this.sources = new Sources(store, shard);
    this.epochs = new Epochs(store, shard, "none", null);
    this.slot = slot;
    this.place = place;
    this.history = history;
    this.clock = clock;
  }

  /**
   * Reads the ledger, once, and refuses another source than its own; nothing may be asked for or
   * moved before. The position of a shard that comes back is given up.
   *
   * @return the newest checkpoint
   * @throws ExportException {@code OTHER_SOURCE}, where both have a slot: where there is none, the
   *     position is lost whatever the source
   */
  Optional<Checkpoint> read(String runId) throws SQLException {
    Ahead<Optional<SourceIdentity>> source = Ahead.of(sources::newest);
    List<Checkpoint> newest = ledger.newest();
    recorded =
        newest.stream()
            .findFirst()
            .filter(Position::isPlaced)
            .flatMap(placed -> source.get("reading the ledger"));
    requireSameSource();
    ledger.requireWritten(newest);
    last = ledger.finishLineage(newest, clock.instant());
    if (last.isPresent() && isPlaced(last.get()) && isGivenBack()) {
      last = Optional.of(ledger.giveUp(last.get(), runId, clock.instant()));
    }
    return last;
  }

  /**
   * Whether this is a shard that there was no more for a while: others have read its tables, and
   * its slot was dropped as they have told to. The first shard there always is.
   */
  private boolean isGivenBack() throws SQLException {
    return !epochs.shard().equals(Shard.FIRST)
        && slot.state().isEmpty()
        && epochs.newest().values().stream().noneMatch(Epoch::isStreaming);
  }

  private void requireSameSource() throws SQLException {
    if (recorded.isPresent() && !recorded.get().isSame(slot.source()) && slot.state().isPresent()) {
      throw new ExportException(
          Failure.OTHER_SOURCE,
          "The dataset's ledger belongs to %s, not to %s."
              .formatted(recorded.get().describe(), slot.source().describe()),
          "Correct --dataset, --slot or --source-url: each deployment has a dataset of its own. If"
              + " this source takes the other one's place: "
              + SlotPlace.RESET);
    }
  }

  private static boolean isPlaced(Checkpoint checkpoint) {
    return !checkpoint.lsn().equals(Lsn.NONE);
  }

  /** The checkpoint to go on from, after {@link #read}; its LSN is where the slot stands. */
  Checkpoint agree(String runId) throws SQLException, InterruptedException {
    if (last.isPresent() && isPlaced(last.get())) {
      slot.state().filter(state -> wasPutBack(state, last.get())).ifPresent(this::told);
      Checkpoint here = place.moveTo(last.get());
      if (recorded.isEmpty()) {
        sources.record(slot.source(), here, OptionalLong.empty(), runId, clock.instant());
      }
      return here;
    }
    Optional<SlotState> state = place.released();
    if (last.isEmpty() && state.isPresent()) {
      throw new ExportException(
          Failure.SLOT_WITHOUT_LEDGER,
          "Replication slot "
              + slot.name()
              + " exists, but the dataset has no ledger that goes with it: another deployment may"
              + " be using the slot, or the dataset was recreated.",
          "Choose another --slot; or, if the slot is this deployment's, "
              + Character.toLowerCase(SlotPlace.RESET.charAt(0))
              + SlotPlace.RESET.substring(1));
    }
    if (last.isEmpty() && !epochs.newest().isEmpty()) {
      throw new ExportException(
          Failure.LEDGER_INCOMPLETE,
          "The dataset knows of snapshots, but its ledger is gone: changes since then were lost.",
          "Restore table checkpoints to where it was, or: " + SlotPlace.RESET);
    }
    Checkpoint begun = last.isPresent() ? last.get() : begin(runId);
    OptionalLong next =
        state.isPresent() ? OptionalLong.empty() : OptionalLong.of(history.nextTransaction());
    Lsn start = state.isPresent() ? state.get().confirmed() : slot.create();
    Checkpoint placed =
        begun.on(history.timeline()).next(Kind.CREATED, start, runId, clock.instant(), 0);
    sources.record(slot.source(), placed, next, runId, clock.instant());
    ledger.append(placed);
    return placed;
  }

  /**
   * Whether the slot stands before where the last run has left it. A server that is put back with
   * its disk has the same identity and timeline as before; once it has written as much WAL again,
   * nothing but its slot tells of that.
   */
  private boolean wasPutBack(SlotState state, Checkpoint checkpoint) {
    return checkpoint.lsn().isAfter(state.confirmed())
        && runs.of(checkpoint.runId()).stream()
            .anyMatch(
                record ->
                    !record.run().status().equals(RunReport.Status.FAILED.name().toLowerCase(ROOT))
                        && checkpoint.lsn().equals(record.run().checkpointLsn()));
  }

  private void told(SlotState state) {
    told.accept(
        Finding.warning(
                "slot-behind",
                "Replication slot %s stands at LSN %s, before LSN %s where the last run left it: Postgres"
                        .formatted(state.name(), state.confirmed(), last.orElseThrow().lsn())
                    + " crashed since, or was put back to an earlier state.",
                "After a crash nothing is missing. After a disk or machine was put back to a snapshot,"
                    + " the dataset holds changes that Postgres does not have, and may lack others:"
                    + " compare them; where they differ, run offsets reset --all --yes.")
            .withCommand("./gkp_cli verify"));
  }

  private Checkpoint begin(String runId) {
    Checkpoint begun = ledger.create(runId, clock.instant());
    if (ledger.ofKind(Kind.CREATED).stream()
        .anyMatch(row -> !row.lineage().equals(begun.lineage()))) {
      throw new ExportException(
          Failure.LINEAGE_TAKEN_OVER,
          "Another run began the dataset's ledger at the same moment.",
          "Run again; where it belongs to another deployment, that is refused then.");
    }
    return begun;
  }
}
