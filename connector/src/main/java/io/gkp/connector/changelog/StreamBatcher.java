package io.gkp.connector.changelog;

import static java.util.Objects.requireNonNull;

import io.gkp.connector.config.BatchLimits;
import io.gkp.connector.source.stream.Change;
import io.gkp.connector.source.stream.ChangeHandler;
import io.gkp.failure.ExportException;
import io.gkp.failure.Failure;
import io.gkp.name.Lsn;
import io.gkp.name.TableName;
import io.gkp.offsets.Checkpoint;
import io.gkp.offsets.Epoch;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the stream into batches so that a batch that was begun before is cut the same way again.
 *
 * <p>Recovery needs nothing but the destination's memory of accepted parts:
 *
 * <ol>
 *   <li>When a batch begins, its number is claimed. A claim that nobody made before ends recovery:
 *       nothing of this batch, and so nothing of a later one, can have been accepted.
 *   <li>Where the claim fails, the accepted parts of the batch are settled for every table, and its
 *       checkpoint; what the earlier run did not get accepted until then it never will.
 *   <li>A durable part's changes are counted and passed over; a part whose load failed is filled
 *       with the same changes again and gets the next attempt. Either must end with the change that
 *       it ended with before.
 *   <li>The batch ends where its parts were labelled to end, or its checkpoint was written. A part
 *       without a label has all its changes before that end, and all of it lies before the fence.
 * </ol>
 *
 * <p>The order of the stream is the server's (commit order), and what the changes of a table are
 * depends on nothing else; so counting changes names them. Rows cannot be counted: how many a
 * change makes depends on the table's key at the moment of reading.
 */
public final class StreamBatcher implements ChangeHandler {
  private static final int PROGRESS_EVERY = 1_000;

  private final ChangelogDestination destination;
  private final LoadPipeline pipeline;
  private final BatchLimits limits;
  private final Clock clock;
  private final String runId;
  private final Lsn fence;
  private final Map<TableName, EpochTable> tables;
  private final CompletableFuture<Boolean> firstClaim;
  private final CompletableFuture<Lsn> stopped = new CompletableFuture<>();

  private final BiConsumer<Lsn, Map<TableName, Long>> streamed;
  private final Consumer<Checkpoint> requireReached;
  private final Map<TableName, Long> changesByTable = new LinkedHashMap<>();
  private final long firstNumber;

  private Checkpoint last;
  private long changes;
  private boolean recovering = true;
  private @Nullable OpenBatch open;
  private volatile boolean stopRequested;

  /** A captured table and the epoch that its changes belong to. */
  public record EpochTable(ChangelogTable raw, Epoch epoch) {}

  /**
   * @param start the last checkpoint
   * @param fence where the run ends
   * @param streamed told now and then how far it has come, and with how many changes of each table
   * @param requireReached told where an earlier run had ended a batch; throws where the server's
   *     history has no such place
   */
  public StreamBatcher(
      ChangelogDestination destination,
      LoadPipeline pipeline,
      BatchLimits limits,
      Clock clock,
      String runId,
      Map<TableName, EpochTable> tables,
      Checkpoint start,
      Lsn fence,
      BiConsumer<Lsn, Map<TableName, Long>> streamed,
      Consumer<Checkpoint> requireReached) {
    this.destination = destination;
    this.pipeline = pipeline;
    this.limits = limits;
    this.clock = clock;
    this.runId = runId;
    this.tables = tables;
    this.last = start;
    this.firstNumber = start.n() + 1;
    this.fence = fence;
    this.streamed = streamed;
    this.requireReached = requireReached;
    // Asked for now, needed when the first row comes: the engine takes as long to start.
    this.firstClaim = pipeline.claim(start.lineage(), firstNumber);
  }

  /**
   * Completes when the last batch has been handed over: with the fence's LSN when the stream has
   * reached it, or with {@link Lsn#NONE} after {@link #requestStop}.
   */
  public CompletableFuture<Lsn> stopped() {
    return stopped;
  }

  /** Ends at the next transaction end. */
  public void requestStop() {
    stopRequested = true;
  }

