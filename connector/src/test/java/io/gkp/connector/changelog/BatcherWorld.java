package io.gkp.connector.changelog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.gkp.connector.changelog.BatcherRun.Death;
import io.gkp.connector.changelog.BatcherRun.Event;
import io.gkp.connector.changelog.BatcherRun.Script;
import io.gkp.connector.changelog.InMemoryDestination.Moment;
import io.gkp.connector.config.BatchLimits;
import io.gkp.name.Lsn;
import io.gkp.offsets.Checkpoint;
import io.gkp.offsets.Checkpoint.Kind;
import io.gkp.offsets.InMemoryControlStore;
import io.gkp.offsets.Ledger;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** A source's history, and what runs have brought of it: two tables, some batches. */
final class BatcherWorld {
  /** Each change is a part of its own, and each transaction a batch. */
  static final BatchLimits SMALL = new BatchLimits(1, Duration.ofHours(1), 1 << 20);

  /** Everything is one batch, and each table's changes are one part. */
  static final BatchLimits LARGE = new BatchLimits(1 << 20, Duration.ofHours(1), 1 << 20);

  private static final Instant NOW = Instant.parse("2026-02-03T04:05:06Z");

  final InMemoryDestination destination = new InMemoryDestination();
  final InMemoryControlStore store = new InMemoryControlStore();
  final Ledger ledger = new Ledger(store);
  final ToldStream stream =
      new ToldStream()
          .transaction(200, "t c 1")
          .transaction(300, "t c 2", "t c 3", "u c 1", "t c 4")
          .transaction(400, "u c 2")
          .transaction(450)
          .transaction(500, "t u 1", "t d 2")
          .transaction(600, "u d 2");

  /** How a run reads the stream to its end. */
  interface Drain {
    void of(BatcherRun run, ToldStream stream) throws InterruptedException;
  }

  BatcherWorld() {
    Checkpoint created = ledger.create("run-0", NOW);
    ledger.append(created.next(Kind.CREATED, new Lsn(100), "run-0", NOW, 0));
  }

  BatcherRun run(BatchLimits limits, Script script) {
    return run(limits, stream.end(), script);
  }

  BatcherRun run(BatchLimits limits, Lsn fence, Script script) {
    return new BatcherRun(
        destination, store, limits, Clock.fixed(NOW, ZoneOffset.UTC), fence, script);
  }

  /** A run dies at the first such event. */
  void dies(BatchLimits limits, Predicate<Event> when) throws InterruptedException {
    AtomicBoolean died = new AtomicBoolean();
    Script script =
        event -> {
          if (when.test(event)) {
            died.set(true);
            throw new Death();
          }
        };
    try (BatcherRun run = run(limits, script)) {
      assertThatThrownBy(() -> run.drain(stream)).isInstanceOf(Death.class);
    }
    assertThat(died).isTrue();
  }

  /**
   * A run brings everything.
   *
   * @return the jobs that it used, in order: batch, table, part, attempt
   */
  List<String> drains(BatchLimits limits) throws InterruptedException {
    List<String> jobs = new CopyOnWriteArrayList<>();
    Script record =
        event -> {
          if (event.is(Moment.ACCEPTED)) {
            jobs.add(job(event.part()));
          }
        };
    try (BatcherRun run = run(limits, record)) {
      run.drain(stream);
      assertThat(run.batcher().stopped()).isCompletedWithValue(stream.end());
      assertThat(run.batcher().durable()).isEqualTo(stream.end());
    }
    requireExactlyOnce();
    return jobs;
  }

  /**
   * @param moment at which the run dies, if it comes so far
   * @return whether it came so far
   */
  boolean mayDie(BatchLimits limits, int moment, Drain drain) throws InterruptedException {
    AtomicInteger left = new AtomicInteger(moment);
    Script script =
        event -> {
          if (left.getAndDecrement() == 0) {
            throw new Death();
          }
        };
    try (BatcherRun run = run(limits, script)) {
      drain.of(run, stream);
      return false;
    } catch (Death e) {
      return true;
    }
  }

  /** Batch, table, part, attempt. */
  static String job(Part part) {
    return "%d %s p%d a%d"
        .formatted(part.id().batch(), part.id().table(), part.id().part(), part.attempt());
  }

  /** Raw holds every change once, in order, each in the batch that its checkpoint speaks of. */
  void requireExactlyOnce() {
    Checkpoint last = ledger.last().orElseThrow();
    assertThat(last.kind()).isEqualTo(Kind.FENCE);
    assertThat(last.lsn()).isEqualTo(stream.end());
    List<Checkpoint> checkpoints =
        ledger.ofKind(Kind.values()).stream().sorted(Comparator.comparing(Checkpoint::n)).toList();
    for (String table : List.of("t", "u")) {
      List<JsonNode> rows = destination.rows("raw_" + table);
      assertThat(rows)
          .extracting(BatcherWorld::change)
          .as(table)
          .isEqualTo(stream.changesOf(table));
      assertThat(rows)
          .as("within their checkpoints")
          .allSatisfy(
              row -> {
                int batch = row.get("_cdc_batch").asInt();
                assertThat(row.get("_cdc_lsn").asLong())
                    .isBetween(
                        checkpoints.get(batch - 1).lsn().value(),
                        checkpoints.get(batch).lsn().value());
              });
    }
  }

  private static String change(JsonNode row) {
    return row.get("_cdc_op").asText()
        + " "
        + row.get("id").asText()
        + " "
        + row.get("_cdc_lsn").asLong();
  }
}
