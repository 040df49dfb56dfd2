package io.gkp.connector.export;

import io.gkp.connector.changelog.StreamBatcher.EpochTable;
import io.gkp.connector.checks.source.ProtectionChecks;
import io.gkp.connector.checks.source.TypeChecks;
import io.gkp.connector.composition.AlteredTables;
import io.gkp.connector.composition.Composition;
import io.gkp.connector.composition.Drift;
import io.gkp.connector.composition.TableDrifts;
import io.gkp.connector.source.CapturedTable;
import io.gkp.connector.source.DefaultTables;
import io.gkp.connector.source.table.SourceTable;
import io.gkp.connector.verify.TableVerification;
import io.gkp.connector.verify.VerifyOptions;
import io.gkp.failure.ExportException;
import io.gkp.name.Lsn;
import io.gkp.name.TableName;
import io.gkp.offsets.Checkpoint;
import io.gkp.offsets.ControlStore;
import io.gkp.offsets.Epoch;
import io.gkp.offsets.Epochs;
import io.gkp.offsets.Request;
import io.gkp.offsets.Requests;
import io.gkp.offsets.Shard;
import io.gkp.offsets.SnapshotChunks;
import io.gkp.offsets.Sources;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The passes of a run, from the position that ledger and slot agree on to the last fence:
 *
 * <ol>
 *   <li>Look for tables whose rows have changed without an event: they get another epoch.
 *   <li>Where tables have no epoch to stream into yet: stream to a fence of its own for those that
 *       have one, so that they go on whatever becomes of the snapshots. Changes of the others go
 *       into their former epochs, or are passed over; their snapshots hold them.
 *   <li>Snapshot those others, as far as time allows.
 *   <li>Stream to a fence that is set now, finishing first what an earlier run had begun.
 *   <li>Complete the epochs that have converged, read what operators have asked for, go on with the
 *       snapshots of large tables, and move the slot to the last checkpoint.
 * </ol>
 */
final class CatchUp {
  private static final Logger log = LoggerFactory.getLogger(CatchUp.class);

  /** A table that does not fit its epoch at every fence does not get to the end of a run. */
  private static final int MOST_READINGS = 3;

  /** For so many snapshots of a table that were killed the others wait. */
  private static final int MOST_FIRST_READINGS = 3;

  private final RunParts run;
  private final Connection connection;
  private final List<CapturedTable> tables;
  private final Epochs epochs;
  private final EpochDoubts doubts;
  private final TableDrifts drifts;
  private final AnnouncedParts parts;
  private final StreamPass stream;
  private final ChunkedSnapshots chunked;
  private final SnapshotPass snapshots;
  private final FormerEpochs former;

  /** The newest epochs as the run began, by the tables' names as they are shown. */
  private final Map<String, Epoch> newest;

  /** The published tables as they were when the run began. */
  private final Map<TableName, SourceTable> layouts;

  /** What is streamed, and into which epochs. */
  private final Map<TableName, EpochTable> targets = new LinkedHashMap<>();

  private Checkpoint checkpoint;
  private Lsn fence = Lsn.NONE;

  /**
   * Looks at what the tables are now, and asks for new epochs of those that need one.
   *
   * @param tables those that are published
   * @param compositions what the captured tables consist of
   * @param checkpoint the newest one; the slot is there
   */
  CatchUp(
      RunParts run,
      Connection connection,
      List<CapturedTable> tables,
      Map<TableName, Composition> compositions,
      Checkpoint checkpoint)
      throws SQLException, InterruptedException {
    this.run = run;
    this.connection = connection;
    this.tables = tables;
    this.checkpoint = checkpoint;
    epochs = new Epochs(store(), run.config().shard(), checkpoint.lineage(), run.runId());
    EpochRequests requests = new EpochRequests(run.runId(), run.clock(), run.statistics());
    doubts = new EpochDoubts(requests, epochs, checkpoint);
    layouts = run.catalogue().tables(connection, tables.stream().map(CapturedTable::name).toList());
    Map<String, Epoch> known = known(requests);
    former = new FormerEpochs(run, epochs, known);
    drifts =
        TableDrifts.read(
            connection,
            run.config().source(),
            compositions,
            known,
            table -> run.catalogue().table(table).hasKey(),
            run.statistics()::putOff);
    drifts.findings().forEach(run.statistics()::warn);
    parts = new AnnouncedParts(epochs, checkpoint, run.clock());
    stream = new StreamPass(run, connection, doubts, drifts, parts);
    chunked =
        new ChunkedSnapshots(
            run, epochs, new SnapshotChunks(store(), checkpoint.lineage(), run.runId()), doubts);
    snapshots = new SnapshotPass(run, epochs, drifts, chunked);
    newest = snapshots.request(known, checkpoint);
  }

