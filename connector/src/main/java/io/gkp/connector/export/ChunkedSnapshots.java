package io.gkp.connector.export;

import io.gkp.connector.changelog.ChangelogTable;
import io.gkp.connector.changelog.Doubts;
import io.gkp.connector.changelog.StreamBatcher.EpochTable;
import io.gkp.connector.composition.TableDrifts;
import io.gkp.connector.mapping.row.RowKey;
import io.gkp.connector.source.snapshot.EarlierWriters;
import io.gkp.connector.source.snapshot.TableBlocks;
import io.gkp.connector.source.table.SourceTable;
import io.gkp.failure.ExportException;
import io.gkp.name.TableName;
import io.gkp.offsets.Checkpoint;
import io.gkp.offsets.Epoch;
import io.gkp.offsets.Epoch.State;
import io.gkp.offsets.Epochs;
import io.gkp.offsets.SnapshotChunk;
import io.gkp.offsets.SnapshotChunk.Offer;
import io.gkp.offsets.SnapshotChunks;
import io.gkp.offsets.SnapshotProgress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Snapshots of large tables, which go on in the next run where this one ends.
 *
 * <ol>
 *   <li>The epoch begins: the table's blocks are listed in chunks, and from then on its changes
 *       stream into the epoch.
 *   <li>Behind a fence, chunks are offered and read one after the other, each as a {@linkplain
 *       ReservedReads read of its own}; other tasks may help ({@link ChunkReader}). A row that came
 *       after the list came by the stream, too, wherever it lies.
 *   <li>Behind the next fence, and once all chunks are read, rows are read again of which a value
 *       is missing: an update has moved them out of a block that was not read yet into one that
 *       was, and Postgres does not send unchanged values that are stored apart.
 *   <li>When none is left, the epoch is completed, and analysts see it.
 * </ol>
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-logicalrep-message-formats.html">
 *     unchanged TOASTed values in TupleData</a>
 */
final class ChunkedSnapshots {
  private static final Logger log = LoggerFactory.getLogger(ChunkedSnapshots.class);

  /** PostgreSQL's, unless it was built otherwise. */
  private static final int BLOCK_BYTES = 8192;

  /** A table of fewer chunks is read whole. */
  private static final int FEWEST_CHUNKS = 3;

  private static final long PAUSE_MILLIS = 500;

  /** A task that has had a chunk for longer, and for longer than three others took, is frozen. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final RunParts run;
  private final Epochs epochs;
  private final SnapshotChunks ledger;
  private final Doubts doubts;
  private final ReservedReads reads;
  private final ChunkReader reader;
  private final Map<Epoch, List<SnapshotChunk>> known = new HashMap<>();

  /**
   * @param doubts told of tables whose rows lie elsewhere by now
   */
  ChunkedSnapshots(RunParts run, Epochs epochs, SnapshotChunks ledger, Doubts doubts) {
    this.run = run;
    this.epochs = epochs;
    this.ledger = ledger;
    this.doubts = doubts;
    this.reads = new ReservedReads(run);
    this.reader = new ChunkReader(run, ledger);
  }

  /**
   * Begins the epoch of a table that is large enough.
   *
   * @param drifts what the table consists of
   * @param last the newest checkpoint
   * @return empty where the table must be read whole
   */
  Optional<EpochTable> begin(
      TableName table, long number, ChangelogTable raw, TableDrifts drifts, Checkpoint last)
      throws InterruptedException {
    SourceTable source = run.catalogue().table(table);
    if (!MissingValues.canBeReadByKey(raw.mapping()) || source.keysMayMove()) {
      return Optional.empty();
    }
    long blocks = Math.max(1, run.config().limits().snapshotChunkBytes() / BLOCK_BYTES);
    String composition = drifts.composition(table);
    Epoch begun = new Epoch(table.display(), number, State.SNAPSHOTTING, -1, composition, null);
    List<SnapshotChunk> first = chunks(begun, run.reader().blocks(table), blocks);
    if (first.size() < FEWEST_CHUNKS) {
      return Optional.empty();
    }
    epochs.record(begun, last.n(), run.clock().instant());
    new EarlierWriters(run.database()).await(table, drifts.published(table));
    // What they wrote never comes by the stream, and may lie behind the blocks of before.
    List<SnapshotChunk> now = chunks(begun, run.reader().blocks(table), blocks);
    List<SnapshotChunk> chunks = now.isEmpty() ? first : now;
    ledger.list(chunks, last.n(), run.clock().instant());
    Epoch streaming =
        new Epoch(
            table.display(), number, State.CONVERGING, -1, composition, RowKey.of(source).text());
    epochs.record(streaming, last.n(), run.clock().instant());
    known.put(streaming, chunks);
    log.info("The snapshot of {} is read in {} chunks", table, chunks.size());
    return Optional.of(new EpochTable(raw, streaming));
  }

