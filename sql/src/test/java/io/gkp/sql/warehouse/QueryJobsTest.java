package io.gkp.sql.warehouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpExchange;
import io.gkp.bigquery.BigQueryClients;
import io.gkp.bigquery.DestinationConfig;
import io.gkp.bigquery.JobOutcome;
import io.gkp.bigquery.QueryJobs;
import io.gkp.failure.ExportException;
import io.gkp.failure.Failure;
import io.gkp.sql.model.Layer;
import io.gkp.sql.render.Datasets;
import io.gkp.sql.testing.TestWarehouse;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QueryJobsTest {
  private static final String INSERT = "INSERT `test-project.gkp.checkpoints` (n) VALUES (1)";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final AtomicInteger refusals = new AtomicInteger();
  private final AtomicInteger status = new AtomicInteger(503);
  private final AtomicInteger silences = new AtomicInteger();
  private final AtomicReference<String> blamed = new AtomicReference<>();
  private final CountDownLatch stopped = new CountDownLatch(1);
  private TestWarehouse warehouse;
  private Warehouse tables;
  private QueryJobs jobs;

  @BeforeEach
  void start(@TempDir Path data) {
    warehouse = TestWarehouse.start(data, new Refusal());
    DestinationConfig impatient =
        new DestinationConfig(
            TestWarehouse.PROJECT,
            TestWarehouse.DATASET,
            null,
            warehouse.host(),
            Duration.ofMillis(500));
    tables =
        new Warehouse(
            BigQueryClients.create(impatient),
            Datasets.one(TestWarehouse.PROJECT, TestWarehouse.DATASET));
    jobs = tables.jobs(Optional.empty());
  }

  @AfterEach
  void stop() {
    stopped.countDown();
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

  /** A query that took too much, say, or a right that was missing. */
  @Test
  void aStatementThatFailedRunsAgainInALaterRunAndOnceOnly() {
    String division =
        "INSERT `test-project.gkp.checkpoints` (n)"
            + " SELECT DIV(10, COUNT(*)) FROM `test-project.gkp.checkpoints`";
    for (int run = 1; run <= 2; run++) {
      assertThatThrownBy(() -> jobs.run("division", "again", division, Map.of()))
          .hasMessageStartingWith("division: reason invalidQuery");
    }
    jobs.run("insert", INSERT);

    JobOutcome outcome = jobs.run("division", "again", division, Map.of());
    jobs.run("division", "again", division, Map.of());

    assertThat(outcome.jobId()).isEqualTo("again_a3");
    assertThat(warehouse.rows("SELECT n FROM checkpoints")).hasSize(2);
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
            ExportException.class,
            e -> assertThat(e.failure()).isEqualTo(Failure.MODELS_UNAVAILABLE));
    refusals.set(0);
    assertThat(warehouse.rows("SELECT n FROM checkpoints")).isEmpty();
  }

  @Test
  void aWrongStatementIsNotTriedAgain() {
    assertThatThrownBy(() -> jobs.run("typo", "SELEKT 1"))
        .isInstanceOfSatisfying(
            ExportException.class, e -> assertThat(e.failure()).isEqualTo(Failure.MODELS_FAILED))
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

    assertThat(
            jobs.dryRun("n", "SELECT n FROM `test-project.gkp.checkpoints`")
                .getTotalBytesProcessed())
        .isEqualTo(8);
  }

  /** As of {@link io.gkp.bigquery.Trouble}: the models once had fewer such reasons. */
  @ParameterizedTest
  @ValueSource(strings = {"tableUnavailable", "timeout", "stopped", "jobBackendError"})
  void aJobThatEndedForAPassingReasonIsTriedAgain(String reason) {
    blamed.set(reason);

    JobOutcome outcome = jobs.run("insert", "blamed", INSERT, Map.of());

    assertThat(outcome.jobId()).isEqualTo("blamed_a2");
  }

  @Test
  void aRequestThatTheServerWaitedForInVainIsSentAgain() {
    status.set(408);
    refusals.set(1);

    jobs.run("insert", INSERT);

    assertThat(refusals).hasValue(0);
    assertThat(warehouse.rows("SELECT n FROM checkpoints")).hasSize(1);
  }

  /** After a read that has timed out the client leaves its thread interrupted. */
  @Test
  void anAnswerThatNeverCameInterruptsNothing() {
    silences.set(2);

    assertThat(jobs.rows("one", "SELECT 1")).hasSize(1);
    silences.set(2);
    assertThat(tables.find(Layer.RAW, "checkpoints")).isPresent();

    assertThat(Thread.currentThread().isInterrupted()).isFalse();
    assertThat(silences).hasValue(0);
  }

  /** Refuses the creation of jobs, stays silent, or blames a job, as often as told to. */
  private final class Refusal extends Filter {
    @Override
    public void doFilter(HttpExchange exchange, Chain chain) throws IOException {
      boolean creates =
          exchange.getRequestMethod().equals("POST")
              && exchange.getRequestURI().getPath().endsWith("/jobs");
      boolean reads = exchange.getRequestMethod().equals("GET");
      if (reads && silences.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
        silence(exchange);
      } else if (creates && refusals.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
        exchange.sendResponseHeaders(status.get(), -1);
        exchange.close();
      } else if (creates && blamed.get() != null) {
        blame(exchange, blamed.getAndSet(null));
      } else {
        chain.doFilter(exchange);
      }
    }

    private void silence(HttpExchange exchange) throws IOException {
      exchange.getRequestBody().readAllBytes();
      try {
        stopped.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      exchange.close();
    }

    /** Answers with the job, as one that has ended at once. */
    private void blame(HttpExchange exchange, String reason) throws IOException {
      ObjectNode job = (ObjectNode) JSON.readTree(new GZIPInputStream(exchange.getRequestBody()));
      job.putObject("status")
          .put("state", "DONE")
          .putObject("errorResult")
          .put("reason", reason)
          .put("message", "passes");
      byte[] answer = JSON.writeValueAsBytes(job);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(200, answer.length);
      exchange.getResponseBody().write(answer);
      exchange.close();
    }

    @Override
    public String description() {
      return "refuses jobs";
    }
  }
}
