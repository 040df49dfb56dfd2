package io.gkp.serve.api;

import io.gkp.connector.export.RunIds;
import io.gkp.connector.operations.RunHistory;
import io.gkp.connector.operations.RunSummary;
import io.gkp.failure.Failure;
import io.gkp.serve.access.Caller;
import io.gkp.serve.backend.Backend;
import io.gkp.serve.http.Json;
import io.gkp.serve.http.Problem;
import io.gkp.serve.runs.RunControl;
import io.gkp.serve.runs.StartOrder;
import io.gkp.serve.view.RunDetail;
import io.gkp.serve.view.RunView;
import io.javalin.http.Context;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** {@code /api/runs}, {@code /api/runs/{id}} and {@code /api/exports/bigquery/run}. */
public final class RunsResource {
  private static final Pattern KEY = Pattern.compile("[\\x21-\\x7e]{1,200}");

  private final Backend backend;
  private final RunControl control;
  private final RunView view;
  private final Runnable changed;

  /**
   * @param changed told when what others have read is old now
   */
  public RunsResource(Backend backend, RunControl control, RunView view, Runnable changed) {
    this.backend = backend;
    this.control = control;
    this.view = view;
    this.changed = changed;
  }

  public void list(Context context) {
    Paging paging = Paging.of(context);
    List<RunSummary> runs =
        backend.ask(sides -> new RunHistory(sides).newest(paging.limit(), paging.before()));
    Map<String, Object> page = new LinkedHashMap<>();
    page.put("runs", runs);
    page.put(
        "next_before", runs.size() < paging.limit() ? null : runs.get(runs.size() - 1).startedAt());
    Json.send(context, page);
  }

  public void get(Context context) {
    Json.send(context, find(context));
  }

  /**
   * The run of the path.
   *
   * @throws Problem 404
   */
  public RunDetail find(Context context) {
    String id = id(context);
    return backend
        .ask(sides -> view.of(sides, id))
        .orElseThrow(() -> Problem.notFound("There is no such run."));
  }

  static String id(Context context) {
    String id = context.pathParam("id");
    if (!RunIds.is(id)) {
      throw Problem.notFound("There is no such run.");
    }
    return id;
  }

  public void start(Context context) {
    String key = context.header("Idempotency-Key");
    if (key != null && !KEY.matcher(key).matches()) {
      throw new Problem(
          400,
          Failure.BAD_REQUEST,
          "Idempotency-Key is no key.",
          "Up to 200 characters of ASCII without spaces.");
    }
    StartOrder order = Json.read(context, StartOrder.class);
    String runId = control.start(order, key, Caller.recorded(context));
    changed.run();
    accepted(context, runId);
  }

  public void stop(Context context) {
    String runId = id(context);
    control.stop(runId);
    changed.run();
    accepted(context, runId);
  }

  private static void accepted(Context context, String runId) {
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("run_id", runId);
    answer.put("url", "/api/runs/" + runId);
    answer.put("events_url", "/api/runs/" + runId + "/events");
    answer.put("page_url", "/runs/" + runId);
    context.status(202).header("Location", "/api/runs/" + runId);
    Json.send(context, answer);
  }
}
