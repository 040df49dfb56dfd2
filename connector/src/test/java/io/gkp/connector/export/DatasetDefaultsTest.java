package io.gkp.connector.export;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.cloud.bigquery.DatasetInfo;
import com.google.cloud.bigquery.Field;
import com.google.cloud.bigquery.Schema;
import com.google.cloud.bigquery.StandardSQLTypeName;
import com.google.cloud.bigquery.StandardTableDefinition;
import com.google.cloud.bigquery.Table;
import com.google.cloud.bigquery.TableId;
import com.google.cloud.bigquery.TableInfo;
import com.google.cloud.bigquery.TimePartitioning;
import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpExchange;
import io.gkp.bigquery.Inheritance;
import io.gkp.connector.cli.Cli;
import io.gkp.testing.TestPostgres;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What new tables have from their dataset, and those of an export must not have. */
class DatasetDefaultsTest {
  private static final long DAY = 86_400_000;

  private static Deployment deployment(Filter... filters) {
    Deployment deployment =
        new Deployment(TestPostgres.shared().createDatabase(), List.of(filters), "words");
    deployment.database.execute(
        "CREATE TABLE words (word text PRIMARY KEY, n int)",
        "INSERT INTO words VALUES ('a', 1), ('A', 2)");
    return deployment;
  }

  private static DatasetInfo.Builder ending() {
    return DatasetInfo.newBuilder(Deployment.DATASET)
        .setDefaultTableLifetime(60 * DAY)
        .setDefaultPartitionExpirationMs(60 * DAY);
  }

  private static List<Table> tables(Deployment deployment) {
    return deployment.tableNames("").stream()
        .map(name -> deployment.bigquery().getTable(Deployment.DATASET, name))
        .toList();
  }

  @Test
  void tablesOfARunNeitherEndNorCompareOtherwiseThanTheSource() {
    try (Deployment deployment = deployment()) {
      deployment.bigquery().create(ending().setDefaultCollation("und:ci").build());
      deployment.drain();
      assertThat(tables(deployment))
          .hasSizeGreaterThan(4)
          .allSatisfy(
              table -> {
                assertThat(Inheritance.undone(table)).as("%s", table.getTableId()).isEmpty();
                assertThat(Inheritance.collated(table)).isEmpty();
              });
      deployment.database.execute(
          "ALTER TABLE words ADD COLUMN more text", "UPDATE words SET more = 'X'");
      deployment.drain();
      deployment.requireEqual("words", "word", "n", "more");
    }
  }

  @Test
  void tablesThatAreToEndAreFreedByTheNextRunWhichSaysWhatMayBeGone() {
    try (Deployment deployment = deployment()) {
      deployment.drain();
      for (String name : List.of("raw_words", "checkpoints")) {
        Table table = deployment.bigquery().getTable(Deployment.DATASET, name);
        StandardTableDefinition definition = table.getDefinition();
        deployment
            .bigquery()
            .update(
                TableInfo.newBuilder(
                        table.getTableId(),
                        StandardTableDefinition.newBuilder()
                            .setTimePartitioning(
                                definition.getTimePartitioning().toBuilder()
                                    .setExpirationMs(1L)
                                    .build())
                            .build())
                    .setExpirationTime(System.currentTimeMillis() + DAY)
                    .build());
      }
      assertThat(Cli.run(deployment, "doctor", "--all").out())
          .contains("BigQuery is to delete checkpoints, raw_words");
      assertThat(deployment.drain().warnings())
          .anySatisfy(
              warning -> {
                assertThat(warning.check()).isEqualTo("partition-expiration");
                assertThat(warning.commands()).asString().contains("offsets reset --table words");
              });
      assertThat(tables(deployment))
          .allSatisfy(table -> assertThat(Inheritance.undone(table)).isEmpty());
      assertThat(deployment.drain().warnings()).isEmpty();
    }
  }

  @Test
  void aProjectWithoutBillingIsRefusedBeforeAnythingBegins() {
    try (Deployment deployment = deployment(new Sandbox())) {
      deployment.bigquery().create(ending().build());
      RunReport report = deployment.run();
      assertThat(report.error().code()).isEqualTo("GKP-308");
      assertThat(report.error().remedy()).contains("Enable billing");
      assertThat(deployment.tableNames("")).containsExactly("checkpoints");
      assertThat(deployment.rows("checkpoints")).isEmpty();
      assertThat(deployment.database.query("SELECT slot_name::text FROM pg_replication_slots"))
          .doesNotContain(List.of(deployment.slot()));
    }
  }

  @Test
  void aDatasetThatDoesNotTellCasesApartIsRefusedWithAStatementThatMendsIt() {
    try (Deployment deployment = deployment()) {
      deployment.sql("CREATE SCHEMA history OPTIONS (is_case_insensitive = TRUE)");
      RunReport report = deployment.run();
      assertThat(report.error().code()).isEqualTo("GKP-309");
      assertThat(deployment.tableNames("")).isEmpty();
      assertThat(Cli.run(deployment, "doctor", "--all").out())
          .contains("is_case_insensitive = FALSE");
      deployment.sql("ALTER SCHEMA history SET OPTIONS (is_case_insensitive = FALSE)");
      deployment.drain();
    }
  }

  @Test
  void aRawTableWithACollationIsRefusedUntilItIsReadAnew() {
    try (Deployment deployment = deployment()) {
      deployment.drain();
      deployment.bigquery().delete(TableId.of(Deployment.DATASET, "raw_words"));
      deployment
          .bigquery()
          .create(
              TableInfo.newBuilder(
                      TableId.of(Deployment.DATASET, "raw_words"),
                      StandardTableDefinition.newBuilder()
                          .setSchema(
                              Schema.of(
                                  Field.newBuilder("word", StandardSQLTypeName.STRING)
                                      .setCollation("und:ci")
                                      .build(),
                                  Field.of("_cdc_ingested_at", StandardSQLTypeName.TIMESTAMP)))
                          .setTimePartitioning(
                              TimePartitioning.newBuilder(TimePartitioning.Type.DAY)
                                  .setField("_cdc_ingested_at")
                                  .build())
                          .build())
                  .build());
      RunReport report = deployment.run();
      assertThat(report.error().code()).isEqualTo("GKP-309");
      assertThat(report.error().message()).contains("raw_words", "word");
      deployment.bigquery().delete(TableId.of(Deployment.DATASET, "raw_words"));
      assertThat(
              Cli.run(deployment, "offsets", "reset", "--table", "words", "--yes", "--reason", "ci")
                  .code())
          .isZero();
      deployment.drain();
      deployment.requireEqual("words", "word", "n");
    }
  }

  /** Answers a change of a table as BigQuery does in a project without billing. */
  private static final class Sandbox extends Filter {
    @Override
    public void doFilter(HttpExchange exchange, Chain chain) throws IOException {
      String method =
          Optional.ofNullable(exchange.getRequestHeaders().getFirst("X-HTTP-Method-Override"))
              .orElse(exchange.getRequestMethod());
      if (!method.equals("PATCH")) {
        chain.doFilter(exchange);
        return;
      }
      byte[] answer =
          ("{\"error\":{\"code\":403,\"message\":\"Table expiration time must be less than 60 days"
                  + " while in sandbox mode.\",\"errors\":[{\"reason\":\"billingNotEnabled\"}]}}")
              .getBytes(java.nio.charset.StandardCharsets.UTF_8);
      exchange.getRequestBody().readAllBytes();
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(403, answer.length);
      exchange.getResponseBody().write(answer);
      exchange.close();
    }

    @Override
    public String description() {
      return "a project without billing";
    }
  }
}
