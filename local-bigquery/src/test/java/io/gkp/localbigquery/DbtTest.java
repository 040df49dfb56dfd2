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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A view, a table, two incremental models, a snapshot, a seed, tests and documentation. */
class DbtTest {
  private static final Path PROJECT = Path.of("src/test/dbt");

  /**
   * Runs each line of its input as dbt's arguments, one after the other: a third of what a command
   * takes is Python's, to read dbt.
   */
  private static final String COMMANDS =
      """
      import sys
      from dbt.cli.main import dbtRunner
      for line in sys.stdin.read().splitlines():
          if not dbtRunner().invoke(line.split()).success:
              sys.exit(1)
      """;

  @TempDir Path project;
  private LocalBigQuery server;

  @Test
  void dbtBuildsTwiceAndDocuments() throws Exception {
    Optional<Tool> python = Tool.onPath("python3", "-c", "import dbt.adapters.bigquery");
    assumeTrue(python.isPresent(), "no Python with dbt-bigquery on the path: skipped");
    copy();
    try (LocalBigQuery started = LocalBigQuery.inMemory().start()) {
      server = started;
      assertThat(
              dbt(
                  python.get(),
                  "build",
                  "build --vars {\"orders\":3}",
                  "docs generate --no-compile"))
          .containsSubsequence("PASS=11 WARN=0 ERROR=0", "PASS=11 WARN=0 ERROR=0");

      assertThat(rows("SELECT order_id, note FROM shop.order_events ORDER BY order_id"))
          .containsExactly("1 null", "2 null", "3 later");
      assertThat(rows("SELECT order_count FROM shop.days ORDER BY ordered_date"))
          .containsExactly("1", "1", "1");
      assertThat(
              rows(
                  "SELECT order_id, COUNTIF(dbt_valid_to IS NULL), COUNT(*)"
                      + " FROM shop.orders_history GROUP BY order_id ORDER BY order_id"))
          .containsExactly("1 1 2", "2 1 2", "3 1 1");

      JsonNode catalog =
          new ObjectMapper().readTree(project.resolve("target/catalog.json").toFile());
      assertThat(catalog.get("errors").isNull()).as(catalog.toString()).isTrue();
      JsonNode revenue = catalog.at("/nodes/model.shop.revenue");
      assertThat(revenue.at("/metadata/comment").asText())
          .isEqualTo("What each customer brought each day.");
      assertThat(revenue.at("/columns/total/type").asText()).isEqualTo("NUMERIC");
    }
  }

  private String dbt(Tool python, String... commands) throws Exception {
    String places = " --no-use-colors --project-dir %1$s --profiles-dir %1$s".formatted(project);
    return python.tell(
        Map.of("BIGQUERY_EMULATOR_HOST", server.host()),
        Stream.of(commands).map(command -> command + places).collect(Collectors.joining("\n")),
        "-c",
        COMMANDS);
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
