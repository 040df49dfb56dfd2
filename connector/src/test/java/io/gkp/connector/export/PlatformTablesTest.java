package io.gkp.connector.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.gkp.connector.cli.Cli;
import io.gkp.connector.documentation.Pages;
import io.gkp.sql.model.BundledModels;
import io.gkp.sql.model.Model;
import io.gkp.sql.model.ModelCatalog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Deployments of the platform as they are, of which the proposed query_logs is no part. */
class PlatformTablesTest {
  private static final ModelCatalog CATALOG = ModelCatalog.bundled();
  private static final Pattern FENCED_SQL = Pattern.compile("(?s)```sql\\n(.*?)```");

  private final Deployment deployment = new Deployment("eval_runs");

  @AfterEach
  void close() {
    deployment.close();
  }

  private void createTable(String table) {
    Model raw = CATALOG.get("raw_" + table);
    deployment.database.execute(
        raw.columns().stream()
            .map(column -> column.name() + (column.type().equals("INT64") ? " bigint" : " text"))
            .collect(
                Collectors.joining(
                    ", ",
                    "CREATE TABLE " + table + " (",
                    ", PRIMARY KEY (" + raw.grain().key().get(0) + "))")));
  }

  /** A command that is told of no tables. */
  private Cli run(String... arguments) {
    try {
      Path config = deployment.configFile();
      Path untold = config.resolveSibling("untold.properties");
      Files.write(
          untold,
          Files.readAllLines(config).stream().filter(line -> !line.startsWith("tables")).toList());
      return Cli.run(
          Stream.concat(Arrays.stream(arguments), Stream.of("--config", untold.toString()))
              .toArray(String[]::new));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void theTablesThatExistAreCapturedAndTheOthersAreSaid() throws IOException {
    createTable("ingestion_runs");
    createTable("eval_runs");
    deployment.database.execute(firstStatements());
    deployment.database.execute(
        "INSERT INTO eval_runs (run_id, started_at, status, dataset_name, summary_json,"
            + " diff_from_prev_json) VALUES ('e1', 1767225600, 'succeeded', 'faq',"
            + " '{\"examples\": 4, \"passed\": 3, \"failed\": 1, \"pass_rate\": 0.75,"
            + " \"hit_at_k\": 0.5, \"mrr\": 0.25}', '{}')");
    Cli first = run("export-bigquery", "--refresh-models", "--output", "json");
    assertThat(first.code()).as(first.err()).isZero();
    assertThat(first.json().at("/warnings/0/what").asText()).contains("table query_logs");
    assertThat(first.json().get("tables").fieldNames())
        .toIterable()
        .containsExactly("ingestion_runs", "eval_runs");
    assertThat(
            deployment.query(
                "SELECT query_count, refusal_rate, ingestion_run_count, eval_run_count,"
                    + " eval_hit_at_k, eval_mrr FROM history.marts_ops_weekly_kpis"))
        .containsExactly(Arrays.asList(null, null, null, "1", "0.5", "0.25"));
    assertThat(run("doctor").out()).contains("left out: table query_logs");

    deployment.database.execute(BundledModels.text("raw/raw_query_logs/table.sql"));
    deployment.database.execute(
        "INSERT INTO query_logs (query_id, tenant_id, created_at, question, retrieval_k, latency_ms,"
            + " provider, model, status) VALUES ('q1', 'acme', 1767225600, 'why', 3, 20, 'p', 'm',"
            + " 'ok')");
    Cli second = run("export-bigquery", "--refresh-models", "--output", "json");
    assertThat(second.code()).as(second.err()).isZero();
    assertThat(second.json().get("warnings")).isEmpty();
    assertThat(deployment.query("SELECT query_count FROM history.marts_ops_weekly_kpis"))
        .containsExactly(List.of("1"));

    deployment.database.execute("ALTER TABLE eval_runs RENAME TO evals");
    Cli renamed = run("export-bigquery");
    assertThat(renamed.code()).isEqualTo(78);
    assertThat(renamed.err()).contains("GKP-106", "eval_runs");
  }

  @Test
  void tablesThatAreNamedMustExist() {
    createTable("eval_runs");
    deployment.capture("eval_runs", "query_logs");
    RunReport report = deployment.run();
    assertThat(report.error().code()).isEqualTo("GKP-106");
    assertThat(report.error().message()).contains("query_logs").doesNotContain("eval_runs");
  }

  @Test
  void documentsAndTheirIngestionHaveViewsOfTheirOwn() {
    createTable("docs");
    createTable("ingest_events");
    deployment.database.execute(
        "INSERT INTO docs (doc_id, classification, retention, tags_json)"
            + " VALUES ('d1', 'internal', '1y', '[\"a\"]')",
        "INSERT INTO ingest_events (event_id, doc_id, changed) VALUES ('v1', 'd1', 1)");
    deployment.capture("docs", "ingest_events");
    assertThat(deployment.drain().exitCode()).isZero();
    assertThat(
            deployment.query(
                "SELECT event_id, classification, retention, tags[OFFSET(0)], CAST(is_changed AS"
                    + " STRING) FROM history.curated_ingest_events"))
        .containsExactly(List.of("v1", "internal", "1y", "a", "true"));
  }

  @Test
  void aTableThatIsCalledLikeOneOfThePlatformsIsExportedAllTheSame() {
    deployment.database.execute("CREATE TABLE docs (id int PRIMARY KEY, body text)");
    deployment.capture("docs");
    RunReport report = deployment.drain();
    assertThat(report.exitCode()).isZero();
    assertThat(deployment.tableNames("curated_")).isEmpty();
    assertThat(report.views())
        .anySatisfy(
            view -> {
              assertThat(view.model()).isEqualTo("curated_docs");
              assertThat(view.message()).contains("has no column doc_id");
            });
    deployment.models();
  }

  /** The statements that people are told to begin with, for a role of this test's own. */
  private String firstStatements() {
    return FENCED_SQL
        .matcher(Pages.text("set-up/postgres.md"))
        .results()
        .map(block -> block.group(1))
        .filter(sql -> sql.startsWith("CREATE ROLE") || sql.startsWith("GRANT"))
        .collect(Collectors.joining())
        .replace("gkp_exporter", "exporter_" + deployment.database.name());
  }
}
