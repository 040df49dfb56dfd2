package io.gkp.connector.export;

import static java.util.Objects.requireNonNull;

import io.gkp.connector.changelog.StreamBatcher.EpochTable;
import io.gkp.connector.composition.Drift;
import io.gkp.connector.source.snapshot.Condition;
import io.gkp.failure.ExportException;
import io.gkp.failure.Failure;
import io.gkp.name.TableName;
import io.gkp.offsets.Checkpoint;
import io.gkp.offsets.Request;
import io.gkp.offsets.Requests;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads what operators' backfills ask for into the tables' current epochs, between two fences.
 *
 * <ol>
 *   <li>The stream has reached a fence. Every row read from here on is at least as new as all that
 *       is in the destination.
 *   <li>Each backfill reserves a batch number of its own, reads, and loads {@code r} rows.
 *   <li>The stream goes on to a second fence: changes that were made between the first fence and
 *       the read come behind the read's rows, in order, so each key ends with its newest state.
 *   <li>Only then the backfill is done. A run that dies earlier does it again, under another batch
 *       number.
 * </ol>
 *
 * <p>What a dead attempt has loaded stays, and is right: its rows are older than the batches behind
 * it and newer than those before it. They repeat what the source said, once more.
 */
final class BackfillPass {
  private static final Logger log = LoggerFactory.getLogger(BackfillPass.class);

  /** A condition that reads longer than this would keep old row versions alive at the source. */
  private static final Duration TIMEOUT = Duration.ofMinutes(15);

  /** What fails the request that it is of, and not the run. */
  private static final Set<Failure> OF_THE_REQUEST =
      EnumSet.of(Failure.BACKFILL_REJECTED, Failure.BACKFILL_ROLE, Failure.PLANNED_FUNCTIONS);

  private final RunParts run;
  private final ReservedReads reads;
  private final Requests requests;
  private final Map<TableName, EpochTable> targets;
  private final List<Request> finished = new ArrayList<>();

  BackfillPass(RunParts run, Requests requests, Map<TableName, EpochTable> targets) {
    this.run = run;
    this.reads = new ReservedReads(run);
    this.requests = requests;
    this.targets = targets;
  }

  /** Backfills that wait, of tables that this run captures. */
  List<Request> pending() {
    return requests.pending(Request.Kind.BACKFILL).stream()
        .filter(request -> tableOf(request) != null)
        .toList();
  }

  /**
   * Carries the requests out, up to their second fence. One that its condition makes impossible is
   * recorded as failed and does not keep the others from being done.
   *
   * @return the newest checkpoint
   * @throws CopiedRows.Stopped when the run shall end
   */
  Checkpoint read(List<Request> pending, Checkpoint start) throws InterruptedException {
    Checkpoint last = start;
    for (Request request : pending) {
      last = reads.reserve(last);
      try {
        finished.add(read(request, last));
      } catch (ExportException e) {
        if (e.failure() == Failure.SOURCE_LOCKED) {
          run.statistics().putOff(e); // the request keeps waiting
          continue;
        }
        // An overdue run's statements are cancelled; that is not the condition's fault.
        if (!OF_THE_REQUEST.contains(e.failure()) || run.stop().isOverdue()) {
          throw e;
        }
        log.warn("Backfill {} failed: {}", request.id(), e.sentence());
        Request failed = request.failed(e.failure().code(), run.runId(), run.clock().instant());
        requests.record(failed);
        run.statistics().backfilled(failed);
      }
    }
    return last;
  }

  /** Records what was read as done; after the second fence. */
  void finish() {
    for (Request request : finished) {
      requests.record(request);
      run.statistics().backfilled(request);
    }
  }

  /**
   * Reads partitions that have come with rows, up to their second fence.
   *
   * @return the newest checkpoint
   * @throws CopiedRows.Stopped when the run shall end
   */
  Checkpoint readAttached(Map<TableName, List<Drift.Attached>> attached, Checkpoint start)
      throws InterruptedException {
    Checkpoint last = start;
    for (Map.Entry<TableName, List<Drift.Attached>> table : attached.entrySet()) {
      for (Drift.Attached partition : table.getValue()) {
        last = reads.reserve(last);
        ReservedReads.Reading reading =
            rows -> run.reader().readPartition(table.getKey(), partition.oid(), rows);
        try {
          EpochTable target = requireNonNull(targets.get(table.getKey()));
          long count = reads.copy(table.getKey(), target, reading, last, job -> {});
          log.info("Partition {} of {}: {} rows", partition.name(), table.getKey(), count);
        } catch (ExportException e) {
          run.statistics().putOff(e);
        }
      }
    }
    return last;
  }

  private Request read(Request request, Checkpoint reserved) throws InterruptedException {
    TableName table = requireNonNull(tableOf(request));
    List<String> jobs = new CopyOnWriteArrayList<>();
    Condition condition = new Condition(request.filter());
    ReservedReads.Reading reading = rows -> run.reader().read(table, condition, TIMEOUT, rows);
    EpochTable target = requireNonNull(targets.get(table));
    long count = reads.copy(table, target, reading, reserved, jobs::add);
    log.info("Backfill {} of {}: {} rows in batch {}", request.id(), table, count, reserved.n());
    return request.done(
        reserved.n(), count, jobs.stream().sorted().toList(), run.runId(), run.clock().instant());
  }

  private @Nullable TableName tableOf(Request request) {
    return targets.keySet().stream()
        .filter(name -> name.display().equals(request.table()))
        .findFirst()
        .orElse(null);
  }
}