  /** The newest epochs, those included that tables need because they have another key now. */
  private Map<String, Epoch> known(EpochRequests requests) throws InterruptedException {
    ProtectionChecks.leftOut(layouts).forEach(run.statistics()::warn);
    TypeChecks.keys(layouts).forEach(run.statistics()::warn);
    EpochKeys keys = new EpochKeys(run, layouts);
    Map<String, Epoch> known =
        requests.ofTablesOfOtherShards(epochs, run.config().source().tables(), store());
    DefaultTables.requireUncaptured(run.config(), known.keySet());
    boolean asked =
        requests.ofTablesKeyedAnew(epochs, known, keys, run.config().source().tables(), checkpoint);
    return asked ? epochs.newest() : known;
  }

  private ControlStore store() {
    return run.destination().controlStore();
  }

  /** The newest checkpoint, also where a pass has failed. */
  Checkpoint checkpoint() {
    return checkpoint;
  }

  /** Where the last stream ended, or {@link Lsn#NONE} where it did not come to its end. */
  Lsn fence() {
    return fence;
  }

  /**
   * Brings everything in that was committed before the run began.
   *
   * @return whether all tables came to the last fence
   */
  boolean drain() throws SQLException, InterruptedException {
    Set<TableName> unread = withoutEpoch();
    targets.putAll(snapshots.streaming(others(unread), newest, layouts));
    if (mayNotWait(unread)) {
      if (!streamBeforeReading(unread)) {
        return false;
      }
      unread = doubts.tables(); // and those that turned out on the way not to fit their epochs
      targets.keySet().removeAll(unread);
      snapshots.complete(targets, checkpoint);
      doubts.settle(unread);
    }
    boolean drained = (unread.isEmpty() || read(unread)) && converge();
    if (drained) {
      snapshots.complete(targets, checkpoint);
      drained = backfill();
    }
    if (drained && !run.statistics().hasPutOff()) {
      noteComposition();
    }
    drained = drained && readChunks();
    run.phases().begin("finish");
    freeWal();
    return drained && targets.size() == tables.size();
  }

  /** Tables that have no epoch to stream into. */
  private Set<TableName> withoutEpoch() {
    return tables.stream()
        .map(CapturedTable::name)
        .filter(
            name -> {
              Epoch epoch = newest.get(name.display());
              return epoch == null || !epoch.isStreaming();
            })
        .collect(Collectors.toSet());
  }

  /**
   * Whether tables are streamed before others are read. Until the stream has begun, all wait for
   * each other, so that raw has every change since the slot was created; unless time was too short,
   * or somebody ended the run again and again, or has altered a table since.
   */
  private boolean mayNotWait(Set<TableName> unread) throws SQLException {
    return !unread.isEmpty()
        && (checkpoint.kind() != Checkpoint.Kind.CREATED
            || AlteredTables.exist(
                connection,
                run.config().source(),
                new Sources(store(), run.config().shard()).slotCreatedBefore())
            || unread.stream()
                .map(table -> newest.get(table.display()))
                .anyMatch(
                    epoch ->
                        epoch != null
                            && epoch.isCut()
                            && (epoch.state() == Epoch.State.DEAD
                                || Shard.ordinal(epoch.number()) >= MOST_FIRST_READINGS)));
  }

  private boolean streamBeforeReading(Set<TableName> unread)
      throws SQLException, InterruptedException {
    Map<TableName, EpochTable> first = new LinkedHashMap<>(targets);
    first.putAll(former.targets(only(unread)));
    doubts.expect(unread);
    return stream(first);
  }

  private List<CapturedTable> only(Set<TableName> names) {
    return tables.stream().filter(table -> names.contains(table.name())).toList();
  }

  private List<CapturedTable> others(Set<TableName> names) {
    return tables.stream().filter(table -> !names.contains(table.name())).toList();
  }

  /** Takes snapshots; false where time ran out before all were through. */
  private boolean read(Set<TableName> names) throws InterruptedException {
    Map<TableName, EpochTable> read = snapshots.read(only(names), epochs.newest(), checkpoint);
    targets.putAll(read);
    return read.keySet().containsAll(names) || !run.stop().isDue();
  }

