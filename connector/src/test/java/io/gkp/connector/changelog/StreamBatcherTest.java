package io.gkp.connector.changelog;

import static io.gkp.connector.changelog.BatcherWorld.LARGE;
import static io.gkp.connector.changelog.BatcherWorld.SMALL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gkp.connector.changelog.BatcherRun.Event;
import io.gkp.connector.changelog.BatcherWorld.Drain;
import io.gkp.connector.changelog.InMemoryDestination.Moment;
import io.gkp.connector.config.BatchLimits;
import io.gkp.failure.ExportException;
import io.gkp.failure.Failure;
import io.gkp.name.Lsn;
import io.gkp.offsets.Checkpoint;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Where batches are cut, and cut again: by the table in {@code docs/internals/exactly-once.md}. */
class StreamBatcherTest {
  private static final Predicate<Event> CHECKPOINT = event -> event.name().equals("APPEND");
  private static final Predicate<Event> CHECKPOINT_WRITTEN =
      event -> event.name().equals("APPENDED");

  private final BatcherWorld world = new BatcherWorld();

  /** One case for each row of the table: the process dies ... */
  @Nested
  class Recovery {
    private final ExecutorService frozen = Executors.newSingleThreadExecutor();

    @AfterEach
    void stop() {
      frozen.shutdownNow();
    }

    @Test
    void before1() throws Exception {
      world.dies(SMALL, event -> event.is(Moment.CLAIM));
      assertThat(world.drains(SMALL)).as("begins it").allMatch(job -> job.endsWith(" a0"));
    }

    @Test
    void after1BeforeAnyJob() throws Exception {
      world.dies(SMALL, event -> event.is(Moment.CLAIMED));
      List<String> jobs = world.drains(SMALL);
      assertThat(jobs.get(0)).as("the first id is used up").isEqualTo("2 raw_t p0 a1");
      assertThat(jobs.subList(1, jobs.size()))
          .as("of the batches behind it nothing can exist")
          .allMatch(job -> job.endsWith(" a0"));
    }

    @Test
    void whileUploadingAndTheRequestComesTooLate() throws Exception {
      Frozen old = new Frozen(event -> event.is(Moment.ACCEPT));
      assertThat(world.drains(SMALL).get(0)).isEqualTo("2 raw_t p0 a1");
      old.wakesUpAndStops();
    }

    @Test
    void whileUploadingAndTheJobIsThereAfterAll() throws Exception {
      world.dies(SMALL, event -> event.is(Moment.ACCEPTED));
      assertThat(world.drains(SMALL))
          .as("passed over")
          .noneMatch(job -> job.startsWith("2 raw_t p0"));
    }

    @Test
    void afterSomePartsWereAccepted() throws Exception {
      world.dies(SMALL, event -> event.is(Moment.ACCEPT) && isPart(event.part(), 3, "raw_t", 1));
      List<String> jobs = world.drains(LARGE);
      assertThat(jobs).as("passed over").noneMatch(job -> job.startsWith("3 raw_t p0"));
      assertThat(jobs).as("the rest is cut so that it fits").contains("3 raw_t p1 a1");
    }

    @Test
    void whileJobsRun() throws Exception {
      world.dies(LARGE, event -> event.is(Moment.WAIT) && isPart(event.part(), 2, "raw_t", 0));
      assertThat(world.drains(LARGE)).noneMatch(job -> job.startsWith("2 raw_t"));
    }

    @Test
    void whileJobsRunOfWhichOneFails() throws Exception {
      world.destination.reject(part -> part.id().table().equals("raw_u"));
      try (BatcherRun run = world.run(LARGE, event -> {})) {
        assertThatThrownBy(() -> run.drain(world.stream))
            .isInstanceOfSatisfying(
                ExportException.class,
                e -> assertThat(e.failure()).isEqualTo(Failure.LOAD_REJECTED));
      }
      world.destination.rejectNothing();
      assertThat(world.drains(SMALL))
          .as("after the id that was used up")
          .containsExactly("2 raw_u p0 a2");
    }

    @Test
    void afterAllPartsBefore5() throws Exception {
      world.dies(LARGE, CHECKPOINT);
      assertThat(world.drains(SMALL)).as("passes everything over").isEmpty();
      assertThat(world.ledger.last().orElseThrow().n()).isEqualTo(2);
    }

    @Test
    void whileTheCheckpointIsLoadedAndItIsThere() throws Exception {
      world.dies(SMALL, CHECKPOINT_WRITTEN);
      assertThat(world.ledger.last().orElseThrow().lsn()).isEqualTo(new Lsn(200));
      assertThat(world.drains(SMALL)).as("goes on after it").noneMatch(job -> job.startsWith("2 "));
    }