  @Override
  public void change(Change change) throws InterruptedException {
    if (stopped.isDone()) {
      return;
    }
    EpochTable table = tables.get(change.table());
    if (table == null) {
      return;
    }
    pipeline.throwIfFailed();
    openBatch().add(table, change);
    changesByTable.merge(change.table(), 1L, Long::sum);
    if (++changes % PROGRESS_EVERY == 0) {
      streamed.accept(new Lsn(change.lsn()), changesByTable);
    }
  }

  @Override
  public boolean transactionEnd(Lsn end) throws InterruptedException {
    if (stopped.isDone() || !end.isAfter(last.lsn())) {
      return false;
    }
    pipeline.throwIfFailed();
    boolean fenced = !fence.isAfter(end);
    if (fenced || stopRequested) {
      OpenBatch batch = openBatch();
      if (batch.mayEndAt(end)) {
        batch.commit(fenced ? Checkpoint.Kind.FENCE : Checkpoint.Kind.STREAM, end);
        stopped.complete(fenced ? end : Lsn.NONE);
        return true;
      }
      if (fenced) {
        throw batch.goesBeyondFence(end);
      }
    }
    if (open != null) {
      if (open.isDue() && open.mayEndAt(end)) {
        open.commit(Checkpoint.Kind.STREAM, end);
        return true;
      }
      open.passed(end);
    }
    return false;
  }

  @Override
  public boolean fence(Lsn position) throws InterruptedException {
    if (stopped.isDone()) {
      return false;
    }
    pipeline.throwIfFailed();
    OpenBatch batch = openBatch();
    if (!batch.mayEndAtFence()) {
      throw batch.goesBeyondFence(position);
    }
    batch.commit(Checkpoint.Kind.FENCE, position);
    stopped.complete(position);
    return true;
  }

  @Override
  public Lsn durable() {
    return pipeline.durableLsn();
  }

  private OpenBatch openBatch() throws InterruptedException {
    while (open == null) {
      OpenBatch next = new OpenBatch();
      open = next;
      if (next.isCommittedEmpty()) {
        next.commitEmpty();
      }
    }
    return open;
  }

  /** The batch that is being filled. */
  private final class OpenBatch {
    private final long number = last.n() + 1;
    private final Instant openedAt = clock.instant();
    private final Map<TableName, EarlierParts> earlier = new HashMap<>();
    private final Map<TableName, TableParts> parts = new LinkedHashMap<>();
    private final OpenParts openParts = new OpenParts(limits.maxPartBytes());
    private final LoadPipeline.Loading loading;
    private final BatchHeader header;
    private final Optional<Lsn> committedEnd;
    private final Optional<Lsn> recordedEnd;
    private Lsn lastRows = Lsn.NONE;
    private boolean rowsSincePassed;
    private long jsonBytes;

    OpenBatch() throws InterruptedException {
      Optional<Lsn> committed = Optional.empty();
      if (recovering) {
        recovering = !claim();
        if (recovering) {
          settle();
          committed = pipeline.settleCheckpoint(last.lineage(), number);
        }
        loading = pipeline.begin();
      } else {
        loading = pipeline.beginClaiming(last.lineage(), number);
      }
      recorded().flatMap(this::recordedCheckpoint).distinct().forEach(requireReached);
      committedEnd = committed;
      recordedEnd =
          recorded()
              .flatMap(part -> part.cut().batchEnd().stream())
              .max(Lsn::compareTo)
              .or(() -> isCommittedEmpty() ? Optional.empty() : committedEnd);
      Instant ingestedAt =
          recorded().map(RecordedPart::ingestedAt).findFirst().orElse(last.orLater(openedAt));
      header =
          new BatchHeader(
              last.lineage(),
              number,
              last.timeline(),
              runId,
              ingestedAt,
              false,
              limits.compression());
    }

    private boolean claim() throws InterruptedException {
      if (number == firstNumber) {
        try {
          return firstClaim.get();
        } catch (ExecutionException e) {
          // The pipeline may come to know of it only after this.
          throw LoadPipeline.unwrap(requireNonNull(e.getCause()));
        }
      }
      return destination.claim(last.lineage(), number);
    }

    private void settle() throws InterruptedException {
      for (Map.Entry<TableName, EpochTable> table : tables.entrySet()) {
        earlier.put(
            table.getKey(),
            EarlierParts.settle(
                destination, last.lineage(), number, table.getValue().raw().name()));
      }
    }

