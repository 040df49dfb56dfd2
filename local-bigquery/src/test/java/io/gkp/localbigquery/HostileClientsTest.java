package io.gkp.localbigquery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever clients send, files stay where they belong and others are served. */
class HostileClientsTest {
  private static final String PROJECT = "/bigquery/v2/projects/p";

  @TempDir Path folder;
  private final HttpClient http = HttpClient.newHttpClient();
  private LocalBigQuery server;

  @BeforeEach
  void start() throws Exception {
    server = LocalBigQuery.start(folder.resolve("data"), 0);
    assertThat(post(PROJECT + "/datasets", "{\"datasetReference\":{\"datasetId\":\"d\"}}"))
        .isEqualTo(200);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void namesLeadToNoOtherFiles() throws Exception {
    Path secret = Files.writeString(folder.resolve("secret"), "kept");
    for (String name :
        List.of("..", "../secret", "../../secret", "a/../../secret", "/etc/passwd", "a\\u0000b")) {
      post(PROJECT + "/datasets", "{\"datasetReference\":{\"datasetId\":\"" + name + "\"}}");
      post(
          PROJECT + "/datasets/d/tables",
          "{\"tableReference\":{\"datasetId\":\"d\",\"tableId\":\""
              + name
              + "\"},\"schema\":{\"fields\":[{\"name\":\"a\",\"type\":\"STRING\"}]}}");
      post(
          PROJECT + "/jobs",
          "{\"jobReference\":{\"jobId\":\""
              + name
              + "\"},\"configuration\":{\"query\":{\"query\":\"SELECT 1\",\"useLegacySql\":false}}}");
    }
    for (String path :
        List.of(
            "/../secret",
            "/..%2f..%2fsecret",
            PROJECT + "/datasets/..%2f..%2fsecret",
            PROJECT + "/datasets/d/tables/..%2f..%2f..%2fsecret",
            PROJECT + "/datasets/d/tables/%2e%2e/data",
            PROJECT + "/jobs/..%2f..%2fsecret",
            "/upload" + PROJECT + "/jobs?upload_id=..%2f..%2fsecret")) {
      for (String method : List.of("GET", "DELETE", "PUT")) {
        String answer = raw(method + " " + path + " HTTP/1.1");
        assertThat(answer).as(method + path).doesNotContain("kept", " 200 ", " 204 ", " 500 ");
      }
    }
    assertThat(secret).hasContent("kept");
    try (Stream<Path> beside = Files.list(folder)) {
      assertThat(beside).containsExactlyInAnyOrder(secret, folder.resolve("data"));
    }
    assertServes();
  }

  @Test
  void bodiesThatNestWithoutEndOrUnpackToMuchAreRefused() throws Exception {
    assertThat(post(PROJECT + "/queries", "{\"a\":".repeat(100_000))).isBetween(400, 413);
    assertThat(post(PROJECT + "/queries", "[".repeat(1_000_000))).isBetween(400, 413);
    String sql = "SELECT " + "(".repeat(50_000) + "1" + ")".repeat(50_000);
    assertThat(post(PROJECT + "/queries", "{\"query\":\"" + sql + "\",\"useLegacySql\":false}"))
        .isLessThan(500);
    assertServes();
  }

  @Test
  void clientsThatSayNothingHoldUpNobody() throws Exception {
    List<Socket> slow = new ArrayList<>();
    try {
      for (int i = 0; i < 60; i++) {
        Socket socket = new Socket("127.0.0.1", server.port());
        slow.add(socket);
        socket
            .getOutputStream()
            .write(
                (i % 2 == 0
                        ? "POST /x HT"
                        : "POST /x HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9\r\n\r\n{")
                    .getBytes(StandardCharsets.US_ASCII));
      }
      assertServes();
    } finally {
      for (Socket socket : slow) {
        socket.close();
      }
    }
  }

  private void assertServes() throws Exception {
    assertThat(
            http.send(
                    HttpRequest.newBuilder(URI.create(server.host() + PROJECT + "/datasets/d"))
                        .timeout(Duration.ofSeconds(60))
                        .build(),
                    HttpResponse.BodyHandlers.ofString())
                .statusCode())
        .isEqualTo(200);
  }

  private int post(String path, String body) throws Exception {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(body.getBytes(StandardCharsets.UTF_8));
    }
    return http.send(
            HttpRequest.newBuilder(URI.create(server.host() + path))
                .header("Content-Type", "application/json")
                .header("Content-Encoding", "gzip")
                .POST(HttpRequest.BodyPublishers.ofByteArray(packed.toByteArray()))
                .build(),
            HttpResponse.BodyHandlers.ofString())
        .statusCode();
  }

  private String raw(String request) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", server.port())) {
      socket
          .getOutputStream()
          .write(
              (request + "\r\nHost: 127.0.0.1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
