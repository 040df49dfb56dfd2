package io.gkp.serve.runs;

import io.gkp.connector.export.RunIds;
import io.gkp.connector.operations.RunStarts;
import io.gkp.failure.Failure;
import io.gkp.name.TableName;
import io.gkp.serve.backend.Backend;
import io.gkp.serve.http.Problem;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Starts runs, one at a time, whoever asks and however many servers there are.
 *
 * <ol>
 *   <li>Take the right to start, in Postgres: others who start wait.
 *   <li>A key that was used stands for its run; there is nothing more to do.
 *   <li>Refuse while a run is going, wherever it was started.
 *   <li>Record who wants it, and have it started.
 *   <li>Wait until it has the right to run, or is over. Who waits in step 1 then sees it in step 3.
 * </ol>
 */
public final class RunControl {
  private static final Duration LONGEST_START = Duration.ofSeconds(20);
  private static final long FIRST_POLL_MILLIS = 50;

  /** A run with nothing to do has the right for half a second. */
  private static final long LONGEST_POLL_MILLIS = 200;

  private final Backend backend;
  private final Runner runner;
  private final Clock clock = Clock.systemUTC();

  public RunControl(Backend backend, Runner runner) {
    this.backend = backend;
    this.runner = runner;
  }

  /**
   * @param key the client's, for a request that may come twice; null for none
   * @param by who wants it; null where it is the schedule, which leaves no record of itself
   * @return the run's id
   * @throws Problem 409 with the {@code run_id} that is going
   */
  public String start(StartOrder order, @Nullable String key, @Nullable String by) {
    order.check(backend.config().source().tables().stream().map(TableName::display).toList());
    return backend.askForRun(
        sides -> {
          RunStarts starts = new RunStarts(sides, clock);
          starts.exclude();
          Optional<String> known = key == null ? Optional.empty() : starts.startedFor(key);
          if (known.isPresent()) {
            return known.get();
          }
          starts.going().ifPresent(RunControl::refuse);
          String runId = by == null ? RunIds.create(clock) : starts.record(key, by, order.reason());
          runner.start(runId, order);
          awaitRight(starts, runId);
          return runId;
        });
  }

  private static void refuse(String session) {
    Map<String, Object> run = new LinkedHashMap<>();
    run.put("run_id", RunIds.in(session).orElse(null));
    run.put("session", session);
    throw new Problem(
        409,
        Failure.SLOT_BUSY,
        "A run is going already.",
        "Follow that one; start another when it has ended.",
        run);
  }

  private void awaitRight(RunStarts starts, String runId) {
    long until = System.nanoTime() + LONGEST_START.toNanos();
    long poll = FIRST_POLL_MILLIS;
    while (System.nanoTime() < until && starts.going().isEmpty() && runner.isGoing(runId)) {
      try {
        Thread.sleep(poll);
        poll = Math.min(2 * poll, LONGEST_POLL_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  /**
   * Has a run end early.
   *
   * @throws Problem 404 or 409
   */
  public void stop(String runId) {
    if (runner.stop(runId)) {
      return;
    }
    Optional<String> going = backend.ask(sides -> new RunStarts(sides, clock).going());
    if (going.flatMap(RunIds::in).filter(runId::equals).isPresent()) {
      throw new Problem(
          409,
          Failure.RUN_NOT_STOPPABLE,
          "The run was not started here: " + going.get() + ".",
          "End it where it runs: SIGTERM, or cancel its execution.");
    }
    throw new Problem(
        409, Failure.RUN_NOT_STOPPABLE, "The run is not going.", "There is nothing to do.");
  }

  /** Whether this run is going, here or elsewhere. */
  public boolean isGoing(String runId) {
    return runner.isGoing(runId)
        || backend
            .ask(sides -> new RunStarts(sides, clock).going())
            .flatMap(RunIds::in)
            .filter(runId::equals)
            .isPresent();
  }

  public Optional<Runner.RunFolder> folder(String runId) {
    return runner.folder(runId);
  }

  public boolean isGoingHere(String runId) {
    return runner.isGoing(runId);
  }
}
