package io.gkp.connector.changelog;

import static java.util.Objects.requireNonNull;

import io.gkp.failure.ExportException;
import io.gkp.failure.Failure;
import io.gkp.failure.OutOfMemory;
import io.gkp.name.Lsn;
import io.gkp.offsets.Checkpoint;
import io.gkp.offsets.Ledger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Loads batches while the next ones are being filled, and commits them in order. The steps of a
 * batch:
 *
 * <ol>
 *   <li>Claim its number.
 *   <li>Cut: parts are filled until the batch may end ({@link StreamBatcher}).
 *   <li>Load: one job per part, tables side by side. A table's next part is offered only after the
 *       part before it was accepted, and the next batch's parts only after all of this one were: so
 *       recovery, which asks for part 0, 1, 2 ... of the batch after the last checkpoint, never
 *       overlooks one.
 *   <li>Wait until all parts are durable.
 *   <li>Checkpoint: it is written after the one before it.
 *   <li>Acknowledge: {@link #durableLsn} moves, and the source is told.
 * </ol>
 */
public final class LoadPipeline implements AutoCloseable {
  /** One batch loading, one waiting for it; more would only use memory. */
  private static final int MAX_BATCHES_IN_FLIGHT = 2;

  private static final long POLL_MILLIS = 100;

  private final ChangelogDestination destination;
  private final Ledger ledger;
  private final Consumer<Receipt> receipts;
  private final Consumer<Checkpoint> commits;
  private final Runnable whileWaiting;
  private final ByteBudget budget;
  private final Semaphore batches = new Semaphore(MAX_BATCHES_IN_FLIGHT);
  private final ExecutorService threads = Executors.newCachedThreadPool(LoadPipeline::thread);
  private final CompletableFuture<Void> failure = new CompletableFuture<>();

  private CompletableFuture<Void> previousAccepted = CompletableFuture.completedFuture(null);
  private CompletableFuture<Void> previousCommitted = CompletableFuture.completedFuture(null);
  private volatile Checkpoint durable;

  /**
   * @param receipts told of every durable part, from several threads
   * @param commits told of every checkpoint, in order
   * @param whileWaiting called now and then while a caller waits; throws to make it give up
   */
  public LoadPipeline(
      ChangelogDestination destination,
      Ledger ledger,
      Checkpoint start,
      long maxInFlightBytes,
      Consumer<Receipt> receipts,
      Consumer<Checkpoint> commits,
      Runnable whileWaiting) {
    this.destination = destination;
    this.ledger = ledger;
    this.durable = start;
    this.budget = new ByteBudget(maxInFlightBytes);
    this.receipts = receipts;
    this.commits = commits;
    this.whileWaiting = whileWaiting;
  }

  /** The newest checkpoint that is in the ledger. */
  public Checkpoint durable() {
    return durable;
  }

  /** Completes exceptionally with the first thing that went wrong; never completes otherwise. */
  public CompletableFuture<Void> failure() {
    return failure;
  }

  /** Throws what went wrong in the background, if anything did. */
  public void throwIfFailed() {
    if (failure.isCompletedExceptionally()) {
      throw unwrap(failure.handle((ok, error) -> error).join());
    }
  }

  /** Whether a batch could begin now without waiting for others to be committed. */
  boolean mayBegin() {
    return batches.availablePermits() > 0;
  }

  /** Starts a batch that is ours to load; waits while two others are not committed yet. */
  Loading begin() throws InterruptedException {
    waitForTurn();
    return new Loading(previousAccepted);
  }

  /** Starts a batch; its parts are offered once its number was claimed. */
  Loading beginClaiming(String lineage, long batch) throws InterruptedException {
    waitForTurn();
    return new Loading(
        watch(
            previousAccepted.thenAcceptAsync(
                nothing -> interruptibly(() -> claimOrStop(lineage, batch)), threads)));
  }

  /** Claims a batch in the background; {@code false} when it was claimed before. */
  CompletableFuture<Boolean> claim(String lineage, long batch) {
    CompletableFuture<Boolean> claim =
        CompletableFuture.supplyAsync(
            () -> interruptibly(() -> destination.claim(lineage, batch)), threads);
    watch(claim.thenAccept(ignored -> {}));
    return claim;
  }

  /** Where an earlier run has committed this batch, if it has; if not, it never will. */
  Optional<Lsn> settleCheckpoint(String lineage, long batch) {
    return ledger.settle(lineage, batch);
  }

  private Void claimOrStop(String lineage, long batch) throws InterruptedException {
    if (!destination.claim(lineage, batch)) {
      throw new ExportException(
          Failure.LINEAGE_TAKEN_OVER,
          "Batch " + batch + " of lineage " + lineage + " was begun by another run.",
          "Nothing was written by this run since; let the other one finish.");
    }
    return null;
  }

  private void checkWhileWaiting() {
    throwIfFailed();
    whileWaiting.run();
  }

  private void waitForTurn() throws InterruptedException {
    while (!batches.tryAcquire(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
      checkWhileWaiting();
    }
  }

  /**
   * Waits until everything handed over is committed.
   *
   * @return false when that took longer than {@code limit}
   */
  public boolean awaitCommitted(Duration limit) throws InterruptedException {
    return isDone(previousCommitted, limit.toMillis());
  }

  /** Throws what went wrong in the background, if anything does meanwhile. */
  private boolean isDone(CompletableFuture<Void> step, long millis) throws InterruptedException {
    try {
      CompletableFuture.anyOf(step, failure).get(millis, TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw unwrap(requireNonNull(e.getCause()));
    }
  }

  /**
   * Waits until nothing is under way any more, failed or not, batches that were not ended included.
   *
   * @return false when that took longer than {@code limit}
   */
  public boolean settle(Duration limit) throws InterruptedException {
    threads.shutdown();
    return threads.awaitTermination(limit.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Stops waiting for what is under way; nothing more is committed. */
  @Override
  public void close() {
    threads.shutdownNow();
  }

  /** One batch on its way. */
  final class Loading {
    private final CompletableFuture<Void> mayStart;
    private final Map<String, CompletableFuture<Void>> partBefore = new HashMap<>();
    private final List<CompletableFuture<Void>> accepted = new ArrayList<>();
    private final List<CompletableFuture<Void>> durableParts = new ArrayList<>();

    private Loading(CompletableFuture<Void> mayStart) {
      this.mayStart = mayStart;
    }

    /** Hands a part over; waits while too many bytes are not durable yet. */
    void submit(Part part) throws InterruptedException {
      throwIfFailed();
      int bytes = part.content().length();
      budget.acquire(bytes, LoadPipeline.this::checkWhileWaiting);
      CompletableFuture<ChangelogDestination.Pending> pending =
          partBefore
              .getOrDefault(part.id().table(), mayStart)
              .thenApplyAsync(nothing -> interruptibly(() -> destination.accept(part)), threads);
      CompletableFuture<Void> isAccepted = pending.thenAccept(ignored -> {});
      partBefore.put(part.id().table(), isAccepted);
      accepted.add(isAccepted);
      durableParts.add(
          watch(
              pending
                  .thenApplyAsync(p -> interruptibly(p::untilDurable), threads)
                  .thenAccept(
                      receipt -> {
                        budget.release(bytes);
                        receipts.accept(receipt);
                      })));
    }

    /** Ends a batch whose checkpoint was written before: returns when all of it is durable. */
    void awaitDurable() throws InterruptedException {
      CompletableFuture<Void> all =
          CompletableFuture.allOf(durableParts.toArray(CompletableFuture[]::new));
      while (!isDone(all, POLL_MILLIS)) {
        whileWaiting.run();
      }
      batches.release();
    }

    /** Ends the batch: its checkpoint follows once everything before it is durable. */
    void commit(Checkpoint checkpoint) {
      previousAccepted = CompletableFuture.allOf(accepted.toArray(CompletableFuture[]::new));
      CompletableFuture<Void> parts =
          CompletableFuture.allOf(durableParts.toArray(CompletableFuture[]::new));
      previousCommitted =
          watch(
              previousCommitted
                  .thenCombine(parts, (one, other) -> checkpoint)
                  .thenAcceptAsync(
                      ready -> {
                        ledger.append(ready);
                        durable = ready;
                        commits.accept(ready);
                        batches.release();
                      },
                      threads));
    }
  }

  private CompletableFuture<Void> watch(CompletableFuture<Void> step) {
    step.whenComplete(
        (ok, error) -> {
          if (error != null) {
            failure.completeExceptionally(unwrap(error));
          }
        });
    return step;
  }

  private interface Interruptible<T> {
    T call() throws InterruptedException;
  }

  private static <T> T interruptibly(Interruptible<T> call) {
    try {
      return call.call();
    } catch (InterruptedException e) {
      // Only close() interrupts; the part counts as nothing and its checkpoint is never written.
      Thread.currentThread().interrupt();
      throw new CompletionException(e);
    }
  }

  /** What went wrong in a step, without what futures wrap around it. */
  static RuntimeException unwrap(Throwable error) {
    Throwable cause = error;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof RuntimeException known) {
      return known;
    }
    Throwable unknown = cause;
    return OutOfMemory.in(unknown)
        .orElseGet(
            () ->
                new ExportException(
                    Failure.INTERNAL,
                    "Loading stopped: " + unknown + ".",
                    "Run again with --verbose and report this.",
                    unknown));
  }

  private static Thread thread(Runnable runnable) {
    Thread thread = new Thread(runnable, "load");
    thread.setDaemon(true);
    return thread;
  }

  /** The LSN up to which the source need not keep anything. */
  public Lsn durableLsn() {
    return durable.lsn();
  }
}
