package io.gkp.connector.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.cloud.bigquery.TableId;
import io.gkp.connector.config.BatchLimits;
import io.gkp.connector.export.Deployment;
import io.gkp.failure.ExitCode;
import io.gkp.testing.wire.Call;
import io.gkp.testing.wire.Call.Kind;
import io.gkp.testing.wire.Fault;
import io.gkp.testing.wire.Wire;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Memory and time that a run may take, in a process of its own whose heap is what its limits ask
 * for and no more.
 */
class BoundsTest {
  private static final Logger log = LoggerFactory.getLogger(BoundsTest.class);

  /** {@code -Drows=5000000} measures what the page on limits states. */
  private static final int TRANSACTION = Integer.getInteger("rows", 150_000);

  /** {@code -Dtransactions=...} likewise; one row each. */
  private static final int TRANSACTIONS = Integer.getInteger("transactions", 80_000);

  /** {@code -Dmegabytes=64} are the defaults. */
  private static final long BYTES = Long.getLong("megabytes", 8) << 20;

  private static final BatchLimits LIMITS =
      new BatchLimits(BYTES, BatchLimits.DEFAULT.maxAge(), BYTES);

  /** The JVM's own: code, classes, threads, collector. */
  private static final long OUTSIDE_HEAP = 160L << 20;

  /** For a backlog of small transactions whose rows, compressed, are next to nothing. */
  private static final long FEW = 64L << 20;

  private static final int TABLES = 6;
  private static final long WIDE = 5L << 20;
  private static final int BACKLOG = 30_000;

  /**
   * Text that gzip makes little of: base64 of random bytes. The same text again is as good, as far
   * as it is longer than the 32 KiB that gzip looks back.
   */
  private static final String NOISE =
      """
      CREATE FUNCTION pg_temp.noise(length int) RETURNS text LANGUAGE sql VOLATILE AS $$
        SELECT left(replace(encode(string_agg(uuid_send(gen_random_uuid()), ''), 'base64'), E'\\n', ''), length)
        FROM generate_series(1, length / 21 + 1)
      $$;
      """;

  private final CountDownLatch never = new CountDownLatch(1);
  private final Wire wire = new Wire();
  private final Deployment deployment = new Deployment(List.of(wire), "items").withoutViews();

  @AfterEach
  void end() {
    deployment.close();
  }

  @Test
  void oneTransactionMayBeLargerThanTheHeap() throws Exception {
    createItems();
    deployment.withLimits(LIMITS).drain();
    deployment.database.execute(
        "INSERT INTO items SELECT i, repeat(md5(i::text), 6) FROM generate_series(1, "
            + TRANSACTION
            + ") i");
    JsonNode report = runWithin(LIMITS.heapBytes());
    assertThat(report.at("/tables/items/inserts").asLong()).isEqualTo(TRANSACTION);
    assertThat(rows()).isEqualTo(TRANSACTION);
  }

  @Test
  void oneTransactionMayFillPartsOfManyTables() throws Exception {
    String[] tables = IntStream.range(0, TABLES).mapToObj(i -> "wide_" + i).toArray(String[]::new);
    for (String table : tables) {
      deployment.database.execute("CREATE TABLE " + table + " (id int PRIMARY KEY, body text)");
    }
    deployment.capture(tables);
    deployment.withLimits(LIMITS).drain();
    int rows = (int) (BYTES / 52_000); // no table fills a part alone
    String inserts =
        Stream.of(tables)
            .map(table -> "INSERT INTO " + table + " VALUES (i, body);")
            .collect(Collectors.joining(" "));
    deployment.database.execute(
        NOISE
            + " DO $$ DECLARE body text := pg_temp.noise(50000); BEGIN FOR i IN 1.."
            + rows
            + " LOOP "
            + inserts
            + " END LOOP; END $$");
    JsonNode report = runWithin(LIMITS.heapBytes() + 10 * 50_000);
    for (String table : tables) {
      assertThat(report.at("/tables/" + table + "/inserts").asLong()).isEqualTo(rows);
      assertThat(report.at("/tables/" + table + "/load_jobs")).hasSizeGreaterThan(1);
    }
  }

  @Test
  void aBacklogMayBeOfManySmallTransactions() throws Exception {
    createItems();
    deployment.drain();
    deployment.database.execute(
        "DO $$ BEGIN SET synchronous_commit = off; FOR i IN 1.."
            + TRANSACTIONS
            + " LOOP INSERT INTO items VALUES (i, 'x'); COMMIT; END LOOP; END $$");
    JsonNode report = runWithin(FEW);
    assertThat(report.at("/tables/items/inserts").asLong()).isEqualTo(TRANSACTIONS);
    assertThat(rows()).isEqualTo(TRANSACTIONS);
  }

  @Test
  void rowsMayBeWide() throws Exception {
    createItems();
    deployment.withLimits(LIMITS);
    deployment.database.execute(NOISE + wideRows(1, 8));
    assertThat(runWithin(LIMITS.heapBytes() + 10 * WIDE).at("/tables/items/snapshot_rows").asLong())
        .isEqualTo(8);
    deployment.database.execute(NOISE + wideRows(9, 16));
    assertThat(runWithin(LIMITS.heapBytes() + 10 * WIDE).at("/tables/items/inserts").asLong())
        .isEqualTo(8);
    assertThat(rows()).isEqualTo(16);
  }