  private static List<SnapshotChunk> chunks(Epoch epoch, List<TableBlocks> all, long size) {
    List<SnapshotChunk> chunks = new ArrayList<>();
    for (TableBlocks blocks : all) {
      for (long first = blocks.first(); first < blocks.end(); first += size) {
        chunks.add(
            SnapshotChunk.listed(
                epoch,
                chunks.size() + 1,
                blocks.relation(),
                blocks.file(),
                first,
                Math.min(first + size, blocks.end())));
      }
    }
    return chunks;
  }

  /** Those of the tables whose epochs wait for chunks, or for their completion. */
  Map<TableName, EpochTable> open(Map<TableName, EpochTable> targets) {
    List<Epoch> unknown =
        targets.values().stream()
            .map(EpochTable::epoch)
            .filter(epoch -> epoch.state() == State.CONVERGING && !known.containsKey(epoch))
            .toList();
    known.putAll(ledger.of(unknown));
    Map<TableName, EpochTable> open = new LinkedHashMap<>();
    targets.forEach(
        (name, target) -> {
          if (isOpen(target.epoch())) {
            open.put(name, target);
          }
        });
    return open;
  }

  private boolean isOpen(Epoch epoch) {
    return epoch.state() == State.CONVERGING && !known.getOrDefault(epoch, List.of()).isEmpty();
  }

  private List<SnapshotChunk> chunks(EpochTable target) {
    return known.getOrDefault(target.epoch(), List.of());
  }

  /**
   * Lets chunks be read that nobody has read yet, by this run and by other tasks.
   *
   * @param last the newest checkpoint; a fence
   * @return the newest checkpoint now
   */
  Checkpoint offer(Map<TableName, EpochTable> open, Checkpoint last) {
    known.putAll(ledger.of(open.values().stream().map(EpochTable::epoch).toList()));
    List<EpochTable> waiting =
        open.values().stream().filter(target -> !unread(target).isEmpty()).toList();
    int count = waiting.stream().mapToInt(target -> unread(target).size()).sum();
    if (count == 0 || !reader.hasTime()) {
      return last;
    }
    Instant now = run.clock().instant();
    Checkpoint reserved =
        run.ledger().reserve(last, count * Offer.MOST_READS, run.runId(), run.clock().instant());
    long number = last.n() + 1;
    for (EpochTable target : waiting) {
      List<SnapshotChunk> offered = new ArrayList<>();
      for (SnapshotChunk chunk : unread(target)) {
        offered.add(chunk.offered(new Offer(run.runId(), number)));
        number += Offer.MOST_READS;
      }
      ledger.offer(offered, reserved.n(), now);
    }
    return reserved;
  }

  private List<SnapshotChunk> unread(EpochTable target) {
    return chunks(target).stream().filter(chunk -> !chunk.isRead()).toList();
  }

  /**
   * Reads the chunks that are offered, for as long as there is time to load another one and to
   * reach a fence behind it. Waits for those that other tasks are reading.
   *
   * @param last the newest checkpoint
   * @throws CopiedRows.Stopped when the run shall end
   */
  void read(Map<TableName, EpochTable> open, Checkpoint last) throws InterruptedException {
    for (Map.Entry<TableName, EpochTable> table : open.entrySet()) {
      try {
        read(table.getKey(), table.getValue(), last);
      } catch (ExportException e) {
        run.statistics().putOff(e);
      } finally {
        tell(table.getKey(), table.getValue());
      }
    }
  }