  /** Streams to a fence that is set now; false where time ran out before it. */
  private boolean stream(Map<TableName, EpochTable> into)
      throws SQLException, InterruptedException {
    run.phases().begin("stream");
    try {
      fence = stream.run(checkpoint, into);
    } finally {
      checkpoint = stream.durable();
    }
    return !fence.equals(Lsn.NONE);
  }

  /**
   * Streams to a fence. Tables that turned out on the way not to fit their epochs are read anew
   * there, and the stream goes on to another fence.
   */
  private boolean converge() throws SQLException, InterruptedException {
    boolean drained = stream(targets);
    for (int times = 1; drained && !doubts.tables().isEmpty(); times++) {
      if (times > MOST_READINGS) {
        log.warn("{} have changed too often; the next run reads them anew", doubts.tables());
        return false;
      }
      Set<TableName> doubtful = doubts.tables();
      if (!read(doubtful)) {
        return false;
      }
      doubts.settle(doubtful);
      drained = stream(targets);
    }
    return drained;
  }

  /**
   * What operators have asked for and what has come with partitions, now that the stream has
   * reached a fence, and a second fence.
   */
  private boolean backfill() throws SQLException, InterruptedException {
    BackfillPass backfills = new BackfillPass(run, new Requests(store()), targets);
    Map<TableName, List<Drift.Attached>> attached = drifts.attached(targets.keySet());
    List<Request> pending = backfills.pending();
    if (pending.isEmpty() && attached.isEmpty()) {
      return true;
    }
    run.phases().begin("backfill");
    try {
      checkpoint = backfills.read(pending, checkpoint);
      checkpoint = backfills.readAttached(attached, checkpoint);
    } catch (CopiedRows.Stopped e) {
      log.info("Stopped in the middle of a backfill; it begins anew with the next run");
      return false;
    }
    if (!converge()) {
      return false;
    }
    backfills.finish();
    return true;
  }

  /**
   * What is left of large tables' snapshots, as far as time allows, now that the stream has reached
   * a fence.
   *
   * @return whether all are complete
   */
  private boolean readChunks() throws SQLException, InterruptedException {
    Map<TableName, EpochTable> open = chunked.open(targets);
    if (open.isEmpty()) {
      return true;
    }
    run.phases().begin("snapshot");
    try {
      checkpoint = chunked.offer(open, checkpoint);
      chunked.read(open, checkpoint);
      if (!converge()) { // a fence behind all that was read, by whatever task
        return false;
      }
      Checkpoint filled = chunked.fill(chunked.open(targets), checkpoint);
      while (filled.n() != checkpoint.n()) {
        checkpoint = filled;
        if (!converge()) {
          return false;
        }
        filled = chunked.fill(chunked.open(targets), checkpoint);
      }
    } catch (CopiedRows.Stopped e) {
      log.info("Stopped in the middle of a chunk; the next run reads it again");
      return false;
    }
    targets.putAll(chunked.complete(chunked.open(targets), checkpoint));
    return chunked.open(targets).isEmpty();
  }

  /** What the tables consist of now, for the next run to compare with. */
  private void noteComposition() throws InterruptedException {
    Map<TableName, Epoch> streamed = new LinkedHashMap<>();
    targets.forEach((name, target) -> streamed.put(name, parts.noted(name, target.epoch())));
    epochs.note(drifts.outdated(streamed), checkpoint.n(), run.clock().instant());
  }

  /**
   * The rows as the source has them now, a fence behind them, and the comparison.
   *
   * @return what was found; nothing where time ran out before
   */
  Optional<List<TableVerification>> verify(VerifyOptions options)
      throws SQLException, InterruptedException {
    VerifyPass pass = new VerifyPass(run, options, targets);
    run.phases().begin("verify");
    try {
      pass.read(checkpoint);
    } catch (CopiedRows.Stopped e) {
      log.info("Stopped in the middle of a verification; nothing is known by it");
      return Optional.empty();
    }
    if (!stream(targets)) {
      return Optional.empty();
    }
    run.phases().begin("verify");
    List<TableVerification> found = pass.compare(checkpoint, doubts.tables());
    freeWal();
    return Optional.of(found);
  }

  /**
   * Moves the slot to the last checkpoint. The run's own connection may have been lost meanwhile;
   * and where this fails everything is committed all the same: the next run moves the slot.
   */
  private void freeWal() throws InterruptedException {
    try {
      SlotPlace.move(run.database(), checkpoint);
    } catch (ExportException e) {
      log.warn("The slot stays behind {} until the next run: {}", checkpoint.lsn(), e.getMessage());
    }
  }
}
