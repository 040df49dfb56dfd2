package io.gkp.serve;

import com.fasterxml.jackson.databind.JsonNode;
import io.gkp.connector.cli.Secrecy;
import io.gkp.connector.export.Deployment;
import io.gkp.serve.access.AccessConfig;
import io.gkp.serve.backend.Backend;
import io.gkp.serve.http.Json;
import io.gkp.serve.runs.ProcessRunner;
import io.gkp.serve.runs.Runner;
import io.gkp.serve.runs.WorkFolder;
import io.gkp.sql.changelog.FoldPolicy;
import io.gkp.sql.model.PolicyTags;
import io.gkp.sql.render.Datasets;
import io.gkp.sql.run.ModelConfig;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A server of a deployment, and somebody who asks it. */
final class Operator implements AutoCloseable {
  static final String TOKEN = "test-token-of-the-administrator";
  static final String VIEWER_TOKEN = "test-token-of-somebody-who-looks";
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  final Served served;

  private Operator(Served served) {
    this.served = served;
  }

  static Operator of(Deployment deployment) {
    return of(deployment, processes(deployment));
  }

  static Operator of(Deployment deployment, Runner runner) {
    AccessConfig access =
        new AccessConfig(
            java.util.Set.of(),
            java.util.Set.of(),
            Optional.empty(),
            Optional.empty(),
            Optional.of(TOKEN),
            Optional.of(VIEWER_TOKEN),
            Optional.empty());
    return new Operator(
        Served.start(
            new ServeConfig("127.0.0.1", 0, access, Optional.empty(), Duration.ofHours(2)),
            backend(deployment),
            runner));
  }

  static Backend backend(Deployment deployment) {
    return new Backend(
        deployment.config(),
        new ModelConfig(
            new Datasets(
                Deployment.PROJECT, Deployment.DATASET, Deployment.DATASET, Deployment.DATASET),
            Optional.empty(),
            FoldPolicy.WHEN_WORTH_IT,
            Optional.empty(),
            PolicyTags.NONE));
  }

  static ProcessRunner processes(Deployment deployment) {
    return new ProcessRunner(
        List.of("--config=" + deployment.configFile()),
        Map.of("GKP_PUBLICATION", deployment.config().source().publication()),
        WorkFolder.of(deployment.slot()));
  }

  HttpResponse<String> send(String method, String path, String body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(served.url() + path))
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body))
            .header("Authorization", "Bearer " + TOKEN)
            .header("X-GKP-Request", "1");
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      HttpResponse<String> answer =
          CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
      Secrecy.tell(new String[] {String.valueOf(body)}, answer.headers().toString(), answer.body());
      return answer;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  HttpResponse<String> get(String path) {
    return send("GET", path, null);
  }

  JsonNode json(String path) {
    HttpResponse<String> answer = get(path);
    if (answer.statusCode() != 200) {
      throw new IllegalStateException(path + ": " + answer.statusCode() + " " + answer.body());
    }
    return Json.tree(answer.body());
  }

  HttpResponse<String> post(String path, String body, String... headers) {
    return send("POST", path, body, headers);
  }

  /** Starts a run, and returns its id. */
  String startRun(String body) {
    HttpResponse<String> answer = post("/api/exports/bigquery/run", body);
    if (answer.statusCode() != 202) {
      throw new IllegalStateException(answer.statusCode() + " " + answer.body());
    }
    return Json.tree(answer.body()).get("run_id").asText();
  }

  @Override
  public void close() {
    served.close();
  }
}