  private void read(TableName table, EpochTable target, Checkpoint last)
      throws InterruptedException {
    try {
      Instant since = run.clock().instant();
      for (int left = -1; ; ) {
        known.put(target.epoch(), reader.read(table, target, last, false));
        Instant now = run.clock().instant();
        if (unread(target).isEmpty() || !reader.hasTime()) {
          return;
        }
        if (unread(target).size() != left) {
          left = unread(target).size();
          since = now;
        } else if (Duration.between(since, now).compareTo(patience()) > 0) {
          log.info("Other tasks do not get on with chunks of {}; they are read here", table);
          known.put(target.epoch(), reader.read(table, target, last, true));
          return;
        }
        Thread.sleep(PAUSE_MILLIS);
      }
    } catch (TableBlocks.Moved e) {
      doubts.doubt(
          table,
          target.epoch(),
          "Its rows were written anew while its snapshot was read in chunks (VACUUM FULL, CLUSTER,"
              + " TRUNCATE, ALTER TABLE, or a partition that left).");
    }
  }

  private Duration patience() {
    Duration long3 = reader.longest().multipliedBy(3);
    return long3.compareTo(PATIENCE) > 0 ? long3 : PATIENCE;
  }

  /** Says how far a snapshot is that goes on in the next run. */
  private void tell(TableName table, EpochTable target) {
    SnapshotProgress progress = SnapshotProgress.of(chunks(target));
    if (!progress.isWhole()) {
      run.statistics().warn(CutSnapshot.goesOn(table, progress));
    }
  }

  /**
   * Reads rows again of which a value is missing, of the tables whose chunks are all read.
   *
   * @param last the newest checkpoint; a fence
   * @return the newest checkpoint: the same one where nothing was missing
   * @throws CopiedRows.Stopped when the run shall end
   */
  Checkpoint fill(Map<TableName, EpochTable> open, Checkpoint last) throws InterruptedException {
    Checkpoint newest = last;
    for (Map.Entry<TableName, EpochTable> table : whole(open).entrySet()) {
      EpochTable target = table.getValue();
      MissingValues missing = new MissingValues(run.destination(), target);
      Optional<String> rows = missing.find();
      if (rows.isPresent()) {
        newest = reads.reserve(newest);
        long count =
            reads.copy(
                table.getKey(),
                target,
                into -> run.reader().readPart(table.getKey(), layout -> rows.get(), into),
                newest,
                job -> {});
        log.info("{} rows of {} had moved and were read again", count, table.getKey());
      }
    }
    return newest;
  }

  /** Those whose chunks are all read. */
  private Map<TableName, EpochTable> whole(Map<TableName, EpochTable> open) {
    Map<TableName, EpochTable> whole = new LinkedHashMap<>(open);
    whole.values().removeIf(target -> chunks(target).stream().anyMatch(chunk -> !chunk.isRead()));
    return whole;
  }

  /**
   * Completes the epochs whose chunks are all read and of whose rows no value is missing.
   *
   * @param fenced the checkpoint at the fence behind them
   * @return the completed ones
   */
  Map<TableName, EpochTable> complete(Map<TableName, EpochTable> open, Checkpoint fenced) {
    Map<TableName, EpochTable> completed = new LinkedHashMap<>();
    whole(open)
        .forEach(
            (name, target) -> {
              Epoch epoch = target.epoch();
              target.raw().keyedFrom(epoch.number());
              Epoch complete =
                  new Epoch(
                      epoch.table(),
                      epoch.number(),
                      State.COMPLETED,
                      SnapshotProgress.of(chunks(target)).rows(),
                      epoch.composition(),
                      epoch.rowKey());
              epochs.record(complete, fenced.n(), run.clock().instant());
              completed.put(name, new EpochTable(target.raw(), complete));
            });
    return completed;
  }
}
