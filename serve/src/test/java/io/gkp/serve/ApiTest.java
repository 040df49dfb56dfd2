package io.gkp.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.gkp.connector.export.Deployment;
import io.gkp.serve.http.Json;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ApiTest {
  private static Deployment deployment;
  private static Operator operator;

  @BeforeAll
  static void start() {
    deployment = new Deployment("t", "u");
    deployment.database.execute(
        "CREATE TABLE t (id int PRIMARY KEY, v text)",
        "CREATE TABLE u (id int PRIMARY KEY, v text)",
        "INSERT INTO t SELECT i, 'v' || i FROM generate_series(1, 50) i");
    deployment.drain();
    operator = Operator.of(deployment);
  }

  @AfterAll
  static void stop() {
    operator.close();
    deployment.close();
  }

  private static JsonNode awaitEnd(String runId) {
    return await()
        .atMost(Duration.ofMinutes(2))
        .until(
            () -> operator.json("/api/runs/" + runId),
            run -> !run.get("state").asText().equals("running"));
  }

  @Test
  void statusSaysInOneObjectWhereItStands() {
    JsonNode status = operator.json("/api/status");
    assertThat(status.get("health").asText()).isEqualTo("ok");
    assertThat(status.get("sentence").asText()).startsWith("All 2 tables are complete as of");
    assertThat(status.get("tables").get("t").get("state").asText()).isEqualTo("completed");
    assertThat(status.get("tables").get("t").get("snapshot_rows").asInt()).isEqualTo(50);
    assertThat(status.get("lag").get("bytes").isNumber()).isTrue();
    assertThat(status.get("last_run").get("status").asText()).isEqualTo("drained");
  }

  @Test
  void aRunIsStartedElsewhereAndFollowed() {
    deployment.database.execute("INSERT INTO u SELECT i, 'x' FROM generate_series(1, 7) i");
    HttpResponse<String> started =
        operator.post("/api/exports/bigquery/run", "{\"reason\":\"ticket 4711\"}");
    assertThat(started.statusCode()).isEqualTo(202);
    String runId = Json.tree(started.body()).get("run_id").asText();
    assertThat(started.headers().firstValue("Location")).hasValue("/api/runs/" + runId);

    String events =
        operator
            .send("GET", "/api/runs/" + runId + "/events", null, "Accept", "text/event-stream")
            .body();
    assertThat(events).contains("\"event\":\"phase\"", "\"event\":\"committed\"", "event: end");
    JsonNode run = awaitEnd(runId);
    assertThat(run.get("state").asText()).isEqualTo("drained");
    assertThat(run.get("started_by").asText()).isEqualTo("admin token from 127.0.0.1");
    assertThat(run.get("reason").asText()).isEqualTo("ticket 4711");
    assertThat(run.get("summary").get("tables").get("u").get("inserts").asInt()).isEqualTo(7);
    assertThat(run.get("report").get("status").asText()).isEqualTo("drained");
    assertThat(run.get("batches").get(0).get("from_lsn").asText()).contains("/");
    assertThat(operator.json("/api/requests").toString()).contains("ticket 4711", runId);
  }

  @Test
  void aKeyThatComesAgainStandsForTheSameRun() {
    String[] key = {"Idempotency-Key", "once-" + System.nanoTime()};
    HttpResponse<String> first = operator.post("/api/exports/bigquery/run", "{}", key);
    assertThat(first.statusCode()).as(first.body()).isEqualTo(202);
    try (Operator restarted = Operator.of(deployment)) {
      HttpResponse<String> again = restarted.post("/api/exports/bigquery/run", "{}", key);
      assertThat(again.statusCode()).isEqualTo(202);
      assertThat(again.body()).isEqualTo(first.body());
    }
    awaitEnd(Json.tree(first.body()).get("run_id").asText());
  }

  @Test
  void ofTwoServersOneStartsARun() {
    try (Operator other = Operator.of(deployment)) {
      List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        Operator one = i % 2 == 0 ? operator : other;
        answers.add(
            CompletableFuture.supplyAsync(() -> one.post("/api/exports/bigquery/run", "{}")));
      }
      List<HttpResponse<String>> all = answers.stream().map(CompletableFuture::join).toList();
      assertThat(all).extracting(HttpResponse::statusCode).containsOnlyOnce(202);
      String runId =
          all.stream()
              .filter(answer -> answer.statusCode() == 202)
              .map(answer -> Json.tree(answer.body()).get("run_id").asText())
              .findFirst()
              .orElseThrow();
      assertThat(all.stream().filter(answer -> answer.statusCode() == 409))
          .hasSize(2)
          .allSatisfy(
              refused ->
                  assertThat(Json.tree(refused.body()).get("run_id").asText()).isEqualTo(runId));
      assertThat(awaitEnd(runId).get("state").asText()).isEqualTo("drained");
    }
  }

  @Test
  void whatCannotBeMeantIsRefusedWithProblemDetails() {
    HttpResponse<String> some = operator.post("/api/exports/bigquery/run", "{\"tables\":[\"t\"]}");
    assertThat(some.statusCode()).isEqualTo(422);
    assertThat(some.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    assertThat(Json.tree(some.body()).get("detail").asText())
        .contains("share one replication slot");

    assertThat(
            operator.post("/api/exports/bigquery/run", "{\"max_duration\":\"soon\"}").statusCode())
        .isEqualTo(400);
    assertThat(operator.post("/api/exports/bigquery/run", "{\"tabels\":[]}").body())
        .contains("tabels");
    assertThat(operator.post("/api/exports/bigquery/run", "[1").statusCode()).isEqualTo(400);
    assertThat(operator.get("/api/runs/run-20260101-000000-000000").statusCode()).isEqualTo(404);
    assertThat(operator.get("/api/runs/'%20OR%201=1").statusCode()).isEqualTo(404);
    assertThat(operator.get("/api/runs?limit=0").statusCode()).isEqualTo(400);
    assertThat(operator.get("/api/runs/run-20260101-000000-000000/events").statusCode())
        .isEqualTo(406);
    assertThat(operator.get("/api/nothing").statusCode()).isEqualTo(404);
    assertThat(operator.get("/api/nothing").body()).contains("\"status\":404");
    assertThat(operator.send("PUT", "/api/status", "{}").statusCode()).isEqualTo(405);
    assertThat(
            operator
                .post("/api/requests", "{\"reason\":\"" + "x".repeat(70_000) + "\"}")
                .statusCode())
        .isIn(400, 413);
  }

  @Test
  void runsAreListedByPage() {
    awaitEnd(operator.startRun("{}"));
    JsonNode first = operator.json("/api/runs?limit=1");
    assertThat(first.get("runs")).hasSize(1);
    JsonNode second =
        operator.json("/api/runs?limit=1&before=" + first.get("next_before").asText());
    assertThat(second.get("runs").get(0).get("run_id"))
        .isNotEqualTo(first.get("runs").get(0).get("run_id"));
  }

  @Test
  void resetsAndBackfillsAreLookedAtFirstAndThenRecorded() {
    JsonNode plan =
        Json.tree(operator.post("/api/requests", "{\"kind\":\"reset\",\"table\":\"t\"}").body());
    assertThat(plan.get("dry_run").asBoolean()).isTrue();
    assertThat(plan.get("tables").get(0).get("estimated_rows").asInt()).isEqualTo(50);
    assertThat(operator.json("/api/status").get("pending")).isEmpty();

    String backfill =
        "{\"kind\":\"backfill\",\"table\":\"t\",\"where\":\"id < 3\",\"dry_run\":false";
    assertThat(operator.post("/api/requests", backfill + "}").statusCode())
        .as("without a reason")
        .isEqualTo(400);
    HttpResponse<String> asked =
        operator.post("/api/requests", backfill + ",\"reason\":\"ticket 7\"}");
    assertThat(asked.statusCode()).as(asked.body()).isEqualTo(202);
    String id = Json.tree(asked.body()).get("requested").get("request_id").asText();
    assertThat(operator.json("/api/status").get("pending").get(0).get("by").asText())
        .isEqualTo("admin token from 127.0.0.1");

    HttpResponse<String> cancelled =
        operator.post(
            "/api/requests",
            "{\"kind\":\"cancel\",\"request_id\":\""
                + id
                + "\",\"dry_run\":false,\"reason\":\"no\"}");
    assertThat(cancelled.statusCode()).as(cancelled.body()).isEqualTo(202);
    assertThat(operator.json("/api/status").get("pending")).isEmpty();

    assertThat(
            operator.post("/api/requests", "{\"kind\":\"reset\",\"table\":\"nope\"}").statusCode())
        .isEqualTo(422);
    assertThat(
            operator
                .post(
                    "/api/requests",
                    "{\"kind\":\"backfill\",\"table\":\"t\",\"where\":\"id < (SELECT 1)\"}")
                .statusCode())
        .isEqualTo(422);
  }

  @Test
  void doctorAndModelsSayWhatTheCommandsSay() {
    assertThat(operator.json("/api/doctor").get("findings").toString())
        .contains("\"check\":\"source-connection\"");
    deployment.models();
    JsonNode models = operator.json("/api/models?checks=true");
    assertThat(models.get("models").toString()).contains("raw_t", "latest_t");
    assertThat(models.get("checks").isArray()).isTrue();
  }

  @Test
  void whoKeepsTheServerUpNeedsNoCredential() throws Exception {
    var client = java.net.http.HttpClient.newHttpClient();
    for (String path : List.of("/healthz", "/readyz")) {
      assertThat(
              client
                  .send(
                      java.net.http.HttpRequest.newBuilder(URI.create(operator.served.url() + path))
                          .build(),
                      HttpResponse.BodyHandlers.ofString())
                  .statusCode())
          .isEqualTo(200);
    }
  }

  @Test
  void halfAndSlowRequestsKeepNobodyOut() throws IOException {
    URI url = URI.create(operator.served.url());
    String credential = "Authorization: Bearer " + Operator.TOKEN + "\r\nX-GKP-Request: 1\r\n";
    List<Socket> slow = new ArrayList<>();
    try {
      for (int i = 0; i < 120; i++) {
        Socket socket = new Socket(url.getHost(), url.getPort());
        slow.add(socket);
        String half =
            i % 3 == 0
                ? "GET /api/status HTTP/1.1\r\nHost: localhost\r\nX-Half: "
                : "POST /api/requests HTTP/1.1\r\nHost: localhost\r\n"
                    + (i % 3 == 1 ? credential : "")
                    + "Content-Length: 5000\r\n\r\n{";
        socket.getOutputStream().write(half.getBytes(StandardCharsets.US_ASCII));
      }
      long began = System.nanoTime();
      assertThat(operator.get("/api/status").statusCode()).isEqualTo(200);
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
    } finally {
      for (Socket socket : slow) {
        socket.close();
      }
    }
  }
}
