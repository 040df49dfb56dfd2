package io.gkp.localbigquery.sql.statement;

import io.gkp.localbigquery.sql.value.TypedValue;
import io.gkp.localbigquery.storage.Warehouse;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Sessions of clients, as long as the server runs: temporary tables, functions and variables that
 * several queries share.
 *
 * @see <a href="https://cloud.google.com/bigquery/docs/sessions-intro">Sessions</a>
 */
public final class QuerySessions {
  private final Map<String, State> states = new ConcurrentHashMap<>();

  /** What the queries of a session share; one runs at a time. */
  public record State(Temporaries temporaries, Map<String, TypedValue> variables) {}

  public State of(String id, Warehouse warehouse, SqlRequest request) {
    return states.computeIfAbsent(
        id,
        fresh ->
            new State(
                new Temporaries(warehouse, request.project(), request.location()),
                new HashMap<>()));
  }
}
