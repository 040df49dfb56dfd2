package io.gkp.connector.property;

import io.gkp.connector.config.BatchLimits;
import io.gkp.sql.changelog.FoldPolicy;
import io.gkp.testing.wire.Call;
import io.gkp.testing.wire.Call.Kind;
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

  /** What happens in the database while a run makes its n-th request of a kind; 0 for nothing. */
  record Meanwhile(Step step, int nth, List<SourceAction> actions) {
    static final Meanwhile NOTHING = new Meanwhile(Step.ANY, 0, List.of());

    Predicate<Call> when() {
      return Call.nth(nth, step.is);
    }

    @Override
    public String toString() {
      return "meanwhile(%s, %d%s)"
          .formatted(
              step,
              nth,
              actions.stream().map(action -> ", " + action).collect(Collectors.joining()));
    }
  }

  /** Where a run meets its ending: at the n-th request of a kind; 0 for nowhere. */
  record Trouble(Step step, int nth, Ending ending) {
    static final Trouble NONE = new Trouble(Step.ANY, 0, Ending.STOPS);

    Predicate<Call> when() {
      return Call.nth(nth, step.is);
    }

    @Override
    public String toString() {
      return "at(%s, %d, %s)".formatted(step, nth, ending);
    }
  }

  /** One export. */
  record Run(Batches batches, Meanwhile meanwhile, Trouble trouble) implements ExportAction {
    @Override
    public String toString() {
      StringBuilder text = new StringBuilder("run(").append(batches);
      if (meanwhile.nth() > 0) {
        text.append(", ").append(meanwhile);
      }
      if (trouble.nth() > 0) {
        text.append(", ").append(trouble);
      }
      return text.append(")").toString();
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
