package io.gkp.serve.api;

import io.gkp.bigquery.BigQueryClients;
import io.gkp.connector.bigquery.BigQueryDestination;
import io.gkp.connector.config.ExportConfig;
import io.gkp.connector.source.SourceDatabase;
import io.gkp.failure.ExportException;
import io.gkp.serve.backend.Cached;
import io.gkp.serve.http.Json;
import io.javalin.http.Context;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executor;

/** {@code /healthz} and {@code /readyz}, for whoever keeps the server up. */
public final class HealthResource {
  private static final Duration KEEP = Duration.ofSeconds(5);
  private static final Duration WAIT = Duration.ofSeconds(10);
  private static final String ANSWERS = "answers";

  private final ExportConfig config;
  private final Cached<Map<String, Object>> sides;

  public HealthResource(ExportConfig config, Executor executor) {
    this.config = config;
    this.sides = new Cached<>(this::ask, executor, KEEP, WAIT);
  }

  /** Needs neither side: a server that lives is not to be restarted because a database is away. */
  public void alive(Context context) {
    Json.send(context, Map.of("status", "alive"));
  }

  public void ready(Context context) {
    Map<String, Object> answer;
    try {
      answer = sides.get();
    } catch (ExportException e) {
      answer = Map.of("status", "not ready", "source", "unknown", "destination", "unknown");
    }
    context.status("ready".equals(answer.get("status")) ? 200 : 503);
    Json.send(context, answer);
  }

  /** Which failure it is, but not where: everybody may ask. */
  private Map<String, Object> ask() {
    String source = source();
    String destination = destination();
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put(
        "status", source.equals(ANSWERS) && destination.equals(ANSWERS) ? "ready" : "not ready");
    answer.put("source", source);
    answer.put("destination", destination);
    return answer;
  }

  private String source() {
    try {
      new SourceDatabase(config.source()).connect().close();
      return ANSWERS;
    } catch (ExportException e) {
      return e.failure().code();
    } catch (SQLException e) {
      return ANSWERS;
    }
  }

  private String destination() {
    try {
      new BigQueryDestination(BigQueryClients.create(config.destination()), config.destination())
          .open();
      return ANSWERS;
    } catch (ExportException e) {
      return e.failure().code();
    }
  }
}
