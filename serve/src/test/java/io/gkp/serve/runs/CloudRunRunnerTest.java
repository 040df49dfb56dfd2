package io.gkp.serve.runs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.api.gax.core.NoCredentialsProvider;
import com.google.cloud.run.v2.ExecutionsClient;
import com.google.cloud.run.v2.ExecutionsSettings;
import com.google.cloud.run.v2.JobsClient;
import com.google.cloud.run.v2.JobsSettings;
import com.sun.net.httpserver.HttpServer;
import io.gkp.failure.ExportException;
import io.gkp.failure.Failure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Google's client against an endpoint that answers as Cloud Run's REST API does. */
class CloudRunRunnerTest {
  private static final String JOB = "projects/p/locations/l/jobs/export";
  private static final String RUN = "run-20260101-000000-abcdef";

  private final List<String> requests = new CopyOnWriteArrayList<>();
  private HttpServer cloudRun;
  private CloudRunRunner runner;
  private volatile int status = 200;

  @BeforeEach
  void start() throws IOException {
    cloudRun = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    cloudRun.createContext(
        "/",
        exchange -> {
          String body =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          requests.add(
              exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath() + " " + body);
          byte[] answer =
              (status != 200
                      ? "{\"error\":{\"code\":403,\"message\":\"no\",\"status\":\"PERMISSION_DENIED\"}}"
                      : exchange.getRequestMethod().equals("GET") ? executions() : operation())
                  .getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().add("Content-Type", "application/json");
          exchange.sendResponseHeaders(status, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    cloudRun.start();
    String endpoint = "http://127.0.0.1:" + cloudRun.getAddress().getPort();
    runner =
        new CloudRunRunner(
            JOB,
            JobsClient.create(
                JobsSettings.newHttpJsonBuilder()
                    .setEndpoint(endpoint)
                    .setCredentialsProvider(NoCredentialsProvider.create())
                    .build()),
            ExecutionsClient.create(
                ExecutionsSettings.newHttpJsonBuilder()
                    .setEndpoint(endpoint)
                    .setCredentialsProvider(NoCredentialsProvider.create())
                    .build()));
  }

  @AfterEach
  void stop() {
    cloudRun.stop(0);
  }

  private static String executions() {
    return """
        {"executions": [
          {"name": "%1$s/executions/e2", "template": {"containers": [
            {"env": [{"name": "GKP_RUN_ID", "value": "%2$s"}]}]}},
          {"name": "%1$s/executions/e1", "completionTime": "2026-01-01T00:00:00Z",
           "template": {"containers": [
            {"env": [{"name": "GKP_RUN_ID", "value": "run-20250101-000000-abcdef"}]}]}}]}
        """
        .formatted(JOB, RUN);
  }

  private static String operation() {
    return """
        {"name": "projects/p/locations/l/operations/o1", "metadata": {
          "@type": "type.googleapis.com/google.cloud.run.v2.Execution",
          "name": "%s/executions/e2"}}
        """
        .formatted(JOB);
  }

  @Test
  void anExecutionGetsTheRunsIdAndWhatTheOrderChanges() {
    runner.start(RUN, new StartOrder(null, true, "10m", "why"));
    assertThat(requests.get(0))
        .startsWith("POST /v2/" + JOB + ":run")
        .contains("GKP_RUN_ID", RUN, "GKP_MAX_DURATION", "10m", "GKP_REFRESH_MODELS", "true");
  }

  @Test
  void anExecutionIsFoundAgainByTheRunsId() {
    assertThat(runner.isGoing(RUN)).isTrue();
    assertThat(runner.isGoing("run-20250101-000000-abcdef")).as("completed").isFalse();
    assertThat(runner.isGoing("run-20250101-000000-000000")).as("unknown").isFalse();
    assertThat(runner.stop(RUN)).isTrue();
    Awaitility.await()
        .until(
            () ->
                requests.stream()
                    .anyMatch(
                        request ->
                            request.startsWith("POST /v2/" + JOB + "/executions/e2:cancel")));
  }

  @Test
  void whatCloudRunRefusesIsARunThatWasNotStarted() {
    status = 403;
    assertThatThrownBy(() -> runner.start(RUN, StartOrder.scheduled("test")))
        .isInstanceOfSatisfying(
            ExportException.class, e -> assertThat(e.failure()).isEqualTo(Failure.RUN_NOT_STARTED))
        .hasMessageContaining("PERMISSION_DENIED");
  }
}
