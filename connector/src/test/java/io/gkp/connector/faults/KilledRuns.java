package io.gkp.connector.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.gkp.connector.config.BatchLimits;
import io.gkp.connector.export.Deployment;
import io.gkp.connector.export.RunReport;
import io.gkp.connector.faults.Kill.When;
import io.gkp.failure.ExitCode;
import io.gkp.failure.Failure;
import io.gkp.testing.TestPostgres;
import io.gkp.testing.wire.Call;
import io.gkp.testing.wire.Call.Kind;
import io.gkp.testing.wire.Fault;
import io.gkp.testing.wire.Wire;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * A deployment whose runs die at any request, with a workload that goes on meanwhile. To the
 * warehouse and to the server it is the same whether a process is killed or nothing of a run gets
 * through any more; the second needs no process.
 */
final class KilledRuns implements AutoCloseable {
  static final int KILLED = 137;

  /** So many of them one after the other would be none of a dead run. */
  private static final int MOST_LATE_REQUESTS = 2;

  /** Steps before each run: some hundred changes, of which small batches make several. */
  static final int BEFORE = 40;

  /** Steps while a run is going, finished when it has ended. */
  static final int MEANWHILE = 80;

  /** Small, so that ordinary transactions fill several batches and large ones several parts. */
  private static final BatchLimits SMALL =
      new BatchLimits(6_000, Duration.ofSeconds(60), 1_000_000);

  final Wire wire = new Wire();
  final Deployment deployment;
  final Workload workload;
  private final SourceHistory history;

  KilledRuns(TestPostgres server, long seed) throws Exception {
    this.deployment =
        new Deployment(server.createDatabase(), List.of(wire), Workload.TABLES)
            .withoutViews()
            .withLimits(SMALL);
    Workload.createTables(deployment.database);
    this.history = new SourceHistory(deployment.database);
    this.workload = new Workload(deployment.database, seed);
    workload.steps(BEFORE);
  }

  /** From this request on, nothing of a run gets through. */
  void cutOffAt(String step, Predicate<Call> where, When when) throws Exception {
    workload.steps(BEFORE);
    Wire.Script script = cutOff(where, when);
    try (Workload.Background busy = workload.inBackground(MEANWHILE)) {
      assertThat(run().error()).as(step).isNotNull();
    }
    assertThat(script.hits()).as(step).isEqualTo(1);
    wire.calm();
  }

  /**
   * A run that goes as far as it can. One that was cut off may have left a request on its way: who
   * meets it gives way, and the next run goes on.
   */
  RunReport run() {
    RunReport report = deployment.run();
    for (int again = 0; again < MOST_LATE_REQUESTS && hasGivenWay(report); again++) {
      report = deployment.run();
    }
    return report;
  }

  /**
   * The same in a process of its own.
   *
   * @param started sees each process
   * @param codes with which it may end
   */
  void inProcess(String what, Consumer<ChildRun> started, Integer... codes)
      throws InterruptedException {
    for (int late = 0; ; late++) {
      try (ChildRun child = ChildRun.start(deployment, Map.of())) {
        started.accept(child);
        int code = child.exitCode();
        if (code != ExitCode.BUSY || late == MOST_LATE_REQUESTS) {
          assertThat(code).as("%s; %s", what, child.log()).isIn((Object[]) codes);
          return;
        }
      }
    }
  }

  private static boolean hasGivenWay(RunReport report) {
    return report.error() != null
        && report.error().code().equals(Failure.LINEAGE_TAKEN_OVER.code());
  }

  Wire.Script cutOff(Predicate<Call> where, When when) {
    return wire.once(
        where, when.fault(() -> wire.always(call -> true, Fault.refuse(401, "authError"))));
  }

  /** A run in a process of its own, which SIGKILL ends there. */
  void killAt(String step, Predicate<Call> where, When when) throws Exception {
    workload.steps(BEFORE);
    AtomicReference<ChildRun> run = new AtomicReference<>();
    Wire.Script script = wire.once(where, when.fault(() -> run.get().kill()));
    try (Workload.Background busy = workload.inBackground(MEANWHILE)) {
      inProcess("killed " + step, run::set, KILLED);
    }
    assertThat(script.hits()).as(step).isEqualTo(1);
    wire.calm();
  }

  /** A run that nobody kills, and that needs no process of its own. */
  void drain() throws Exception {
    workload.settle();
    Deployment.requireDrained(run());
  }

  void assertExactlyOnce() {
    ExactlyOnce exactlyOnce = new ExactlyOnce(deployment);
    history.since(deployment.slotCreatedAt());
    exactlyOnce.assertHistory(history, Workload.TABLES);
    exactlyOnce.assertPlacesUnique(Workload.TABLES);
    assertThat(history.changes("items")).as("the workload did something").hasSizeGreaterThan(20);
  }

  static Predicate<Call> partCall(Kind kind) {
    return call -> call.is(kind) && call.isPart();
  }

  /** A run first asks for the job of the checkpoint that it starts from. */
  static Predicate<Call> checkpointDone() {
    return Call.nth(2, checkpointCall(Kind.GET_JOB));
  }

  static Predicate<Call> checkpointCall(Kind kind) {
    return call -> call.is(kind) && call.isCheckpoint();
  }

  @Override
  public void close() throws Exception {
    workload.close();
    history.close();
    deployment.close();
  }
}
