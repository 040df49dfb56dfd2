package io.gkp.serve.api;

import io.gkp.connector.operations.Backfills;
import io.gkp.connector.operations.BothSides;
import io.gkp.connector.operations.Cancellations;
import io.gkp.connector.operations.History;
import io.gkp.connector.operations.HistoryEvent;
import io.gkp.connector.operations.TableResets;
import io.gkp.failure.ExportException;
import io.gkp.failure.Failure;
import io.gkp.offsets.Request;
import io.gkp.serve.access.Caller;
import io.gkp.serve.backend.Backend;
import io.gkp.serve.http.Json;
import io.gkp.serve.http.Problem;
import io.javalin.http.Context;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@code /api/requests}: what {@code offsets reset}, {@code backfill} and {@code cancel} do. */
public final class RequestsResource {
  private static final Set<String> ASKED =
      Set.of("reset", "reset_all", "backfill", "skip", "start");
  private static final int MOST_EVENTS = 500;

  private final Backend backend;
  private final Runnable changed;

  public RequestsResource(Backend backend, Runnable changed) {
    this.backend = backend;
    this.changed = changed;
  }

  public void list(Context context) {
    List<HistoryEvent> events =
        backend.ask(
            sides ->
                new History(sides)
                    .newest(MOST_EVENTS).stream()
                        .filter(event -> ASKED.contains(event.what()))
                        .toList());
    Json.send(context, Map.of("requests", events));
  }

  public void make(Context context) {
    RequestOrder order = Json.read(context, RequestOrder.class);
    order.check();
    String by = Caller.recorded(context);
    Map<String, Object> answer;
    try {
      answer =
          backend.ask(
              sides ->
                  switch (order.kind()) {
                    case "reset" -> reset(sides, order, by);
                    case "backfill" -> backfill(sides, order, by);
                    default -> cancel(sides, order, by);
                  });
    } catch (ExportException e) {
      throw refusal(e);
    }
    if (!order.isDryRun()) {
      changed.run();
      context.status(202);
    }
    Json.send(context, answer);
  }

  /** A table that is not captured, or not there, is the request's fault and not the server's. */
  private static RuntimeException refusal(ExportException e) {
    boolean isTheirs = e.failure() == Failure.CONFIGURATION || e.failure() == Failure.TABLE_MISSING;
    return isTheirs ? new Problem(422, e.failure(), e.getMessage(), e.remedy()) : e;
  }

  private static Map<String, Object> reset(BothSides sides, RequestOrder order, String by) {
    TableResets resets = new TableResets(sides, Clock.systemUTC());
    Map<String, Object> answer = answer(order);
    answer.put("tables", resets.plan(List.of(order.table())));
    answer.put(
        "requested",
        order.isDryRun() ? List.of() : resets.request(List.of(order.table()), by, order.reason()));
    return answer;
  }

  private static Map<String, Object> backfill(BothSides sides, RequestOrder order, String by) {
    Backfills backfills = new Backfills(sides, Clock.systemUTC());
    Backfills.Plan plan =
        order.where() != null
            ? backfills.where(order.table(), order.where())
            : order.since() != null
                ? backfills.since(order.table(), order.since())
                : backfills.keys(order.table(), order.keys());
    Map<String, Object> answer = answer(order);
    answer.put("plan", plan);
    answer.put("requested", order.isDryRun() ? null : backfills.request(plan, by, order.reason()));
    return answer;
  }

  private static Map<String, Object> cancel(BothSides sides, RequestOrder order, String by) {
    Cancellations cancellations = new Cancellations(sides, Clock.systemUTC());
    Request waiting = cancellations.waiting(order.requestId());
    Map<String, Object> answer = answer(order);
    answer.put("request_id", waiting.id());
    answer.put("table", waiting.table());
    answer.put("condition", waiting.filter());
    answer.put("run", order.isDryRun() ? null : cancellations.cancel(waiting, by, order.reason()));
    return answer;
  }

  private static Map<String, Object> answer(RequestOrder order) {
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("dry_run", order.isDryRun());
    answer.put("kind", order.kind());
    return answer;
  }
}