    @Test
    void whileTheCheckpointIsLoadedAndItComesTooLate() throws Exception {
      Frozen old = new Frozen(CHECKPOINT);
      world.drains(LARGE);
      List<Checkpoint> newest = world.ledger.newest();
      old.wakesUpAndStops();
      assertThat(world.ledger.newest()).isEqualTo(newest);
    }

    /** The next run has looked at the ledger before, and counts from the position of then. */
    @Test
    void whileTheCheckpointIsLoadedBehindTheNextRunsBack() throws Exception {
      CountDownLatch died = new CountDownLatch(1);
      try (BatcherRun next =
          world.run(
              LARGE,
              event -> {
                if (event.is(Moment.CLAIM)) {
                  died.await();
                }
              })) {
        world.dies(SMALL, CHECKPOINT_WRITTEN);
        died.countDown();
        next.drain(world.stream);
        assertThat(next.reached()).extracting(Checkpoint::lsn).contains(new Lsn(200));
      }
      world.requireExactlyOnce();
    }

    @Test
    void after6() throws Exception {
      world.drains(SMALL);
      assertThat(world.drains(SMALL)).isEmpty();
    }

    /** The table has no gaps: the first run dies at every moment that it has, the next one, too. */
    @Test
    void atAnyMoment() throws Exception {
      assertThat(moments(BatcherRun::drain)).isGreaterThan(40);
    }

    /** Batches are as large then as the destination is slow. */
    @Test
    void atAnyMomentWithBatchesSideBySide() throws Exception {
      assertThat(moments(BatcherRun::drainAtOnce)).isGreaterThan(30);
    }

    /** How many moments a run has, at each of which one has died. */
    private int moments(Drain drain) throws InterruptedException {
      for (int moment = 0; ; moment++) {
        BatcherWorld each = new BatcherWorld();
        boolean died = each.mayDie(SMALL, moment, drain);
        if (died && each.mayDie(LARGE, moment * 13 % 31, drain)) {
          each.drains(SMALL);
        }
        each.requireExactlyOnce();
        if (!died) {
          return moment;
        }
      }
    }

    /** A process that stops at a moment, and goes on when another one has taken over. */
    private final class Frozen {
      private final CountDownLatch goesOn = new CountDownLatch(1);
      private final Future<?> ended;

      Frozen(Predicate<Event> when) throws InterruptedException {
        CountDownLatch stands = new CountDownLatch(1);
        ended =
            frozen.submit(
                () -> {
                  try (BatcherRun run =
                      world.run(
                          SMALL,
                          event -> {
                            if (when.test(event)) {
                              stands.countDown();
                              goesOn.await();
                            }
                          })) {
                    run.drain(world.stream);
                  }
                  return null;
                });
        assertThat(stands.await(1, TimeUnit.MINUTES)).isTrue();
      }

      /** Whatever it creates has a used id. */
      void wakesUpAndStops() {
        goesOn.countDown();
        assertThatThrownBy(ended::get)
            .isInstanceOf(ExecutionException.class)
            .cause()
            .isInstanceOfSatisfying(
                ExportException.class,
                e -> assertThat(e.failure()).isEqualTo(Failure.LINEAGE_TAKEN_OVER));
        world.requireExactlyOnce();
      }
    }
  }

  @Test
  void aBatchMayNotEndBeforeTheChangesThatAreInAreAllPassed() throws Exception {
    BatchLimits twoRows = new BatchLimits(400, Duration.ofHours(1), 1 << 20);
    // A part with the changes of two transactions, which does not say where the batch ends.
    world.dies(
        twoRows,
        event ->
            event.is(Moment.WAIT)
                && isPart(event.part(), 2, "raw_t", 0)
                && event.part().cut().changes() == 2
                && event.part().cut().batchEnd().isEmpty());
    world.drains(new BatchLimits(1, Duration.ZERO, 1 << 20));
    assertThat(world.ledger.ofKind(Checkpoint.Kind.STREAM))
        .extracting(Checkpoint::lsn)
        .as("not at the first transaction's end")
        .startsWith(new Lsn(300));
  }

  @Test
  void aBatchEndsWhereItEndedWhateverTheLimitsAreNow() throws Exception {
    world.dies(SMALL, CHECKPOINT);
    world.drains(LARGE);
    assertThat(world.ledger.ofKind(Checkpoint.Kind.STREAM))
        .extracting(Checkpoint::lsn)
        .startsWith(new Lsn(200));
  }

