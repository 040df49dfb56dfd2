package io.gkp.localbigquery;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What clients other than Java's rely on, byte by byte. */
class HttpTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String DATASET =
      "{\"datasetReference\":{\"datasetId\":\"d\"},\"labels\":{\"a\":\"1\"}}";

  @TempDir Path data;
  private final HttpClient http = HttpClient.newHttpClient();
  private LocalBigQuery server;

  @BeforeEach
  void start() throws Exception {
    server = LocalBigQuery.start(data, 0);
    call("POST", "/bigquery/v2/projects/p/datasets", DATASET);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void errorsComeInTheEnvelopeOfGoogleApis() throws Exception {
    HttpResponse<String> response = call("GET", "/bigquery/v2/projects/p/datasets/nope", "");

    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(JSON.readTree(response.body()))
        .isEqualTo(
            JSON.readTree(
                """
                {"error": {"code": 404, "message": "Not found: Dataset p:nope", "status": "NOT_FOUND",
                  "errors": [{"message": "Not found: Dataset p:nope", "domain": "global",
                    "reason": "notFound"}]}}
                """));
  }

  @Test
  void aWebPageHasNoWayIn() throws Exception {
    String list = "/bigquery/v2/projects/p/datasets";
    for (String host : new String[] {"127.0.0.1:1", "localhost", "LOCALHOST:9050", "[::1]:9050"}) {
      assertThat(statusOf("GET", list, "Host: " + host)).as(host).isEqualTo(200);
    }
    String ours = "Host: 127.0.0.1";
    for (String header :
        new String[] {
          "Host: attacker.example",
          "Host: 127.0.0.1.attacker.example",
          "Host: localhost.attacker.example:9050",
          "Host: attacker.example#127.0.0.1",
          "Host:",
          ours + "\r\nOrigin: https://attacker.example",
          ours + "\r\nOrigin: null",
          ours + "\r\nSec-Fetch-Site: cross-site",
          ours + "\r\nContent-Type: text/plain",
          ours + "\r\nContent-Type: TEXT/PLAIN;charset=UTF-8",
          ours + "\r\nContent-Type: application/x-www-form-urlencoded",
          ours + "\r\nContent-Type: multipart/form-data; boundary=x"
        }) {
      assertThat(statusOf("POST", "/bigquery/v2/projects/p/queries", header))
          .as(header)
          .isEqualTo(403);
      assertThat(statusOf("DELETE", list + "/d", header)).as(header).isEqualTo(403);
    }
    assertThat(statusOf("GET", list + "/d", ours)).as("nothing was deleted").isEqualTo(200);
  }

  @Test
  void numbersBooleansAndNullsOfOtherClientsAreReadAsGoogleReadsThem() throws Exception {
    String query =
        """
        {"query": "SELECT @s IS NULL, @n + 1, @b, @f, ARRAY_LENGTH(@l), @u.x IS NULL",
          "useLegacySql": "false", "maxResults": "5", "timeoutMs": 300000, "destinationTable": null,
          "parameterMode": "NAMED", "queryParameters": [
          {"name": "s", "parameterType": {"type": "STRING"}, "parameterValue": {"value": null}},
          {"name": "n", "parameterType": {"type": "INT64"}, "parameterValue": {"value": 41}},
          {"name": "b", "parameterType": {"type": "BOOL"}, "parameterValue": {"value": true}},
          {"name": "f", "parameterType": {"type": "FLOAT64"}, "parameterValue": {"value": 1.5}},
          {"name": "l", "parameterType": {"type": "ARRAY", "arrayType": {"type": "INT64"}},
            "parameterValue": {"arrayValues": [{"value": 1}]}},
          {"name": "u", "parameterType": {"type": "STRUCT", "structTypes":
            [{"name": "x", "type": {"type": "INT64"}}]},
            "parameterValue": {"structValues": {"x": null}}}]}
        """;
    HttpResponse<String> answer = call("POST", "/bigquery/v2/projects/p/queries", query);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(JSON.readTree(answer.body()).at("/rows/0/f").findValuesAsText("v"))
        .containsExactly("true", "42", "true", "1.5", "1", "true");

    String table =
        """
        {"tableReference": {"tableId": "t"}, "expirationTime": null, "schema": {"fields": [
          {"name": "n", "type": "NUMERIC", "precision": 10, "scale": 2}]},
          "timePartitioning": {"type": "DAY", "expirationMs": null}}
        """;
    HttpResponse<String> made = call("POST", "/bigquery/v2/projects/p/datasets/d/tables", table);
    assertThat(made.statusCode()).as(made.body()).isEqualTo(200);
    assertThat(JSON.readTree(made.body()).at("/timePartitioning").has("expirationMs")).isFalse();
    assertThat(JSON.readTree(made.body()).at("/schema/fields/0/precision").asText())
        .isEqualTo("10");
  }

  @Test
  void aDestinationWithoutANameIsRefused() throws Exception {
    for (String table : new String[] {"{}", "{\"datasetId\": \"d\"}"}) {
      HttpResponse<String> refused =
          call(
              "POST",
              "/bigquery/v2/projects/p/jobs",
              "{\"configuration\": {\"query\": {\"query\": \"SELECT 1\","
                  + " \"useLegacySql\": false, \"destinationTable\": "
                  + table
                  + "}}}");
      assertThat(refused.statusCode()).as(table).isEqualTo(400);
    }
  }

  @Test
  void aNullInARowIsNoColumnThatIsLeftOut() throws Exception {
    call(
        "POST",
        "/bigquery/v2/projects/p/queries",
        query("CREATE TABLE d.t (k INT64, s STRING DEFAULT 'x')"));
    String table = "/bigquery/v2/projects/p/datasets/d/tables/t";
    call(
        "POST",
        table + "/insertAll",
        "{\"rows\": [{\"json\": {\"k\": 1, \"s\": null}}, {\"json\": {\"k\": 2}}]}");
    assertThat(body(call("GET", table + "/data", "")).path("rows").toString())
        .isEqualTo("[{\"f\":[{\"v\":\"1\"},{\"v\":null}]},{\"f\":[{\"v\":\"2\"},{\"v\":\"x\"}]}]");
  }

  @Test
  void aJobThatWroteATableNamesItAsItsDestination() throws Exception {
    for (String sql :
        new String[] {
          "CREATE TABLE d.t AS SELECT 1 AS a",
          "INSERT INTO d.t VALUES (2)",
          "MERGE d.t USING (SELECT 3 AS b) ON a = b WHEN NOT MATCHED THEN INSERT VALUES (b)"
        }) {
      HttpResponse<String> answer = call("POST", "/bigquery/v2/projects/p/queries", query(sql));
      assertThat(JSON.readTree(answer.body()).has("rows")).as(answer.body()).isFalse();
      String id = JSON.readTree(answer.body()).at("/jobReference/jobId").asText();
      HttpResponse<String> job = call("GET", "/bigquery/v2/projects/p/jobs/" + id, "");
      assertThat(JSON.readTree(job.body()).at("/configuration/query/destinationTable/tableId"))
          .as(job.body())
          .hasToString("\"t\"");
    }
  }

  @Test
  void aSessionThatNobodyBeganIsRefused() throws Exception {
    HttpResponse<String> answer =
        call(
            "POST",
            "/bigquery/v2/projects/p/queries",
            """
            {"query": "SELECT 1", "useLegacySql": false,
              "connectionProperties": [{"key": "session_id", "value": "x"}]}
            """);
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("Invalid input session id.");
  }

  @Test
  void aProjectOfADomainIsOneName() throws Exception {
    call("POST", "/bigquery/v2/projects/example.com:p/datasets", DATASET);
    for (String sql :
        new String[] {
          "CREATE TABLE `example.com:p.d.t` AS SELECT 1 AS a", "SELECT a FROM `example.com:p.d.t`"
        }) {
      HttpResponse<String> answer =
          call("POST", "/bigquery/v2/projects/example.com:p/queries", query(sql));
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }
  }

  @Test
  void projectsHaveNumbersAndResultsAreListedNowhereUnlessAskedFor() throws Exception {
    call("POST", "/bigquery/v2/projects/p/queries", query("SELECT 1 AS a"));

    JsonNode projects = JSON.readTree(call("GET", "/bigquery/v2/projects", "").body());
    assertThat(projects.at("/projects/0/numericId").asText()).matches("[0-9]+");
    String datasets = "/bigquery/v2/projects/p/datasets";
    assertThat(JSON.readTree(call("GET", datasets, "").body()).at("/datasets"))
        .extracting(dataset -> dataset.at("/datasetReference/datasetId").asText())
        .containsExactly("d");
    assertThat(JSON.readTree(call("GET", datasets + "?all=true", "").body()).at("/datasets"))
        .extracting(dataset -> dataset.at("/datasetReference/datasetId").asText())
        .containsExactlyInAnyOrder("d", "_anonymous_us");
  }

  /** A request that waits for the query's end on slow machines, too. */
  private static String query(String sql) {
    return JSON.createObjectNode()
        .put("query", sql)
        .put("useLegacySql", false)
        .put("timeoutMs", 300_000)
        .toString();
  }

  private int statusOf(String method, String path, String headers) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", server.port())) {
      socket
          .getOutputStream()
          .write(
              (method
                      + " "
                      + path
                      + " HTTP/1.1\r\n"
                      + headers
                      + "\r\nContent-Length: 2\r\n"
                      + "Connection: close\r\n\r\n{}")
                  .getBytes(StandardCharsets.US_ASCII));
      String status =
          new BufferedReader(
                  new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
              .readLine();
      return Integer.parseInt(status.split(" ")[1]);
    }
  }

  @Test
  void aBodyThatUnpacksWithoutEndIsRefused() throws Exception {
    ByteArrayOutputStream bomb = new ByteArrayOutputStream();
    try (GZIPOutputStream packed = new GZIPOutputStream(bomb)) {
      byte[] spaces = new byte[1 << 20];
      Arrays.fill(spaces, (byte) ' ');
      for (int i = 0; i < 40; i++) {
        packed.write(spaces);
      }
    }
    HttpResponse<String> response =
        http.send(
            HttpRequest.newBuilder(URI.create(server.host() + "/bigquery/v2/projects/p/queries"))
                .header("Content-Type", "application/json")
                .header("Content-Encoding", "gzip")
                .POST(HttpRequest.BodyPublishers.ofByteArray(bomb.toByteArray()))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).isEqualTo(413);
  }

  @Test
  void itsFilesAreItsOwnersAlone() throws Exception {
    assertThat(Files.getPosixFilePermissions(data))
        .isEqualTo(PosixFilePermissions.fromString("rwx------"));
  }

  @Test
  void whatIsNotThereSaysSoByName() throws Exception {
    HttpResponse<String> response =
        call("POST", "/bigquery/v2/projects/p/datasets/d:undelete", "{}");

    assertThat(response.statusCode()).isEqualTo(501);
    assertThat(error(response).path("errors").path(0).path("reason").asText())
        .isEqualTo("notImplemented");
    assertThat(error(response).path("message").asText()).contains("/datasets/d:undelete");
  }

  @Test
  void extractJobsSaySoByName() throws Exception {
    String extract = "{\"configuration\":{\"extract\":{}}}";
    assertThat(
            error(call("POST", "/bigquery/v2/projects/p/jobs", extract)).path("message").asText())
        .isEqualTo("The local BigQuery does not implement extract jobs.");
  }

  @Test
  void aBodyThatIsNoJsonIsAParseError() throws Exception {
    HttpResponse<String> response = call("POST", "/bigquery/v2/projects/p/datasets", "{nope");
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(error(response).path("errors").path(0).path("reason").asText())
        .isEqualTo("parseError");
  }

  @Test
  void anEtagGuardsAChange() throws Exception {
    String etag = body(call("GET", "/bigquery/v2/projects/p/datasets/d", "")).path("etag").asText();
    String patch = "{\"description\":\"new\"}";

    assertThat(patch(etag, patch).statusCode()).isEqualTo(200);
    HttpResponse<String> late = patch(etag, patch);
    assertThat(late.statusCode()).isEqualTo(412);
    assertThat(error(late).path("errors").path(0).path("reason").asText())
        .isEqualTo("conditionNotMet");
  }

  private HttpResponse<String> patch(String etag, String body) throws Exception {
    return send(
        HttpRequest.newBuilder(uri("/bigquery/v2/projects/p/datasets/d"))
            .header("If-Match", etag)
            .header("X-HTTP-Method-Override", "PATCH")
            .method("POST", HttpRequest.BodyPublishers.ofString(body)));
  }

  private HttpResponse<String> upload(String job, String content) throws Exception {
    String body =
        "--xyz\r\nContent-Type: application/json\r\n\r\n"
            + job
            + "\r\n--xyz\r\nContent-Type: application/octet-stream\r\n\r\n"
            + content
            + "\r\n--xyz--";
    return send(
        HttpRequest.newBuilder(uri("/upload/bigquery/v2/projects/p/jobs?uploadType=multipart"))
            .header("Content-Type", "multipart/related; boundary=xyz")
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  private JsonNode done(String job) {
    return Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () -> body(call("GET", "/bigquery/v2/projects/p/jobs/" + job, "")),
            found -> found.path("status").path("state").asText().equals("DONE"));
  }

  @Test
  void loadOptionsThatChangeValuesAreHeededOrRefused() throws Exception {
    String job =
        """
        {"jobReference":{"jobId":"%s"},"configuration":{"load":{"sourceFormat":"CSV",
          "destinationTable":{"datasetId":"d","tableId":"t"},%s,
          "schema":{"fields":[{"name":"a","type":"STRING"}]}}}}
        """;
    assertThat(
            upload(job.formatted("nulls", "\"nullMarkers\":[\"NA\",\"-\"]"), "NA\n-\n\"NA\"\n")
                .statusCode())
        .isEqualTo(200);
    assertThat(done("nulls").at("/status").has("errorResult")).isFalse();
    JsonNode rows = body(call("GET", "/bigquery/v2/projects/p/datasets/d/tables/t/data", ""));
    assertThat(rows.path("rows").toString())
        .isEqualTo("[{\"f\":[{\"v\":null}]},{\"f\":[{\"v\":null}]},{\"f\":[{\"v\":\"NA\"}]}]");
    for (String option :
        new String[] {"\"timeZone\":\"Asia/Tokyo\"", "\"dateFormat\":\"DD/MM/YYYY\""}) {
      assertThat(upload(job.formatted("refused", option), "a\n").statusCode())
          .as(option)
          .isEqualTo(501);
    }
    assertThat(upload(job.formatted("refused", "\"encoding\":\"EBCDIC\""), "a\n").statusCode())
        .isEqualTo(400);
  }

  @Test
  void aMultipartUploadLoads() throws Exception {
    String job =
        """
        {"jobReference":{"jobId":"multi"},"configuration":{"load":{
          "sourceFormat":"NEWLINE_DELIMITED_JSON",
          "destinationTable":{"datasetId":"d","tableId":"t"},
          "schema":{"fields":[{"name":"a","type":"STRING"}]}}}}
        """;
    String rows = "{\"a\":\"--x\\r\\n\"}\r\n{\"a\":\"2\"}\n";
    assertThat(upload(job, rows).statusCode()).isEqualTo(200);

    JsonNode done = done("multi");
    assertThat(done.path("status").path("errorResult").isMissingNode()).isTrue();
    assertThat(done.path("statistics").path("load").path("outputRows").asText()).isEqualTo("2");
    assertThat(done.path("statistics").path("load").path("inputFileBytes").asText())
        .isEqualTo(Integer.toString(rows.length()));
    assertThat(
            body(call("GET", "/bigquery/v2/projects/p/datasets/d/tables/t/data", ""))
                .path("rows")
                .toString())
        .isEqualTo("[{\"f\":[{\"v\":\"--x\\r\\n\"}]},{\"f\":[{\"v\":\"2\"}]}]");
  }

  @Test
  void chunksAreAcknowledgedBy308WithTheRangeReceived() throws Exception {
    String job =
        """
        {"configuration":{"load":{"sourceFormat":"NEWLINE_DELIMITED_JSON",
          "destinationTable":{"datasetId":"d","tableId":"chunked"},
          "schema":{"fields":[{"name":"a","type":"STRING"}]}}}}
        """;
    HttpResponse<String> started =
        call("POST", "/upload/bigquery/v2/projects/p/jobs?uploadType=resumable", job);
    URI session = URI.create(started.headers().firstValue("Location").orElseThrow());
    String line = "{\"a\":\"" + "x".repeat(247) + "\"}\n";
    String chunk = line.repeat((256 << 10) / line.length());
    assertThat(chunk).hasSize(256 << 10);

    HttpResponse<String> first = put(session, "bytes 0-262143/*", chunk);
    assertThat(first.statusCode()).isEqualTo(308);
    assertThat(first.headers().firstValue("Range")).contains("bytes=0-262143");
    HttpResponse<String> asked = put(session, "bytes */*", "");
    assertThat(asked.statusCode()).isEqualTo(308);
    assertThat(asked.headers().firstValue("Range")).contains("bytes=0-262143");

    HttpResponse<String> last = put(session, "bytes 262144-262399/262400", line);
    assertThat(last.statusCode()).isEqualTo(200);
    assertThat(put(session, "bytes 262144-262399/262400", line).body()).isEqualTo(last.body());
    assertThat(body(last).path("jobReference").path("location").asText()).isEqualTo("US");
  }

  private HttpResponse<String> put(URI session, String range, String content) throws Exception {
    return send(
        HttpRequest.newBuilder(session)
            .header("Content-Range", range)
            .PUT(HttpRequest.BodyPublishers.ofString(content)));
  }

  @Test
  void aQuerySentAgainUnderItsRequestIdRunsOnce() throws Exception {
    String path = "/bigquery/v2/projects/p/queries";
    call("POST", path, "{\"query\":\"CREATE TABLE d.t (a INT64)\",\"useLegacySql\":false}");
    String insert =
        "{\"query\":\"INSERT INTO d.t VALUES (1)\",\"useLegacySql\":false,\"requestId\":\"r1\"}";
    String first = call("POST", path, insert).body();

    assertThat(call("POST", path, insert).body()).isEqualTo(first);
    assertThat(JSON.readTree(first).path("numDmlAffectedRows").asText()).isEqualTo("1");
    assertThat(
            body(call("GET", "/bigquery/v2/projects/p/datasets/d/tables/t", ""))
                .path("numRows")
                .asText())
        .isEqualTo("1");
  }

  @Test
  void timestampsAreSecondsUnlessMicrosecondsAreAskedFor() throws Exception {
    String query =
        "{\"query\":\"SELECT TIMESTAMP '2024-02-29 12:34:56.5+00'\",\"useLegacySql\":false%s}";
    String path = "/bigquery/v2/projects/p/queries";
    String asMicros = ",\"formatOptions\":{\"useInt64Timestamp\":true}";

    assertThat(body(call("POST", path, query.formatted(""))).path("rows").toString())
        .isEqualTo("[{\"f\":[{\"v\":\"1.7092100965E9\"}]}]");
    assertThat(body(call("POST", path, query.formatted(asMicros))).path("rows").toString())
        .isEqualTo("[{\"f\":[{\"v\":\"1709210096500000\"}]}]");
  }

  @Test
  void aClientCanBuildItselfFromTheDescription() throws Exception {
    JsonNode description = body(call("GET", "/$discovery/rest?version=v2", ""));
    assertThat(description.path("rootUrl").asText()).isEqualTo(server.host() + "/");
    assertThat(
            description
                .path("resources")
                .path("jobs")
                .path("methods")
                .path("getQueryResults")
                .path("path")
                .asText())
        .isEqualTo("projects/{+projectId}/queries/{+jobId}");
    for (String resource : new String[] {"models", "rowAccessPolicies", "routines", "tables"}) {
      assertThat(description.at("/resources/" + resource + "/methods").has("list"))
          .as(resource)
          .isTrue();
    }
  }

  private HttpResponse<String> call(String method, String path, String body) throws Exception {
    return send(
        HttpRequest.newBuilder(uri(path))
            .method(method, HttpRequest.BodyPublishers.ofString(body)));
  }

  private HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private URI uri(String path) {
    return URI.create(server.host() + path);
  }

  private static JsonNode body(HttpResponse<String> response) throws IOException {
    return JSON.readTree(response.body());
  }

  private static JsonNode error(HttpResponse<String> response) throws IOException {
    return body(response).path("error");
  }

  @Test
  void whoMayDoWhatIsAnsweredForWhatIsThere() throws Exception {
    call("POST", "/bigquery/v2/projects/p/queries", query("CREATE TABLE d.t (id INT64)"));
    String table = "/bigquery/v2/projects/p/datasets/d/tables/t";
    assertThat(JSON.readTree(call("POST", table + ":getIamPolicy", "{}").body()))
        .isEqualTo(JSON.readTree("{\"version\": 1, \"etag\": \"ACAB\"}"));
    String asked = "{\"permissions\": [\"bigquery.tables.get\"]}";
    assertThat(JSON.readTree(call("POST", table + ":testIamPermissions", asked).body()))
        .isEqualTo(JSON.readTree(asked));
    assertThat(call("POST", table + ":setIamPolicy", "{}").statusCode()).isEqualTo(501);
    assertThat(call("POST", table + "2:getIamPolicy", "{}").statusCode()).isEqualTo(404);
    call(
        "POST",
        "/bigquery/v2/projects/p/queries",
        query("CREATE ROW ACCESS POLICY own ON d.t GRANT TO ('allUsers') FILTER USING (id = 1)"));
    JsonNode policies = JSON.readTree(call("GET", table + "/rowAccessPolicies", "").body());
    assertThat(policies.findValuesAsText("policyId")).containsExactly("own");
    assertThat(policies.findValuesAsText("filterPredicate")).containsExactly("id = 1");
    assertThat(call("GET", table, "").body()).doesNotContain("rowAccessPolicies");
    for (String empty : new String[] {"datasets/d/models", "datasets/d/routines"}) {
      assertThat(call("GET", "/bigquery/v2/projects/p/" + empty, "").body()).isEqualTo("{}");
    }
    assertThat(call("GET", "/bigquery/v2/projects/p/datasets/d/models/m", "").statusCode())
        .isEqualTo(404);
    assertThat(call("GET", "/bigquery/v2/projects/p/serviceAccount", "").body())
        .contains("\"bigquery#getServiceAccountResponse\"");
    assertThat(
            JSON.readTree(call("GET", "/bigquery/v2/projects/p/datasets/d", "").body())
                .at("/access")
                .findValuesAsText("role"))
        .containsExactly("WRITER", "OWNER", "OWNER", "READER");
  }

  @Test
  void selectedFieldsReachIntoRecords() throws Exception {
    call(
        "POST",
        "/bigquery/v2/projects/p/queries",
        query(
            "CREATE TABLE d.t AS SELECT 1 AS a, STRUCT(2 AS x, STRUCT(3 AS u, 4 AS v) AS y) AS r,"
                + " [STRUCT(5 AS m, 6 AS n), STRUCT(7, 8)] AS l"));
    String table = "/bigquery/v2/projects/p/datasets/d/tables/t";
    String fields = "?selectedFields=l.N,r.y.v,a";
    assertThat(JSON.readTree(call("GET", table + "/data" + fields, "").body()).at("/rows"))
        .isEqualTo(
            JSON.readTree(
                """
                [{"f": [{"v": "1"}, {"v": {"f": [{"v": {"f": [{"v": "4"}]}}]}},
                  {"v": [{"v": {"f": [{"v": "6"}]}}, {"v": {"f": [{"v": "8"}]}}]}]}]
                """));
    assertThat(
            JSON.readTree(call("GET", table + fields, "").body())
                .at("/schema")
                .findValuesAsText("name"))
        .containsExactlyInAnyOrder("a", "r", "y", "v", "l", "n");
    assertThat(call("GET", table + "/data?selectedFields=r.z", "").body())
        .contains("Selected fields not found in schema: r.z");
  }
}
