package io.gkp.connector.export;

import io.gkp.connector.changelog.ChangelogTable;
import io.gkp.connector.changelog.StreamBatcher.EpochTable;
import io.gkp.connector.checks.Finding;
import io.gkp.connector.source.SourceErrors;
import io.gkp.connector.source.snapshot.TableBlocks;
import io.gkp.failure.ExportException;
import io.gkp.name.TableName;
import io.gkp.offsets.Checkpoint;
import io.gkp.offsets.ControlStore;
import io.gkp.offsets.Epoch;
import io.gkp.offsets.Epoch.State;
import io.gkp.offsets.Epochs;
import io.gkp.offsets.ReplicationSlot;
import io.gkp.offsets.SnapshotChunk;
import io.gkp.offsets.SnapshotChunks;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A task whose own tables are done reads chunks of other shards' tables ({@link ChunkReader}). The
 * epoch stays its shard's: that streams the table's changes, and completes the epoch.
 *
 * <p>Where another task's snapshot may be about to begin, this one stays for a while without
 * finding a chunk: tasks of one job begin at the same time.
 */
final class SnapshotHelp {
  private static final Logger log = LoggerFactory.getLogger(SnapshotHelp.class);
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final long PAUSE_MILLIS = 1_000;

  private final Connection connection;
  private final ReplicationSlot own;
  private final List<RunParts> others;

  /**
   * @param connection to the source
   * @param own this run's slot; another run may have it from now on
   * @param others this run, as it would be of each other shard; at least one
   */
  SnapshotHelp(Connection connection, ReplicationSlot own, List<RunParts> others) {
    this.connection = connection;
    this.own = own;
    this.others = others;
  }

  /** Returns when there is nothing more to read, or no more time. */
  void give() throws InterruptedException {
    RunParts run = others.get(0);
    try {
      own.unlock();
      read(run);
    } catch (CopiedRows.Stopped e) {
      log.info("Stopped in the middle of another shard's chunk; somebody else reads it");
    } catch (ExportException e) {
      couldNot(run, e);
    } catch (SQLException e) {
      couldNot(run, SourceErrors.toFailure(run.config().source(), e));
    }
  }

  /** This run's own part is done all the same. */
  private static void couldNot(RunParts run, ExportException e) {
    run.statistics()
        .warn(
            Finding.warning(
                "snapshot-help",
                "Chunks of another shard's table could not be read: " + e.getMessage(),
                "That shard reads them itself. " + e.remedy()));
  }

  private void read(RunParts run) throws SQLException, InterruptedException {
    ControlStore store = run.destination().controlStore();
    Epochs epochs = new Epochs(store, "none", null);
    Instant since = run.clock().instant();
    while (run.stop().leavesTimeFor(Duration.ZERO)) {
      Map<String, Epoch> newest = epochs.newestOfAll();
      boolean isExpected = false;
      boolean hasRead = false;
      for (RunParts other : others) {
        for (TableName table : other.config().source().tables()) {
          Epoch epoch = newest.get(table.display());
          if (epoch == null || epoch.state() != State.COMPLETED) {
            hasRead = read(other, table, epoch) || hasRead;
            isExpected = isExpected || isRunning(other);
          }
        }
      }
      Instant now = run.clock().instant();
      if (hasRead) {
        since = now;
      } else if (!isExpected || Duration.between(since, now).compareTo(PATIENCE) > 0) {
        return;
      }
      Thread.sleep(PAUSE_MILLIS);
    }
  }

  private boolean isRunning(RunParts other) throws SQLException {
    return new ReplicationSlot(connection, other.config().source().slot()).lockHolder().isPresent();
  }

  /** Whether there was a chunk to read. */
  private static boolean read(RunParts other, TableName table, @Nullable Epoch epoch)
      throws InterruptedException {
    Optional<Checkpoint> last = other.ledger().last();
    if (epoch == null
        || epoch.state() != State.CONVERGING
        || !other.config().shard().hasEpoch(epoch.number())
        || last.isEmpty()) {
      return false;
    }
    SnapshotChunks ledger =
        new SnapshotChunks(other.destination().controlStore(), last.get().lineage(), other.runId());
    List<SnapshotChunk> chunks = ledger.of(List.of(epoch)).getOrDefault(epoch, List.of());
    long before = offered(chunks);
    if (before == 0) {
      return false;
    }
    ChangelogTable raw =
        other
            .destination()
            .existingTable(
                other.catalogue().table(table), new SchemaSentences(other.statistics(), table));
    other.statistics().table(table, raw.name());
    AtomicLong left = new AtomicLong(before);
    try {
      new ChunkReader(other, ledger)
          .read(
              table, new EpochTable(raw, epoch), last.get(), false, now -> left.set(offered(now)));
    } catch (TableBlocks.Moved e) {
      log.info("The rows of {} lie elsewhere by now; its shard begins anew", table);
    }
    return left.get() < before;
  }

  private static long offered(List<SnapshotChunk> chunks) {
    return chunks.stream().filter(chunk -> chunk.state() == SnapshotChunk.State.OFFERED).count();
  }
}
