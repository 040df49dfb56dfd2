package io.gkp.serve;

import com.fasterxml.jackson.databind.JsonNode;
import io.gkp.connector.cli.GkpCli;
import io.gkp.connector.export.Deployment;
import io.gkp.serve.http.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** {@code gkp_cli serve} in a process of its own, which can be killed. */
final class ServerProcess implements AutoCloseable {
  private static final Duration LONGEST = Duration.ofMinutes(2);

  private final Process process;
  private final Path out;
  private final Path err;

  private ServerProcess(Process process, Path out, Path err) {
    this.process = process;
    this.out = out;
    this.err = err;
  }

  static ServerProcess start(
      Deployment deployment, Map<String, String> environment, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            GkpCli.class.getName(),
            "serve",
            "--config",
            deployment.configFile().toString(),
            "--port",
            "0"));
    command.addAll(Arrays.asList(arguments));
    try {
      Path out = Files.createTempFile("serve", ".out");
      Path err = Files.createTempFile("serve", ".err");
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
      builder.environment().put("GKP_SERVE_ENABLED", "true");
      builder.environment().putAll(environment);
      return new ServerProcess(builder.start(), out, err);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until it serves. */
  ServerProcess await() {
    org.awaitility.Awaitility.await()
        .atMost(LONGEST)
        .until(() -> out().contains("Serving at ") || !process.isAlive());
    if (!process.isAlive()) {
      throw new IllegalStateException(err());
    }
    return this;
  }

  private String url() {
    return out().replaceAll("(?s).*Serving at (http://[^/]+)/.*", "$1");
  }

  private String token() {
    return out().replaceAll("(?s).*#token=(\\S+).*", "$1");
  }

  HttpResponse<String> send(String method, String path, String body) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url() + path))
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .header("Authorization", "Bearer " + token())
            .header("X-GKP-Request", "1")
            .build();
    try {
      return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  JsonNode run(String runId) {
    return Json.tree(send("GET", "/api/runs/" + runId, "").body());
  }

  String startRun() {
    HttpResponse<String> answer = send("POST", "/api/exports/bigquery/run", "{}");
    if (answer.statusCode() != 202) {
      throw new IllegalStateException(answer.body());
    }
    return Json.tree(answer.body()).get("run_id").asText();
  }

  JsonNode awaitEnd(String runId) {
    return org.awaitility.Awaitility.await()
        .atMost(LONGEST)
        .until(() -> run(runId), run -> !run.path("state").asText("running").equals("running"));
  }

  /** {@code kill -9}. */
  void kill() {
    process.destroyForcibly().onExit().join();
  }

  /** SIGTERM. */
  int terminate() {
    process.destroy();
    return process.onExit().join().exitValue();
  }

  String out() {
    return read(out);
  }

  String err() {
    return read(err);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    kill();
    try {
      Files.deleteIfExists(out);
      Files.deleteIfExists(err);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
