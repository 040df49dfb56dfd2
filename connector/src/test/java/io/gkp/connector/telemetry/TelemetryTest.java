package io.gkp.connector.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.gkp.connector.export.Deployment;
import io.gkp.connector.faults.ChildRun;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/** A run, and a collector that keeps what it is sent. */
class TelemetryTest {
  private final Map<String, String> received = new ConcurrentHashMap<>();

  private HttpServer collector() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          boolean isZipped =
              "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
          byte[] body =
              (isZipped
                      ? new GZIPInputStream(exchange.getRequestBody())
                      : exchange.getRequestBody())
                  .readAllBytes();
          received.merge(
              exchange.getRequestURI().getPath(),
              new String(body, StandardCharsets.ISO_8859_1),
              String::concat);
          exchange.getResponseHeaders().add("Content-Type", "application/x-protobuf");
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    server.start();
    return server;
  }

  @Test
  void aRunTellsItsNumbersAndItsTraceAndNoValue() throws Exception {
    HttpServer collector = collector();
    try (Deployment deployment = new Deployment("t", "u")) {
      deployment.database.execute(
          "CREATE TABLE t (id int PRIMARY KEY, v text)",
          "CREATE TABLE u (id int PRIMARY KEY)",
          "INSERT INTO t VALUES (1, 'secret-value')");
      String endpoint = "http://127.0.0.1:" + collector.getAddress().getPort();
      try (ChildRun run =
          ChildRun.start(
              deployment,
              Map.of(
                  "OTEL_EXPORTER_OTLP_ENDPOINT",
                  endpoint,
                  "GKP_SHARD",
                  "1/2",
                  "GKP_SHARDS",
                  "t|u"))) {
        assertThat(run.exitCode()).as(run.log()).isZero();
      }
      String job = deployment.rows("runs").get(0).get("load_jobs").toString();
      assertThat(received.get("/v1/metrics"))
          .contains(
              "gkp.export.rows",
              "gkp.export.bytes",
              "gkp.export.load_retries",
              "gkp.export.run.exit_code",
              "gkp.export.run.phase.duration",
              "gkp.export.unavailable_values",
              "gkp.export.complete.age",
              "gkp.export.lag",
              "gkp.export.wal.kept",
              "gkp.export.slot.active",
              "gkp.export.epochs.converging",
              "gkp.shard",
              "gkp-bigquery-export");
      assertThat(received.get("/v1/traces"))
          .contains("export-bigquery", "check source", "batch", "gcp.bigquery.job.id", job);
      assertThat(received.values()).noneMatch(sent -> sent.contains("secret-value"));
    } finally {
      collector.stop(0);
    }
  }

  @Test
  void aCollectorThatDoesNotAnswerHoldsNothingUp() throws Exception {
    try (Deployment deployment = new Deployment("t")) {
      deployment.database.execute("CREATE TABLE t (id int PRIMARY KEY)");
      try (ChildRun run =
          ChildRun.start(deployment, Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1"))) {
        assertThat(run.exitCode()).as(run.log()).isZero();
      }
    }
  }
}
