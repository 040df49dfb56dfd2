package io.gkp.connector.export;

import io.gkp.connector.checks.Finding;
import io.gkp.connector.composition.Drift;
import io.gkp.connector.composition.Drift.Remedy;
import io.gkp.connector.composition.TableDrifts;
import io.gkp.connector.source.Preflight;
import io.gkp.name.Lsn;
import io.gkp.name.TableName;
import io.gkp.offsets.Checkpoint;
import io.gkp.offsets.ControlStore;
import io.gkp.offsets.Epoch;
import io.gkp.offsets.Epochs;
import io.gkp.offsets.Ledger;
import io.gkp.offsets.Shard;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks for a new snapshot of the tables of which changes have passed that nobody kept. What
 * analysts see of them stays until the snapshot is complete.
 */
final class EpochRequests {
  private static final Logger log = LoggerFactory.getLogger(EpochRequests.class);

  private final String runId;
  private final Clock clock;
  private final RunStatistics statistics;

  EpochRequests(String runId, Clock clock, RunStatistics statistics) {
    this.runId = runId;
    this.clock = clock;
    this.statistics = statistics;
  }

  /**
   * Completes the publication. What was committed while a table was not in it will never come; that
   * the table needs a snapshot is written down before anybody can take it for complete.
   *
   * @param last the newest checkpoint
   */
  void publish(
      Preflight preflight,
      SlotPlace place,
      Optional<Checkpoint> last,
      ControlStore store,
      Shard shard)
      throws SQLException, InterruptedException {
    List<TableName> unpublished = preflight.unpublished();
    if (last.isPresent() && !unpublished.isEmpty()) {
      if (!last.get().lsn().equals(Lsn.NONE)) {
        place.moveTo(last.get()); // a run that is refused asks for nothing
      }
      Epochs epochs = new Epochs(store, shard, last.get().lineage(), runId);
      Map<String, Epoch> newest = epochs.newest();
      for (TableName table : unpublished) {
        Epoch epoch = newest.get(table.display());
        if (epoch != null && epoch.isStreaming()) {
          statistics.warn(TableDrifts.finding(table, Drift.anew("was not in the publication")));
          requestNext(epochs, epoch, last.get(), "was not in the publication");
        }
      }
    }
    preflight.publish();
  }

  /**
   * What another shard has exported until now: this one has none of its changes. Analysts see the
   * table as that shard had it, at its last checkpoint before the request, until it is read anew.
   * The same holds for a table that another shard was to get and that came back before.
   *
   * @return the newest epochs of this shard now
   */
  Map<String, Epoch> ofTablesOfOtherShards(
      Epochs epochs, List<TableName> captured, ControlStore store) {
    Epochs.Shared shared = epochs.shared();
    Map<String, Epoch> newest = shared.newest();
    boolean asked = false;
    for (TableName table : captured) {
      Epoch epoch = newest.get(table.display());
      Epoch takeover = shared.takeovers().get(table.display());
      if (epoch == null) {
        continue;
      }
      Shard former = Shard.ofEpoch(epoch.number());
      if (!former.equals(epochs.shard())) {
        log.info("{} was exported by shard {}; it is read anew", table, former.number());
        requestNext(epochs, epoch, last(store, former), "was exported by shard " + former.number());
        asked = true;
      } else if (takeover != null && takeover.number() > epoch.number()) {
        Shard next = Shard.ofEpoch(takeover.number());
        log.info("{} was to go to shard {}; it is read anew", table, next.number());
        requestNext(epochs, takeover, last(store, former), "was to go to shard " + next.number());
        asked = true;
      }
    }
    if (asked) {
      return epochs.newest();
    }
    newest.values().removeIf(epoch -> !epochs.shard().hasEpoch(epoch.number()));
    return newest;
  }

  private static Checkpoint last(ControlStore store, Shard shard) {
    return new Ledger(store, shard).last().orElseThrow();
  }

  /** Changes of tables that are not captured now are passed over for ever. */
  void ofTablesNotCaptured(
      Epochs epochs, Collection<Epoch> newest, List<TableName> captured, Checkpoint last) {
    for (Epoch epoch : newest) {
      if (epoch.isStreaming()
          && captured.stream().noneMatch(name -> name.display().equals(epoch.table()))) {
        log.info("{} is not captured any more; its changes are not kept", epoch.table());
        requestNext(epochs, epoch, last, "not captured by " + runId);
      }
    }
  }

  /**
   * Rows of which no event came.
   *
   * @return whether there is such a table
   */
  boolean ofTablesThatDrifted(
      Epochs epochs, Map<String, Epoch> newest, TableDrifts drifts, Checkpoint last) {
    boolean asked = false;
    for (TableName table : drifts.tables(Remedy.READ_ANEW)) {
      Epoch epoch = newest.get(table.display());
      if (epoch != null && epoch.isStreaming()) {
        requestNext(epochs, epoch, last, drifts.of(table).what());
        asked = true;
      }
    }
    return asked;
  }

  /**
   * Rows from before a change of the key are told apart by another one.
   *
   * @return whether there is such a table
   */
  boolean ofTablesKeyedAnew(
      Epochs epochs,
      Map<String, Epoch> newest,
      EpochKeys keys,
      List<TableName> tables,
      Checkpoint last) {
    boolean asked = false;
    for (TableName table : tables) {
      Epoch epoch = newest.get(table.display());
      Optional<String> change = keys.change(table, epoch);
      if (epoch != null && change.isPresent()) {
        ofDoubtful(epochs, table, epoch, last, change.get());
        asked = true;
      }
    }
    return asked;
  }

  /**
   * A table whose epoch cannot hold what the stream brings.
   *
   * @param last up to where analysts see the doubtful epoch
   * @param why a sentence
   */
  void ofDoubtful(Epochs epochs, TableName table, Epoch epoch, Checkpoint last, String why) {
    statistics.warn(
        Finding.warning(
            "row-keys",
            table + ": " + why,
            "The run reads the table anew; latest_* and history_* show it as it was before, until"
                + " that is complete."));
    requestNext(epochs, epoch, last, why);
  }

  private void requestNext(Epochs epochs, Epoch epoch, Checkpoint last, @Nullable String reason) {
    epochs.request(
        runId,
        epoch.table(),
        epochs.numberAfter(epoch),
        last.n(),
        clock.instant(),
        "export-bigquery",
        reason);
  }
}
