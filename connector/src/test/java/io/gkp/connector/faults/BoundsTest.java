package io.gkp.connector.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.cloud.bigquery.TableId;
import io.gkp.connector.config.BatchLimits;
import io.gkp.connector.export.Deployment;
import io.gkp.connector.faults.Call.Kind;
import io.gkp.failure.ExitCode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Memory and time that a run may take, in a process of its own. */
class BoundsTest {
  private static final Logger log = LoggerFactory.getLogger(BoundsTest.class);

  /** {@code -Drows=5000000} measures what the page on limits states. */
  private static final int TRANSACTION = Integer.getInteger("rows", 300_000);

  private static final List<String> HEAP = List.of("-Xmx" + System.getProperty("heap", "256m"));
  private static final int BACKLOG = 30_000;

  private final Wire wire = new Wire();
  private final Deployment deployment = new Deployment(List.of(wire), "items");

  @AfterEach
  void end() {
    deployment.close();
  }

  @Test
  void oneTransactionMayBeLargerThanTheHeap() throws Exception {
    createItems();
    deployment.drain();
    deployment.database.execute(
        "INSERT INTO items SELECT i, repeat(md5(i::text), 6) FROM generate_series(1, "
            + TRANSACTION
            + ") i");
    long started = System.nanoTime();
    try (ChildRun run = ChildRun.start(deployment, Map.of(), HEAP)) {
      assertThat(run.exitCode()).as(run.log()).isZero();
      assertThat(run.report().at("/tables/items/inserts").asLong()).isEqualTo(TRANSACTION);
    }
    log.warn("{} rows in {} s", TRANSACTION, (System.nanoTime() - started) / 1_000_000_000);
    assertThat(rows()).isEqualTo(TRANSACTION);
  }

  @Test
  void rowsMayBeWide() throws Exception {
    createItems();
    deployment.database.execute(wideRows(1, 8));
    try (ChildRun run = ChildRun.start(deployment, Map.of(), HEAP)) {
      assertThat(run.exitCode()).as(run.log()).isZero();
      assertThat(run.report().at("/tables/items/snapshot_rows").asLong()).isEqualTo(8);
    }
    deployment.database.execute(wideRows(9, 16));
    try (ChildRun run = ChildRun.start(deployment, Map.of(), HEAP)) {
      assertThat(run.exitCode()).as(run.log()).isZero();
      assertThat(run.report().at("/tables/items/inserts").asLong()).isEqualTo(8);
    }
    assertThat(rows()).isEqualTo(16);
  }

  @Test
  void aSignalEndsARunWithinTenSecondsAndCommitsWhatIsLoaded() throws Exception {
    backlog();
    AtomicReference<ChildRun> child = new AtomicReference<>();
    AtomicLong signalled = new AtomicLong();
    wire.once(
        Call.nth(3, call -> call.is(Kind.OPEN_UPLOAD) && call.isCheckpoint()),
        Fault.after(
            () -> {
              signalled.set(System.nanoTime());
              child.get().terminate();
            }));
    child.set(ChildRun.start(deployment, Map.of()));
    try (ChildRun run = child.get()) {
      assertThat(run.exitCode()).as(run.log()).isEqualTo(ExitCode.STOPPED_EARLY);
      assertThat(Duration.ofNanos(System.nanoTime() - signalled.get()))
          .isLessThan(Duration.ofSeconds(10));
      assertStoppedEarly(run);
    }
    deployment.drain();
    assertBacklogOnce();
  }

  @Test
  void theTimeLimitIsKept() throws Exception {
    backlog();
    try (ChildRun run = ChildRun.start(deployment, Map.of("GKP_MAX_DURATION", "4s"))) {
      assertThat(run.exitCode()).as(run.log()).isEqualTo(ExitCode.STOPPED_EARLY);
      assertStoppedEarly(run);
      assertThat(run.report().get("duration_ms").asLong()).isBetween(4_000L, 10_000L);
    }
    deployment.drain();
    assertBacklogOnce();
  }

  /** What is loaded is what the checkpoint says. */
  private void assertStoppedEarly(ChildRun run) {
    assertThat(run.report().get("status").asText()).isEqualTo("stopped_early");
    long committed =
        deployment.rows("checkpoints").stream()
            .mapToLong(row -> Deployment.number(row, "rows"))
            .sum();
    assertThat(committed).isPositive().isLessThan(BACKLOG);
    assertThat(run.report().at("/tables/items/rows_loaded").asLong()).isEqualTo(committed);
    assertThat(rows()).isEqualTo(committed);
  }

  private void createItems() {
    deployment.database.execute("CREATE TABLE items (id int PRIMARY KEY, body text)");
  }

  /** Many transactions, for many batches. */
  private void backlog() {
    createItems();
    deployment.withLimits(new BatchLimits(20_000, Duration.ofSeconds(60), 1_000_000));
    deployment.drain();
    for (int i = 0; i < BACKLOG; i += 100) {
      deployment.database.execute(
          "INSERT INTO items SELECT i, 'n' || i FROM generate_series(%d, %d) i"
              .formatted(i, i + 99));
    }
  }

  private void assertBacklogOnce() {
    assertThat(deployment.changelog("raw_items", "id"))
        .containsExactlyElementsOf(IntStream.range(0, BACKLOG).mapToObj(i -> "c " + i).toList());
  }

  /** Rows of ten megabytes of text that hardly compresses. */
  private static String wideRows(int from, int to) {
    return "INSERT INTO items SELECT i, (SELECT string_agg(md5(random()::text), '')"
        + " FROM generate_series(1, 327680)) FROM generate_series("
        + from
        + ", "
        + to
        + ") i";
  }

  private long rows() {
    return deployment
        .bigquery()
        .getTable(TableId.of(Deployment.DATASET, "raw_items"))
        .getNumRows()
        .longValueExact();
  }
}
