package io.gkp.connector.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.gkp.connector.export.Deployment;
import io.gkp.connector.export.RunReport;
import io.gkp.failure.Failure;
import io.gkp.testing.wire.Call;
import io.gkp.testing.wire.Fault;
import io.gkp.testing.wire.Wire;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Each request that a run makes fails once, in each way: passing trouble is got over within the
 * run, final trouble ends it with its code, and the next run goes on. Whatever happened, raw holds
 * every change once.
 *
 * <p>A run is made without faults first, to learn its requests. {@code -Dfaults.every=1} strikes
 * all of them; a build strikes every n-th.
 */
class EveryRequestTest {
  private static final Logger log = LoggerFactory.getLogger(EveryRequestTest.class);
  private static final int EVERY = Integer.getInteger("faults.every", 61);

  /** What a run has to do. */
  private enum Situation {
    /** Creates everything and reads the table. */
    FIRST_RUN(deployment -> {}),
    /** Goes on with a stream. */
    NEXT_RUN(EveryRequestTest::caughtUp),
    /** A column came, one was widened: the raw table changes. */
    AFTER_DRIFT(
        deployment -> {
          caughtUp(deployment);
          deployment.database.execute(
              "ALTER TABLE items ADD COLUMN size int",
              "ALTER TABLE items ALTER COLUMN amount TYPE numeric(20, 0)");
        });

    private final Consumer<Deployment> before;

    Situation(Consumer<Deployment> before) {
      this.before = before;
    }
  }

  /** A fault and what becomes of the run. */
  private record Trouble(String name, Fault fault, Failure ends) {}

  private static final List<Trouble> TROUBLES =
      List.of(
          new Trouble("500 before the effect", Fault.refuse(500, "internalError"), null),
          new Trouble("503 before the effect", Fault.refuse(503, "backendError"), null),
          new Trouble("503 after the effect", Fault.refuseAfterwards(503, "backendError"), null),
          new Trouble("a rate limit", Fault.refuse(403, "rateLimitExceeded"), null),
          new Trouble("a broken connection", Fault.reset(), null),
          new Trouble("a lost answer", Fault.loseAnswer(), null),
          new Trouble(
              "a used-up quota", Fault.refuse(403, "quotaExceeded"), Failure.DESTINATION_QUOTA),
          new Trouble(
              "an expired token",
              Fault.refuse(401, "authError"),
              Failure.DESTINATION_AUTHENTICATION));

  @ParameterizedTest
  @EnumSource
  void everyRequestMayFail(Situation situation) {
    List<Request> requests = requests(situation);
    SoftAssertions soft = new SoftAssertions();
    int struck = 0;
    for (int k = 0; k < requests.size(); k++) {
      for (int t = 0; t < TROUBLES.size(); t++) {
        if ((k * TROUBLES.size() + t) % EVERY == 0) {
          struck++;
          strike(situation, requests.get(k), TROUBLES.get(t), soft);
        }
      }
    }
    log.warn("{}: {} faults at {} requests", situation, struck, requests.size());
    soft.assertAll();
    assertThat(struck).isPositive();
  }

  /** The n-th request of those that ask for the same. */
  private record Request(int n, String line) {
    /** Whether time decides if it is made: a statement may have ended with its first answer. */
    boolean isPoll() {
      return line.startsWith("GET /jobs/") && (n > 1 || line.contains("gkp_models_"));
    }
  }

  private static List<Request> requests(Situation situation) {
    Wire wire = new Wire();
    try (Deployment deployment = deployment(wire)) {
      situation.before.accept(deployment);
      change(deployment);
      List<String> lines = Collections.synchronizedList(new ArrayList<>());
      wire.observe(call -> lines.add(call.line()));
      deployment.drain();
      wire.calm();
      Map<String, Integer> seen = new HashMap<>();
      return lines.stream()
          .map(line -> new Request(seen.merge(line, 1, Integer::sum), line))
          .filter(request -> !request.isPoll())
          .toList();
    }
  }

  private static void strike(
      Situation situation, Request request, Trouble trouble, SoftAssertions soft) {
    Wire wire = new Wire();
    String where = situation + ", " + request + ", " + trouble.name();
    try (Deployment deployment = deployment(wire);
        SourceHistory history = new SourceHistory(deployment.database)) {
      situation.before.accept(deployment);
      change(deployment);
      Wire.Script script =
          wire.once(
              Call.nth(request.n(), call -> call.line().equals(request.line())), trouble.fault());
      RunReport report = deployment.run();
      soft.assertThat(script.hits()).as(where).isEqualTo(1);
      wire.calm();
      if (trouble.ends() == null) {
        soft.assertThat(report.error()).as(where).isNull();
      } else if (report.error() != null) {
        soft.assertThat(report.error().code()).as(where).isEqualTo(trouble.ends().code());
        soft.assertThat(report.exitCode()).as(where).isEqualTo(trouble.ends().exitCode());
      }
      deployment.database.execute("INSERT INTO items (id, name) VALUES (9, 'nine')");
      RunReport next = deployment.run();
      soft.assertThat(next.error()).as("the run after " + where).isNull();
      ExactlyOnce exactlyOnce = new ExactlyOnce(deployment);
      soft.check(
          () -> exactlyOnce.assertHistory(history.since(deployment.slotCreatedAt()), "items"));
      soft.check(() -> exactlyOnce.assertPlacesUnique("items"));
      soft.check(() -> exactlyOnce.assertState("items", "id"));
    }
  }

  private static Deployment deployment(Wire wire) {
    Deployment deployment = new Deployment(List.of(wire), "items");
    deployment.database.execute(
        "CREATE TABLE items (id int PRIMARY KEY, name text, amount numeric(10, 0))",
        "CREATE PUBLICATION gkp_export FOR TABLE items",
        "INSERT INTO items VALUES (1, 'one', 1), (2, 'two', 2)");
    return deployment;
  }

  private static void caughtUp(Deployment deployment) {
    deployment.drain();
  }

  private static void change(Deployment deployment) {
    deployment.database.execute(
        "UPDATE items SET name = 'zwei' WHERE id = 2",
        "DELETE FROM items WHERE id = 1",
        "INSERT INTO items VALUES (3, 'three', 3)");
  }
}
