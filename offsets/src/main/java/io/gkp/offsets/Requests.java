package io.gkp.offsets;

import io.gkp.offsets.Request.State;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The log of operators' requests in the destination dataset. Others may write there: a row that is
 * none of ours is passed over, with a warning, and so keeps no run from its work.
 */
public final class Requests {
  private final ControlStore store;

  public Requests(ControlStore store) {
    this.store = store;
  }

  /** Every request in its newest state, oldest first. */
  public List<Request> all() {
    Map<String, Request> newest = new LinkedHashMap<>();
    new ControlRows(store, ControlTable.REQUESTS)
        .ours("").stream()
            .map(Requests::fromRow)
            .filter(Requests::isWhole)
            .forEach(
                request ->
                    newest.merge(
                        request.id(),
                        request,
                        (left, right) -> left.state().compareTo(right.state()) > 0 ? left : right));
    List<Request> requests = new ArrayList<>(newest.values());
    requests.sort(Comparator.comparing(Request::changedAt).thenComparing(Request::id));
    return requests;
  }

  /** Requests of a kind that wait for a run, oldest first. */
  public List<Request> pending(Request.Kind kind) {
    return all().stream()
        .filter(request -> request.kind() == kind && request.state() == State.REQUESTED)
        .toList();
  }

  /**
   * Records a request's state; returns when that is durable. Recording it twice has no further
   * effect.
   */
  public void record(Request request) {
    String state = lower(request.state());
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("request_id", request.id());
    row.put("kind", lower(request.kind()));
    row.put("table_name", request.table());
    row.put("state", state);
    row.put("filter", request.filter());
    Request.Outcome outcome = request.outcome();
    row.put("batch", outcome.batch());
    row.put("rows", outcome.rows());
    row.put("load_jobs", Joined.text(outcome.loadJobs()));
    row.put("error_code", outcome.errorCode());
    row.put("run_id", outcome.runId());
    row.put("changed_at", Timestamps.text(request.changedAt()));
    row.put("changed_by", request.by());
    row.put("reason", request.reason());
    store.append(
        ControlTable.REQUESTS,
        "gkp_request_" + request.id() + "_" + state,
        "state-" + state,
        List.of(row));
  }

  private static Request fromRow(Map<String, Object> values) {
    ControlRow row = new ControlRow(values);
    return new Request(
        row.text("request_id"),
        Request.Kind.valueOf(row.text("kind").toUpperCase(Locale.ROOT)),
        row.textOrNull("table_name"),
        State.valueOf(row.text("state").toUpperCase(Locale.ROOT)),
        row.textOrNull("filter"),
        new Request.Outcome(
            row.numberOrNull("batch"),
            row.numberOrNull("rows"),
            Joined.list(row.textOrNull("load_jobs")),
            row.textOrNull("error_code"),
            row.textOrNull("run_id")),
        row.time("changed_at"),
        row.textOrNull("changed_by"),
        row.textOrNull("reason"));
  }

  /** A skip says from the beginning which batch it leaves out, and how much. */
  private static boolean isWhole(Request request) {
    return request.kind() != Request.Kind.SKIP
        || request.state() != State.REQUESTED
        || request.outcome().batch() != null && request.outcome().rows() != null;
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
