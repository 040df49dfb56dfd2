package io.gkp.sql.warehouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpExchange;
import io.gkp.sql.testing.TestWarehouse;
import io.gkp.sql.warehouse.ModelException.Fault;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QueryJobsTest {
  private static final String INSERT = "INSERT `test-project.gkp.checkpoints` (n) VALUES (1)";

  private final AtomicInteger refusals = new AtomicInteger();
  private TestWarehouse warehouse;
  private QueryJobs jobs;

  @BeforeEach
  void start(@TempDir Path data) {
    warehouse = TestWarehouse.start(data, new Refusal());
    jobs = new QueryJobs(warehouse.client(), TestWarehouse.PROJECT, null);
  }

  @AfterEach
  void stop() {
    warehouse.close();
  }

  @Test
  void aStatementRunsOnceUnderOneId() {
    JobOutcome first = jobs.run("insert", "once", INSERT, Map.of("by", "first"));
    JobOutcome second = jobs.run("insert", "once", INSERT, Map.of("by", "second"));

    assertThat(second).isEqualTo(first);
    assertThat(second.jobId()).isEqualTo("once_a1");
    assertThat(second.labels()).containsEntry("by", "first");
    assertThat(warehouse.rows("SELECT n FROM checkpoints")).hasSize(1);
  }

  @Test
  void aServiceThatIsBusyIsAskedAgain() {
    refusals.set(2);

    jobs.run("insert", INSERT);

    assertThat(refusals).hasValue(0);
    assertThat(warehouse.rows("SELECT n FROM checkpoints")).hasSize(1);
  }

  @Test
  void aServiceThatStaysBusyIsUnavailable() {
    refusals.set(100);

    assertThatThrownBy(() -> jobs.run("insert", INSERT))
        .isInstanceOfSatisfying(
            ModelException.class, e -> assertThat(e.fault()).isEqualTo(Fault.UNAVAILABLE));
    refusals.set(0);
    assertThat(warehouse.rows("SELECT n FROM checkpoints")).isEmpty();
  }

  @Test
  void aWrongStatementIsNotTriedAgain() {
    assertThatThrownBy(() -> jobs.run("typo", "SELEKT 1"))
        .isInstanceOfSatisfying(
            ModelException.class, e -> assertThat(e.fault()).isEqualTo(Fault.INTERNAL))
        .hasMessageStartingWith("typo: ");
  }

  @Test
  void anErrorOfExecutionIsToldWithoutItsValues() {
    String cast = "SELECT CAST(CONCAT('marker', n) AS INT64) AS n FROM UNNEST(['1', '2']) AS n";
    assertThatThrownBy(() -> jobs.run("cast", cast))
        .hasMessageStartingWith("cast: reason ")
        .hasMessageNotContaining("marker");
    assertThatThrownBy(() -> jobs.run("typo", "SELECT m FROM (SELECT 1 AS n)"))
        .hasMessageContaining("Unrecognized name: m");
  }

  @Test
  void aDryRunTellsTheBytesWithoutReadingThem() {
    jobs.run("insert", INSERT);

    assertThat(jobs.bytesOf("n", "SELECT n FROM `test-project.gkp.checkpoints`")).isEqualTo(8);
  }

  /** Answers 503 to the creation of jobs, as often as told to. */
  private final class Refusal extends Filter {
    @Override
    public void doFilter(HttpExchange exchange, Chain chain) throws IOException {
      boolean creates =
          exchange.getRequestMethod().equals("POST")
              && exchange.getRequestURI().getPath().endsWith("/jobs");
      if (creates && refusals.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
        exchange.sendResponseHeaders(503, -1);
        exchange.close();
      } else {
        chain.doFilter(exchange);
      }
    }

    @Override
    public String description() {
      return "refuses jobs";
    }
  }
}
