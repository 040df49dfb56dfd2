package io.gkp.connector.cli.models;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.cloud.bigquery.BigQueryOptions;
import com.google.cloud.http.HttpTransportOptions;
import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpExchange;
import io.gkp.connector.cli.GkpCli;
import io.gkp.connector.config.Setting;
import io.gkp.sql.model.Column;
import io.gkp.sql.testing.Changelog;
import io.gkp.sql.testing.TestWarehouse;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ModelsCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path folder;

  @Test
  void listShowsTheLineageWithoutConnecting() {
    assertThat(execute(Map.of(), "list", "--offline", "--select", "+marts_eval_runs")).isZero();

    assertThat(out.toString().lines())
        .containsExactly(
            "published_epochs           view  <- checkpoints, epochs",
            "latest_eval_runs           view  <- published_epochs, raw_eval_runs; personal data: details_json (content)",
            "curated_eval_runs          view  <- latest_eval_runs; personal data: details (content)",
            "marts_eval_runs            table <- curated_eval_runs");
  }

  @Test
  void renderSubstitutesProjectAndDatasets() {
    int code =
        execute(
            Map.of("GKP_PROJECT", "acme", "GKP_DATASET", "history"),
            "render",
            "--offline",
            "--marts-dataset",
            "bi",
            "--select",
            "marts_query_daily");

    assertThat(code).isZero();
    assertThat(out.toString())
        .startsWith("CREATE OR REPLACE TABLE `acme.bi.marts_query_daily` (\n")
        .contains(
            "  query_date DATE OPTIONS (description = 'UTC day on which the questions were asked.'),\n")
        .contains("PARTITION BY query_date\nCLUSTER BY tenant_id, model\nOPTIONS (description = ")
        .contains("FROM `acme.history.curated_query_logs`");
  }

  @Test
  void checkTypeChecksEveryModelOffline() {
    assertThat(execute(Map.of(), "check", "--offline")).isZero();
    assertThat(out.toString())
        .matches(
            "\\d+ models fit the documented tables; the checks of the data need a connection\\.\\R");
  }

  @Test
  void connectsToNothingUnlessEnabled() {
    int code = execute(Map.of("GKP_PROJECT", "acme", "GKP_DATASET", "history"), "run");

    assertThat(code).isEqualTo(78);
    assertThat(err.toString()).contains("GKP_EXPORT_ENABLED=true");
  }

  @Test
  void connectsWithTheHostAndThePatienceThatAreConfigured() {
    Path file =
        file(
            Map.of(
                "GKP_EXPORT_ENABLED", "true",
                "GKP_PROJECT", "acme",
                "GKP_DATASET", "history",
                "BIGQUERY_EMULATOR_HOST", "http://127.0.0.1:1",
                "GKP_NETWORK_TIMEOUT", "7s"));
    BigQueryOptions client =
        CommandLine.populateCommand(new ModelOptions(), "--config", file.toString())
            .connect(Map.of())
            .client()
            .getOptions();

    assertThat(client.getHost()).isEqualTo("http://127.0.0.1:1");
    assertThat(((HttpTransportOptions) client.getTransportOptions()).getReadTimeout())
        .isEqualTo(7_000);
  }

  @Test
  void saysWhatIsMissing() {
    assertThat(execute(Map.of("GKP_PROJECT", "acme"), "run")).isEqualTo(78);
    assertThat(err.toString()).contains("--dataset (or GKP_DATASET) is needed");
  }

  @Test
  void tellsEverythingThatIsWrongAtOnce() {
    int code =
        execute(
            Map.of(
                "GKP_PROJECT", "acme",
                "GKP_RAW_RETENTION_DAYS", "soon",
                "GKP_POLICY_TAGS", "salary=projects/p,identity=tag"),
            "run",
            "--fold",
            "sometimes",
            "--output",
            "json");

    assertThat(code).isEqualTo(78);
    assertThat(err.toString())
        .contains(
            "4 problems", "--dataset (or GKP_DATASET) is needed", "--fold: auto, always or never")
        .contains("--raw-retention-days: a number of days from 1 on, got soon")
        .contains("no column is marked with the class salary; there are content, identity")
        .contains("the class identity needs =projects/");
    assertThat(out.toString()).contains("\"code\":\"GKP-404\"", "\"exit_code\":78");
  }

  @Test
  void aLimitOfTheDestinationIsNoInternalErrorAndSaysWhatToDo(@TempDir Path data) {
    AtomicBoolean limited = new AtomicBoolean();
    try (TestWarehouse warehouse = TestWarehouse.start(data, queriesExceedLimits(limited))) {
      Map<String, String> environment = notes(warehouse, 5, "x");
      limited.set(true);

      assertThat(execute(environment, "run", "--output", "json")).isEqualTo(78);
      assertThat(out.toString())
          .contains("\"error_code\":\"GKP-405\"")
          .contains("Resources exceeded during query execution");
    }
  }

  private static Filter queriesExceedLimits(AtomicBoolean limited) {
    return new Filter() {
      @Override
      public void doFilter(HttpExchange exchange, Chain chain) throws IOException {
        boolean isQuery =
            exchange.getRequestMethod().equals("POST")
                && exchange.getRequestURI().getPath().matches(".*/(jobs|queries)");
        if (!limited.get() || !isQuery) {
          chain.doFilter(exchange);
          return;
        }
        byte[] answer =
            """
            {"error": {"code": 400, "message": "Resources exceeded during query execution",
              "errors": [{"reason": "resourcesExceeded",
                "message": "Resources exceeded during query execution"}]}}
            """
                .getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(400, answer.length);
        exchange.getResponseBody().write(answer);
        exchange.close();
      }

      @Override
      public String description() {
        return "limits";
      }
    };
  }

  @Test
  void retentionAndFoldingComeFromTheEnvironmentToo(@TempDir Path data) {
    try (TestWarehouse warehouse = TestWarehouse.start(data)) {
      Map<String, String> environment = new HashMap<>(notes(warehouse, 3, "x"));
      environment.put("GKP_FOLD", "never");
      assertThat(execute(environment, "run")).isZero();
      assertThat(out.toString()).doesNotContain("state_notes");

      environment.put("GKP_FOLD", "always");
      environment.put("GKP_RAW_RETENTION_DAYS", "1");
      assertThat(execute(environment, "run")).isZero();
      assertThat(out.toString())
          .containsPattern("state_notes +3 rows, [0-9,]+ bytes read, job gkp_fold_");
      // Folded, and older than a day: but the last day before what was folded is always kept.
      assertThat(warehouse.rows("SELECT COUNT(*) AS n FROM raw_notes").toString())
          .isEqualTo("[{\"n\":2}]");
      assertThat(warehouse.rows("SELECT COUNT(*) AS n FROM latest_notes").toString())
          .isEqualTo("[{\"n\":3}]");
    }
  }

  @Test
  void checkFindsChangesBehindTheWatermark(@TempDir Path data) {
    try (TestWarehouse warehouse = TestWarehouse.start(data)) {
      Map<String, String> environment = notes(warehouse, 2, "x");
      assertThat(execute(environment, "run", "--fold", "always")).isZero();
      assertThat(execute(environment, "check")).isZero();
      assertThat(out.toString())
          .contains("latest_notes               ok    nothing_behind_the_watermark");

      warehouse.append(
          "raw_notes",
          List.of(
              Changelog.change(
                  "c", 1, 9, 0, Instant.parse("2025-01-01T00:00:00Z"), Map.of("id", 99))));
      assertThat(execute(environment, "check")).isEqualTo(65);
      assertThat(out.toString())
          .contains("fail  nothing_behind_the_watermark: 1", "drop latest_notes");
    }
  }

  /** A table with a row a day, and the environment that leads to it. */
  private static Map<String, String> notes(TestWarehouse warehouse, int rows, String text) {
    warehouse.createRaw(
        "notes",
        List.of(new Column("id", "INT64", ""), new Column("body", "STRING", "")),
        List.of("id"));
    warehouse.append("epochs", List.of(Changelog.epoch("notes", 1, "completed", 1)));
    for (int i = 0; i < rows; i++) {
      Instant day = Instant.parse("2026-01-01T00:00:00Z").plus(Duration.ofDays(i));
      warehouse.append(
          "raw_notes",
          List.of(Changelog.change("c", 1, i + 1, 0, day, Map.of("id", i, "body", text))));
      warehouse.append("checkpoints", List.of(Changelog.checkpoint(i + 1, "stream")));
    }
    return Map.of(
        "GKP_EXPORT_ENABLED",
        "true",
        "GKP_PROJECT",
        TestWarehouse.PROJECT,
        "GKP_DATASET",
        TestWarehouse.DATASET,
        "BIGQUERY_EMULATOR_HOST",
        warehouse.host());
  }

  @Test
  void anUnknownFlagIsAUsageError() {
    assertThat(execute(Map.of(), "run", "--refresh")).isEqualTo(64);
    assertThat(execute(Map.of())).isEqualTo(64);
  }

  @Test
  void namesTheModelsWhereASelectionMatchesNone() {
    assertThat(execute(Map.of(), "list", "--offline", "--select", "nothing")).isEqualTo(64);
    assertThat(err.toString()).contains("No model matches nothing").contains("marts_query_daily");
  }

  @Test
  void saysThatThereIsNoDataset(@TempDir Path data) {
    try (TestWarehouse warehouse = TestWarehouse.start(data)) {
      int code =
          execute(
              Map.of(
                  "GKP_EXPORT_ENABLED",
                  "true",
                  "GKP_PROJECT",
                  TestWarehouse.PROJECT,
                  "GKP_DATASET",
                  "elsewhere",
                  "BIGQUERY_EMULATOR_HOST",
                  warehouse.host()),
              "run");

      assertThat(code).isEqualTo(78);
      assertThat(err.toString()).contains("There is no dataset elsewhere");
    }
  }

  @Test
  void runsAndChecksWhatIsThereAndSaysWhyTheRestIsNot(@TempDir Path data) throws Exception {
    try (TestWarehouse warehouse = TestWarehouse.start(data)) {
      warehouse.createRaw("notes", List.of(new Column("id", "INT64", "")), List.of("id"));
      warehouse.createRaw("lines", List.of(new Column("text", "STRING", "")), List.of());
      warehouse.append("epochs", List.of(Changelog.epoch("notes", 1, "completed", 2)));
      warehouse.append(
          "raw_notes",
          List.of(
              Changelog.change(
                  "c", 1, 2, 0, Instant.parse("2026-01-01T00:00:00Z"), Map.of("id", 7))));
      warehouse.append("checkpoints", List.of(Changelog.checkpoint(2, "stream")));
      Map<String, String> environment =
          Map.of(
              "GKP_EXPORT_ENABLED",
              "true",
              "GKP_PROJECT",
              TestWarehouse.PROJECT,
              "GKP_DATASET",
              TestWarehouse.DATASET,
              "BIGQUERY_EMULATOR_HOST",
              warehouse.host());

      assertThat(execute(environment, "run", "--output", "json")).isZero();
      JsonNode report = new ObjectMapper().readTree(out.toString());
      assertThat(report.get("models").findValuesAsText("model"))
          .contains("latest_lines", "latest_notes", "history_notes");
      assertThat(report.get("models").get(0).get("message").asText())
          .isEqualTo(
              "lines has no primary key (or one that BigQuery does not take), so its rows cannot be"
                  + " told apart; query raw_lines instead");
      assertThat(warehouse.rows("SELECT id FROM latest_notes").toString())
          .isEqualTo("[{\"id\":7}]");

      assertThat(execute(environment, "check", "--select", "latest_notes")).isZero();
      assertThat(out.toString()).contains("latest_notes               ok    unique_key");
    }
  }

  /** Whatever is configured stands in a file, by the names of the environment's variables. */
  private int execute(Map<String, String> configured, String... arguments) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    List<String> words = new ArrayList<>(List.of("models"));
    words.addAll(List.of(arguments));
    if (!configured.isEmpty()) {
      words.add("--config");
      words.add(file(configured).toString());
    }
    CommandLine line = GkpCli.commandLine();
    line.setOut(new PrintWriter(out));
    line.setErr(new PrintWriter(err));
    return line.execute(words.toArray(String[]::new));
  }

  private Path file(Map<String, String> configured) {
    List<String> lines = new ArrayList<>();
    for (Setting setting : Setting.values()) {
      String value = configured.get(setting.variable());
      if (value != null) {
        lines.add(setting.key() + " = " + value);
      }
    }
    try {
      return Files.write(folder.resolve("gkp.properties"), lines);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