    /** The checkpoint that an earlier run was about to write. */
    private Stream<Checkpoint> recordedCheckpoint(RecordedPart part) {
      return part.cut().batchEnd().stream()
          .map(end -> last.next(Checkpoint.Kind.STREAM, end, runId, openedAt, 0))
          .map(end -> end.on(part.cut().timeline()));
    }

    private Stream<RecordedPart> recorded() {
      return earlier.values().stream().flatMap(EarlierParts::stream);
    }

    void add(EpochTable table, Change change) throws InterruptedException {
      rowsSincePassed = true;
      TableParts target = parts.get(change.table());
      if (target == null) {
        target =
            new TableParts(
                table.raw(),
                table.epoch().number(),
                header,
                earlier.getOrDefault(change.table(), EarlierParts.NONE),
                openParts);
        parts.put(change.table(), target);
      }
      jsonBytes +=
          target.add(
              change.layout(),
              change.rows(),
              new TableParts.Origin(change.lsn(), change.transactionId(), change.committedAt()),
              loading);
    }

    /** Committed by an earlier run, without a row of a table that this one captures. */
    boolean isCommittedEmpty() {
      return committedEnd.isPresent() && recorded().findAny().isEmpty();
    }

    /** Everything up to its end has been passed without a change. */
    void commitEmpty() throws InterruptedException {
      Lsn end = committedEnd.orElseThrow();
      if (end.isAfter(fence)) {
        throw takenOver();
      }
      commit(Checkpoint.Kind.STREAM, end);
    }

    /** A transaction ends in the middle of the batch. */
    void passed(Lsn end) {
      if (rowsSincePassed) {
        lastRows = end;
        rowsSincePassed = false;
      }
    }

    /**
     * Whether the batch has reached its earlier end, or a limit. While the batch before it is not
     * committed it goes on in further parts: the next one could not begin, and the stream would
     * stand still.
     */
    boolean isDue() {
      return recordedEnd.isPresent() || (isLargeOrOld() && pipeline.mayBegin());
    }

    private boolean isLargeOrOld() {
      return jsonBytes >= limits.maxPartBytes()
          || Duration.between(openedAt, clock.instant()).compareTo(limits.maxAge()) >= 0;
    }

    /** Changes that are in already must all be passed before a checkpoint may speak of them. */
    boolean mayEndAt(Lsn end) {
      if (recordedEnd.isPresent()) {
        if (end.isAfter(recordedEnd.get())) {
          throw OtherHistory.failure(
              number, "no transaction ends at " + recordedEnd.get() + ", where it ended");
        }
        return end.equals(recordedEnd.get());
      }
      return hasPassedRecorded();
    }

    /** A recorded end is a transaction's, and none is left. */
    boolean mayEndAtFence() {
      return recordedEnd.isEmpty() && hasPassedRecorded();
    }

    private boolean hasPassedRecorded() {
      return earlier.entrySet().stream()
          .allMatch(
              known ->
                  known.getValue().changes() == 0
                      || (parts.containsKey(known.getKey())
                          && parts.get(known.getKey()).hasPassedRecorded()));
    }

    /** What earlier runs had read was committed before this one set its fence. */
    ExportException goesBeyondFence(Lsn fenceEnd) {
      return recordedEnd.filter(end -> end.isAfter(fenceEnd)).isPresent()
          ? takenOver()
          : OtherHistory.failure(number, "this server has fewer changes");
    }

    private ExportException takenOver() {
      return new ExportException(
          Failure.LINEAGE_TAKEN_OVER,
          "Batch " + number + " was begun by a run that began after this one.",
          "Nothing was written by this run since; let the other one finish.");
    }

    /**
     * Parts are labelled with the end of the last transaction that has rows, which every later
     * stream brings again; the checkpoint stands where the server has come to.
     */
    void commit(Checkpoint.Kind kind, Lsn end) throws InterruptedException {
      long rows = 0;
      for (TableParts table : parts.values()) {
        table.finish(rowsSincePassed ? end : lastRows, loading);
        rows += table.rows();
      }
      Lsn position = committedEnd.orElse(end);
      last = last.next(kind, position, runId, last.orLater(clock.instant()), rows);
      loading.commit(last);
      open = null;
    }
  }
}
