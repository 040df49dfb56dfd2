package io.gkp.connector.property;

import io.gkp.connector.config.BatchLimits;
import io.gkp.connector.faults.Call;
import io.gkp.connector.faults.Call.Kind;
import io.gkp.sql.changelog.FoldPolicy;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Something that the operator, the schedule or bad luck does to the export. */
sealed interface ExportAction extends Action {
  /** How much goes into one batch. */
  enum Batches {
    LARGE(BatchLimits.DEFAULT),
    /** A few short rows, or one long one. */
    SMALL(new BatchLimits(1_500, Duration.ofSeconds(60), 1_000_000));

    final BatchLimits limits;

    Batches(BatchLimits limits) {
      this.limits = limits;
    }
  }

  /** A kind of request, by what it means to the recovery protocol. */
  enum Step {
    ANY(call -> true),
    CLAIM(call -> call.job().endsWith("_claim")),
    OPEN_PART(call -> call.is(Kind.OPEN_UPLOAD) && call.isPart()),
    SEND_PART(call -> call.is(Kind.UPLOAD) && call.isPart()),
    AWAIT_PART(call -> call.is(Kind.GET_JOB) && call.isPart()),
    CHECKPOINT(call -> call.is(Kind.UPLOAD) && call.isCheckpoint()),
    SNAPSHOTTING(call -> call.is(Kind.UPLOAD) && call.job().endsWith("_snapshotting")),
    CONVERGING(call -> call.is(Kind.UPLOAD) && call.job().endsWith("_converging")),
    COMPLETED(call -> call.is(Kind.UPLOAD) && call.job().endsWith("_completed")),
    REQUEST_DONE(call -> call.is(Kind.UPLOAD) && call.job().endsWith("_done"));

    private final Predicate<Call> is;

    Step(Predicate<Call> is) {
      this.is = is;
    }
  }

  /** What becomes of a run at a request. */
  enum Ending {
    /** Nothing: the run goes on. */
    GOES_ON,
    /** From here on nothing gets through, this request included. */
    DIES_BEFORE,
    /** This request has its effect, and nothing gets through any more. */
    DIES_AFTER,
    /** Asked to stop, as by SIGTERM. */
    STOPS,
    /** SIGKILL of a process of its own, in place of the request. */
    IS_KILLED_BEFORE,
    /** SIGKILL of a process of its own, behind the request's effect. */
    IS_KILLED_AFTER;

    boolean isKill() {
      return this == IS_KILLED_BEFORE || this == IS_KILLED_AFTER;
    }
  }

  /** Where a run meets its ending. */
  record Trouble(Step step, int nth, Ending ending) {
    static final Trouble NONE = new Trouble(Step.ANY, 0, Ending.GOES_ON);

    Predicate<Call> when() {
      return Call.nth(nth, step.is);
    }

    @Override
    public String toString() {
      return "at(%s, %d, %s)".formatted(step, nth, ending);
    }
  }

  /**
   * One export.
   *
   * @param meanwhile what happens in the database at the trouble's request, before it
   */
  record Run(Batches batches, Trouble trouble, List<SourceAction> meanwhile)
      implements ExportAction {
    @Override
    public String toString() {
      if (trouble.nth() == 0) {
        return batches == Batches.LARGE ? "run()" : "run(" + batches + ")";
      }
      return "run(%s, %s%s)"
          .formatted(
              batches,
              trouble,
              meanwhile.stream().map(action -> ", " + action).collect(Collectors.joining()));
    }
  }

  /** {@code offsets reset --table}. */
  record Reset(SourceTable table) implements ExportAction {
    @Override
    public String toString() {
      return "reset(" + table + ")";
    }
  }

  /** {@code offsets backfill --where}: the rows whose id leaves this remainder by two. */
  record Backfill(SourceTable table, int remainder) implements ExportAction {
    @Override
    public String toString() {
      return "backfill(%s, %d)".formatted(table, remainder);
    }
  }

  /** When {@code models run} folds. */
  enum Folding {
    NEVER(FoldPolicy.NEVER),
    ALWAYS(FoldPolicy.ALWAYS);

    final FoldPolicy policy;

    Folding(FoldPolicy policy) {
      this.policy = policy;
    }
  }

  /**
   * {@code models run}.
   *
   * @param diesAtJob dies when this many jobs were asked for; 0 for never
   */
  record Models(Folding folding, int diesAtJob) implements ExportAction {
    @Override
    public String toString() {
      return diesAtJob == 0
          ? "models(" + folding + ")"
          : "models(%s, %d)".formatted(folding, diesAtJob);
    }
  }
}