  /** The bound that the page on limits states: the heap holds, and the process is not larger. */
  private JsonNode runWithin(long heap) throws Exception {
    long started = System.nanoTime();
    try (ChildRun run = ChildRun.start(deployment, Map.of(), List.of("-Xmx" + heap))) {
      assertThat(run.exitCode()).as(run.log()).isZero();
      log.warn(
          "{} s, peak {} MiB, heap {} MiB",
          (System.nanoTime() - started) / 1_000_000_000,
          run.peakBytes() >> 20,
          heap >> 20);
      assertThat(run.peakBytes()).isLessThan(heap + OUTSIDE_HEAP);
      return run.report();
    }
  }

  @Test
  void aSignalEndsARunWithinTenSecondsAndTheTimeLimitTheNextAndBothCommitWhatIsLoaded()
      throws Exception {
    backlog();
    long signalled = endBySignal();
    try (ChildRun run = ChildRun.start(deployment, Map.of("GKP_MAX_DURATION", "4s"))) {
      assertThat(run.exitCode()).as(run.log()).isEqualTo(ExitCode.STOPPED_EARLY);
      assertStoppedEarly(run, signalled);
      assertThat(run.report().get("duration_ms").asLong()).isBetween(4_000L, 10_000L);
    }
    deployment.withLimits(BatchLimits.DEFAULT).drain();
    new ExactlyOnce(deployment).assertInserts("items", 0, BACKLOG);
  }

  /** Returns the rows that the run has committed. */
  private long endBySignal() throws Exception {
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
      return assertStoppedEarly(run, 0);
    }
  }

  @Test
  void aSignalEndsARunInTheMiddleOfALargeTransactionToo() throws Exception {
    createItems();
    deployment.withLimits(new BatchLimits(60_000, Duration.ofSeconds(60), 1_000_000)).drain();
    deployment.database.execute("INSERT INTO items SELECT i FROM generate_series(1, 20000) i");
    AtomicReference<ChildRun> child = new AtomicReference<>();
    AtomicLong signalled = new AtomicLong();
    wire.once(
        call -> call.is(Kind.OPEN_UPLOAD) && call.isPartFrom(3),
        Fault.after(
            () -> {
              signalled.set(System.nanoTime());
              child.get().terminate();
            }));
    // What comes after the signal does not get to its end before the run must.
    Wire.Script unanswered =
        wire.on(call -> call.is(Kind.OPEN_UPLOAD) && call.isPartFrom(6), 1, Fault.hold(never));
    child.set(ChildRun.start(deployment, Map.of()));
    try (ChildRun run = child.get()) {
      assertThat(run.exitCode()).as(run.log()).isEqualTo(ExitCode.STOPPED_EARLY);
      assertThat(Duration.ofNanos(System.nanoTime() - signalled.get()))
          .isLessThan(Duration.ofSeconds(10));
      assertThat(unanswered.hits()).isEqualTo(1);
    }
    never.countDown();
    deployment.withLimits(BatchLimits.DEFAULT).drain();
    new ExactlyOnce(deployment).assertInserts("items", 1, 20_000);
  }

  /**
   * What is loaded is what the checkpoints say.
   *
   * @param before rows that earlier runs have committed
   * @return all rows that are committed now
   */
  private long assertStoppedEarly(ChildRun run, long before) {
    assertThat(run.report().get("status").asText()).isEqualTo("stopped_early");
    long committed =
        deployment.rows("checkpoints").stream()
            .mapToLong(row -> Deployment.number(row, "rows"))
            .sum();
    assertThat(committed).isGreaterThan(before).isLessThan(BACKLOG);
    assertThat(run.report().at("/tables/items/rows_loaded").asLong()).isEqualTo(committed - before);
    assertThat(rows()).isEqualTo(committed);
    return committed;
  }

  private void createItems() {
    deployment.database.execute("CREATE TABLE items (id int PRIMARY KEY, body text)");
  }

  /** Many transactions, for hundreds of load jobs, one after the other. */
  private void backlog() {
    createItems();
    deployment.withLimits(new BatchLimits(20_000, Duration.ofSeconds(60), 1));
    deployment.drain();
    for (int i = 0; i < BACKLOG; i += 100) {
      deployment.database.execute(
          "INSERT INTO items SELECT i, 'n' || i FROM generate_series(%d, %d) i"
              .formatted(i, i + 99));
    }
  }

  private static String wideRows(int from, int to) {
    return """
        WITH noise AS MATERIALIZED (SELECT pg_temp.noise(%d) AS body)
        INSERT INTO items SELECT i, body FROM noise, generate_series(%d, %d) i
        """
        .formatted(WIDE, from, to);
  }

  private long rows() {
    return deployment
        .bigquery()
        .getTable(TableId.of(Deployment.DATASET, "raw_items"))
        .getNumRows()
        .longValueExact();
  }
}
