package io.gkp.localbigquery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.FieldValue;
import com.google.cloud.bigquery.QueryJobConfiguration;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A view, a table, two incremental models, a snapshot, a seed, tests and documentation. */
class DbtTest {
  private static final Path PROJECT = Path.of("src/test/dbt");

  @TempDir Path project;
  private Tool dbt;
  private LocalBigQuery server;

  @Test
  void dbtBuildsTwiceAndDocuments() throws Exception {
    Optional<Tool> found = Tool.onPath("dbt", "--version");
    assumeTrue(found.isPresent(), "no dbt with dbt-bigquery on the path: skipped");
    dbt = found.get();
    copy();
    try (LocalBigQuery started = LocalBigQuery.inMemory().start()) {
      server = started;
      assertThat(dbt("build")).contains("PASS=11 WARN=0 ERROR=0");
      assertThat(dbt("build", "--vars", "{orders: 3}")).contains("PASS=11 WARN=0 ERROR=0");

      assertThat(rows("SELECT order_id, note FROM shop.order_events ORDER BY order_id"))
          .containsExactly("1 null", "2 null", "3 later");
      assertThat(rows("SELECT order_count FROM shop.days ORDER BY ordered_date"))
          .containsExactly("1", "1", "1");
      assertThat(
              rows(
                  "SELECT order_id, COUNTIF(dbt_valid_to IS NULL), COUNT(*)"
                      + " FROM shop.orders_history GROUP BY order_id ORDER BY order_id"))
          .containsExactly("1 1 2", "2 1 2", "3 1 1");

      dbt("docs", "generate", "--no-compile");
      JsonNode catalog =
          new ObjectMapper().readTree(project.resolve("target/catalog.json").toFile());
      assertThat(catalog.get("errors").isNull()).as(catalog.toString()).isTrue();
      JsonNode revenue = catalog.at("/nodes/model.shop.revenue");
      assertThat(revenue.at("/metadata/comment").asText())
          .isEqualTo("What each customer brought each day.");
      assertThat(revenue.at("/columns/total/type").asText()).isEqualTo("NUMERIC");
    }
  }

  private String dbt(String... command) throws Exception {
    List<String> all = new ArrayList<>(List.of("--no-use-colors"));
    all.addAll(List.of(command));
    all.addAll(List.of("--project-dir", project.toString(), "--profiles-dir", project.toString()));
    return dbt.run(Map.of("BIGQUERY_EMULATOR_HOST", server.host()), all.toArray(String[]::new));
  }

  private List<String> rows(String sql) throws InterruptedException {
    BigQuery client = Clients.client(server.host());
    return client
        .query(QueryJobConfiguration.of(sql))
        .streamValues()
        .map(row -> String.join(" ", row.stream().map(DbtTest::text).toList()))
        .toList();
  }

  private static String text(FieldValue value) {
    return String.valueOf(value.getValue());
  }

  /** dbt writes beside what it reads. */
  private void copy() throws Exception {
    try (Stream<Path> files = Files.walk(PROJECT)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path copy = project.resolve(PROJECT.relativize(file).toString());
        Files.createDirectories(copy.getParent());
        Files.copy(file, copy);
      }
    }
  }
}