  /** Or the stream would stand still for as long as the ledger's load job takes. */
  @Test
  @Timeout(60)
  void aBatchGoesOnWhileTheOneBeforeItIsNotCommitted() throws Exception {
    CountDownLatch read = new CountDownLatch(1);
    List<String> jobs = new CopyOnWriteArrayList<>();
    try (BatcherRun run =
        world.run(
            SMALL,
            event -> {
              if (CHECKPOINT.test(event)) {
                read.await();
              } else if (event.is(Moment.ACCEPTED)) {
                jobs.add(BatcherWorld.job(event.part()));
              }
            })) {
      world.stream.tell(new Lsn(100), run.batcher(), () -> {});
      read.countDown();
      run.awaitCommitted();
    }
    assertThat(world.ledger.ofKind(Checkpoint.Kind.STREAM, Checkpoint.Kind.FENCE))
        .extracting(Checkpoint::lsn)
        .containsExactly(new Lsn(200), new Lsn(600));
    assertThat(jobs).as("parts do not wait").contains("3 raw_t p3 a0", "3 raw_u p2 a0");
    world.requireExactlyOnce();
  }

  @Test
  void aRunThatSetItsFenceBeforeAnotherOneReadOnStops() throws Exception {
    world.dies(LARGE, CHECKPOINT);
    Lsn fence = new Lsn(150);
    try (BatcherRun run = world.run(LARGE, fence, event -> {})) {
      assertThatThrownBy(() -> run.batcher().fence(fence))
          .isInstanceOfSatisfying(
              ExportException.class,
              e -> assertThat(e.failure()).isEqualTo(Failure.LINEAGE_TAKEN_OVER));
    }
  }

  @Test
  void theCheckpointStandsWhereTheServerHasComeToAndThePartsEndWhereATransactionDid()
      throws Exception {
    List<Part> parts = new CopyOnWriteArrayList<>();
    Lsn position = new Lsn(650);
    try (BatcherRun run =
        world.run(
            LARGE,
            position,
            event -> {
              if (event.is(Moment.ACCEPTED)) {
                parts.add(event.part());
              }
            })) {
      run.drain(world.stream);
      assertThat(run.batcher().stopped()).isCompletedWithValue(position);
    }
    assertThat(world.ledger.last().orElseThrow().lsn()).isEqualTo(position);
    assertThat(parts)
        .hasSize(2)
        .allSatisfy(part -> assertThat(part.cut().batchEnd()).contains(world.stream.end()));
  }

  @Test
  void aRunThatIsToStopEndsAtTheNextTransactionsEnd() throws Exception {
    try (BatcherRun run = world.run(LARGE, event -> {})) {
      run.batcher().requestStop();
      world.stream.tell(new Lsn(100), run.batcher(), () -> {});
      run.awaitCommitted();
      assertThat(run.batcher().stopped()).isCompletedWithValue(Lsn.NONE);
    }
    assertThat(world.ledger.last().orElseThrow().lsn()).isEqualTo(new Lsn(200));
    assertThat(world.ledger.last().orElseThrow().kind()).isEqualTo(Checkpoint.Kind.STREAM);
    world.drains(LARGE);
  }

  /** The server came back without the end of its log, and went on another way. */
  @Nested
  class AnotherHistory {
    @Test
    void isToldByTheChangeThatEndsAPart() throws Exception {
      world.dies(SMALL, CHECKPOINT);
      refuses(new ToldStream().transaction(220, "t c 1").transaction(600, "u c 1"));
    }

    @Test
    void isToldByTheEndThatIsNone() throws Exception {
      world.dies(SMALL, CHECKPOINT);
      refuses(new ToldStream().transaction(200, 300, "t c 1", "u c 1"));
    }

    @Test
    void isToldByFewerChanges() throws Exception {
      world.dies(SMALL, event -> event.is(Moment.WAIT) && isPart(event.part(), 3, "raw_t", 0));
      refuses(new ToldStream().transaction(200, "t c 1").transaction(600));
      refuses(new ToldStream().transaction(200, "t c 1"));
    }

    private void refuses(ToldStream other) throws InterruptedException {
      try (BatcherRun run = world.run(LARGE, event -> {})) {
        assertThatThrownBy(() -> run.drain(other))
            .isInstanceOfSatisfying(
                ExportException.class,
                e -> assertThat(e.failure()).isEqualTo(Failure.LEDGER_AHEAD));
      }
    }
  }

  private static boolean isPart(Part part, long batch, String raw, int number) {
    return part.id().batch() == batch
        && part.id().table().equals(raw)
        && part.id().part() == number;
  }
}
