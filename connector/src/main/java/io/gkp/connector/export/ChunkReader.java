package io.gkp.connector.export;

import static java.util.Objects.requireNonNull;

import io.gkp.connector.changelog.StreamBatcher.EpochTable;
import io.gkp.connector.source.SourceErrors;
import io.gkp.connector.source.snapshot.TableBlocks;
import io.gkp.name.TableName;
import io.gkp.offsets.Checkpoint;
import io.gkp.offsets.ChunkLocks;
import io.gkp.offsets.SnapshotChunk;
import io.gkp.offsets.SnapshotChunk.Offer;
import io.gkp.offsets.SnapshotChunks;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads chunks that are offered; for the run whose shard the table is of, and for any other task.
 *
 * <ol>
 *   <li>A lock at the source tells that nobody else reads the chunk now, and the ledger that nobody
 *       has read it.
 *   <li>The reader claims the first free one of the batch numbers that are reserved for the chunk,
 *       as a batch of the stream is claimed. So two reads never have rows at the same place, even
 *       where the first reader is only frozen and goes on later.
 *   <li>It reads, and loads the rows under that number.
 *   <li>It records the chunk as read once all of them are durable.
 * </ol>
 *
 * <p>The numbers lie behind a fence that the stream has reached, and all changes since come in
 * later batches. So rows are right under any of these numbers, however late they are read and
 * loaded, as soon as the stream has reached a fence behind them.
 */
final class ChunkReader {
  private static final Logger log = LoggerFactory.getLogger(ChunkReader.class);

  private final RunParts run;
  private final SnapshotChunks ledger;
  private final ReservedReads reads;

  private Duration longest = Duration.ZERO;

  ChunkReader(RunParts run, SnapshotChunks ledger) {
    this.run = run;
    this.ledger = ledger;
    this.reads = new ReservedReads(run);
  }

  /** Whether there is time to load another chunk, and to reach a fence behind it. */
  boolean hasTime() {
    return run.stop().leavesTimeFor(longest.multipliedBy(2));
  }

  /** How long the longest chunk has taken. */
  Duration longest() {
    return longest;
  }

  /**
   * Reads chunks one after the other, as far as there are any and time allows.
   *
   * @param last the newest checkpoint of the shard that the table is of
   * @param alsoHeld whether to read those, too, that others seem to be reading
   * @return all chunks, as the ledger knows them now
   * @throws TableBlocks.Moved where their rows lie elsewhere by now
   * @throws CopiedRows.Stopped when the run shall end
   */
  List<SnapshotChunk> read(TableName table, EpochTable target, Checkpoint last, boolean alsoHeld)
      throws InterruptedException {
    List<SnapshotChunk> chunks = chunks(target);
    try (ChunkLocks locks = locks()) {
      for (int i = 0; i < chunks.size() && hasTime(); i++) {
        if (isWaiting(chunks.get(i))) {
          boolean taken = locks.take(chunks.get(i));
          if (taken || alsoHeld) {
            chunks = chunks(target); // somebody may have read it until a moment ago
            if (isWaiting(chunks.get(i))) {
              read(table, target, chunks.get(i), chunks.size(), last);
            }
          }
          if (taken) {
            locks.release(chunks.get(i));
          }
        }
      }
      return chunks(target);
    } catch (SQLException e) {
      throw SourceErrors.toFailure(run.config().source(), e);
    }
  }

  private ChunkLocks locks() throws SQLException {
    return new ChunkLocks(run.database().connect(), run.config().destination().describe());
  }

  private List<SnapshotChunk> chunks(EpochTable target) {
    return requireNonNull(ledger.of(List.of(target.epoch())).get(target.epoch()));
  }

  private static boolean isWaiting(SnapshotChunk chunk) {
    return chunk.state() == SnapshotChunk.State.OFFERED;
  }

  private void read(
      TableName table, EpochTable target, SnapshotChunk chunk, int count, Checkpoint last)
      throws InterruptedException {
    OptionalLong number = claim(requireNonNull(chunk.offer()), last);
    if (number.isEmpty()) {
      log.warn(
          "Chunk {} of {} was begun {} times; the next run offers it anew",
          chunk.number(),
          table,
          Offer.MOST_READS);
      return;
    }
    Checkpoint numbered = last.numbered(number.getAsLong());
    Instant began = run.clock().instant();
    TableBlocks blocks =
        new TableBlocks(chunk.relation(), chunk.file(), chunk.firstBlock(), chunk.endBlock());
    long rows =
        reads.copy(
            table, target, into -> run.reader().read(table, blocks, into), numbered, job -> {});
    Instant now = run.clock().instant();
    Duration took = Duration.between(began, now);
    longest = longest.compareTo(took) > 0 ? longest : took;
    ledger.record(chunk.read(rows, took), numbered.n(), now);
    log.info("Chunk {} of {} of {}: {} rows", chunk.number(), count, table, rows);
  }

  private OptionalLong claim(Offer offer, Checkpoint last) throws InterruptedException {
    for (long number = offer.firstBatch(); number < offer.endBatch(); number++) {
      if (number <= last.n() && run.destination().claim(offer.runId(), number)) {
        return OptionalLong.of(number);
      }
    }
    return OptionalLong.empty();
  }
}
