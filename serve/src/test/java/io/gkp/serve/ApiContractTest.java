package io.gkp.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.gkp.connector.export.Deployment;
import io.gkp.serve.http.Json;
import java.io.File;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The server does what {@code openapi.json} says, and {@code docs/} says the same. */
class ApiContractTest {
  private static final Path REFERENCE = Path.of("..", "docs", "reference", "api.md");

  private static Deployment deployment;
  private static Operator operator;
  private static JsonNode document;

  @BeforeAll
  static void start() {
    deployment = new Deployment("t");
    deployment.database.execute("CREATE TABLE t (id int PRIMARY KEY)", "INSERT INTO t VALUES (1)");
    deployment.drain();
    operator = Operator.of(deployment);
    document = operator.json("/api/openapi.json");
  }

  @AfterAll
  static void stop() {
    operator.close();
    deployment.close();
  }

  /** The schema of an answer; empty where the document does not have one. */
  private static Optional<JsonNode> schema(String path, String method, HttpResponse<?> answer) {
    JsonNode responses = document.path("paths").path(path).path(method).path("responses");
    JsonNode response =
        responses.has(String.valueOf(answer.statusCode()))
            ? responses.get(String.valueOf(answer.statusCode()))
            : responses.path("default");
    String type = answer.headers().firstValue("Content-Type").orElse("").replaceAll(";.*", "");
    JsonNode schema = response.path("content").path(type).path("schema");
    return schema.isMissingNode() ? Optional.empty() : Optional.of(schema);
  }

  private static void conforms(String path, String method, HttpResponse<String> answer) {
    JsonNode schema = schema(path, method, answer).orElseThrow();
    JsonNode whole =
        Json.tree(
            Json.text(
                Map.of(
                    "$ref",
                    schema.path("$ref").asText(),
                    "components",
                    document.get("components"))));
    assertThat(
            JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                .getSchema(whole)
                .validate(Json.tree(answer.body())))
        .as("%s %s: %s", method, path, answer.body())
        .isEmpty();
  }

  @Test
  void answersAreWhatTheDocumentSays() {
    String runId = operator.json("/api/status").get("last_run").get("run_id").asText();
    Map.of(
            "/api/status", "/api/status",
            "/api/runs", "/api/runs?limit=1",
            "/api/runs/{id}", "/api/runs/" + runId,
            "/api/doctor", "/api/doctor",
            "/api/models", "/api/models?checks=true",
            "/api/requests", "/api/requests",
            "/healthz", "/healthz",
            "/readyz", "/readyz")
        .forEach((path, request) -> conforms(path, "get", operator.get(request)));
    conforms("/api/runs/{id}", "get", operator.get("/api/runs/nope"));
    conforms(
        "/api/requests",
        "post",
        operator.post("/api/requests", "{\"kind\":\"reset\",\"table\":\"t\"}"));
    conforms(
        "/api/requests",
        "post",
        operator.post(
            "/api/requests", "{\"kind\":\"backfill\",\"table\":\"t\",\"where\":\"id = 1\"}"));
    conforms("/api/requests", "post", operator.post("/api/requests", "{}"));
    conforms(
        "/api/exports/bigquery/run",
        "post",
        operator.post("/api/exports/bigquery/run", "{\"tables\":[\"nope\"]}"));
  }

  @Test
  void everyNumberThatIsPromisedIsThere() {
    HttpResponse<String> metrics = operator.get("/metrics");
    assertThat(metrics.headers().firstValue("Content-Type").orElse("")).startsWith("text/plain");
    assertThat(metrics.body())
        .contains(
            "gkp_export_lag_bytes ",
            "gkp_export_slot_usable 1.0",
            "gkp_export_last_run_exit_code 0.0",
            "gkp_export_last_run_rows_loaded{table=\"t\"} 1.0",
            "gkp_export_last_run_load_retries{table=\"t\"} 0.0",
            "gkp_export_epochs_converging 0.0");
    List<String> documented = documentedMetrics();
    Stream<String> served =
        metrics
            .body()
            .lines()
            .filter(line -> line.startsWith("# TYPE "))
            .map(line -> line.split(" ")[2]);
    assertThat(served).isNotEmpty().allMatch(documented::contains);
  }

  private static List<String> documentedMetrics() {
    try {
      return Files.readAllLines(Path.of("..", "docs", "operate", "metrics.md")).stream()
          .filter(line -> line.startsWith("| `gkp_export_"))
          .map(line -> line.substring(3, line.indexOf('`', 3)).replaceAll("\\{.*", ""))
          .toList();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** {@code -Dupdate} writes the page. */
  @Test
  void theReferenceIsMadeOfTheDocument() throws IOException {
    String made = ApiReference.of(document);
    if (System.getProperty("update") != null) {
      Files.writeString(REFERENCE, made);
    }
    assertThat(Files.readString(REFERENCE)).isEqualTo(made);
  }

  @Test
  void aPropertyBasedClientFindsNothing() throws Exception {
    Path schemathesis =
        Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
            .map(folder -> Path.of(folder, "schemathesis"))
            .filter(Files::isExecutable)
            .findFirst()
            .orElse(null);
    assumeTrue(schemathesis != null, "schemathesis is not installed");
    Process process =
        new ProcessBuilder(
                schemathesis.toString(),
                "run",
                operator.served.url() + "/api/openapi.json",
                "--header",
                "Authorization: Bearer " + Operator.VIEWER_TOKEN,
                "--include-method",
                "GET",
                "--exclude-path-regex",
                "/events$|doctor|models",
                "--max-examples",
                "10",
                "--checks",
                "not_a_server_error,response_schema_conformance,content_type_conformance",
                "--suppress-health-check",
                "all")
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
  }
}
