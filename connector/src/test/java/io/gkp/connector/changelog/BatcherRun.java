package io.gkp.connector.changelog;

import static org.assertj.core.api.Assertions.assertThat;

import io.gkp.connector.changelog.InMemoryDestination.Moment;
import io.gkp.connector.changelog.StreamBatcher.EpochTable;
import io.gkp.connector.config.BatchLimits;
import io.gkp.name.Lsn;
import io.gkp.name.TableName;
import io.gkp.offsets.Checkpoint;
import io.gkp.offsets.Epoch;
import io.gkp.offsets.InMemoryControlStore;
import io.gkp.offsets.Ledger;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * One process that streams: batcher and pipeline, over a destination and a ledger that outlive it.
 * At each of its moments nothing is acknowledged that the ledger does not hold.
 */
final class BatcherRun implements AutoCloseable {
  private final Ledger ledger;
  private final Script script;
  private final Checkpoint start;
  private final Lsn fence;
  private final LoadPipeline pipeline;
  private final StreamBatcher batcher;
  private final List<Checkpoint> reached = new CopyOnWriteArrayList<>();
  private volatile boolean dead;

  /**
   * What a run is about to do, or has done.
   *
   * @param name a {@link Moment}, or {@code APPEND} and {@code APPENDED} of a checkpoint
   * @param part the part that it is done with; null for none
   */
  record Event(String name, Part part) {
    boolean is(Moment moment) {
      return name.equals(moment.name());
    }

    boolean isOf(Moment moment, String raw, int number) {
      return is(moment) && part.id().table().equals(raw) && part.id().part() == number;
    }
  }

  /** Sees each event; may wait, and may {@linkplain Death die}. */
  interface Script {
    void at(Event event) throws InterruptedException;
  }

  /** The process dies; nothing of it goes on. */
  static final class Death extends RuntimeException {}

  BatcherRun(
      InMemoryDestination destination,
      InMemoryControlStore store,
      BatchLimits limits,
      Clock clock,
      Lsn fence,
      Script script) {
    InMemoryDestination ownDestination = destination.another();
    InMemoryControlStore ownStore = store.another();
    ownDestination.observedBy((moment, part) -> at(new Event(moment.name(), part)));
    ownStore.beforeAppends(key -> at("APPEND"));
    ownStore.afterAppends(key -> at("APPENDED"));
    this.script = script;
    this.fence = fence;
    this.ledger = new Ledger(ownStore);
    this.start = ledger.last().orElseThrow();
    this.pipeline =
        new LoadPipeline(
            ownDestination, ledger, start, 1 << 20, receipt -> {}, commit -> {}, () -> {});
    this.batcher =
        new StreamBatcher(
            ownDestination,
            pipeline,
            limits,
            clock,
            "run",
            tables(ownDestination),
            start,
            fence,
            (position, changes) -> {},
            reached::add);
  }

  private static Map<TableName, EpochTable> tables(ChangelogDestination destination) {
    Map<TableName, EpochTable> tables = new HashMap<>();
    for (String name : List.of("t", "u")) {
      TableName table = new TableName("public", name);
      tables.put(
          table,
          new EpochTable(
              destination.table(ToldStream.layout(table), (raw, changes) -> {}),
              new Epoch(name, 1, Epoch.State.COMPLETED, 0, null, "id")));
    }
    return tables;
  }

  private void at(Event event) throws InterruptedException {
    if (dead) {
      throw new Death();
    }
    requireAcknowledgedIsCommitted();
    try {
      script.at(event);
    } catch (Death e) {
      dead = true;
      throw e;
    }
  }

  private void at(String name) {
    try {
      at(new Event(name, null));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Death();
    }
  }

  /** What the server is told never to send again is in the ledger before. */
  private void requireAcknowledgedIsCommitted() {
    Lsn acknowledged = batcher == null ? start.lsn() : batcher.durable();
    Lsn committed = ledger.last().orElseThrow().lsn();
    assertThat(acknowledged.isAfter(committed))
        .as("acknowledged %s, committed %s", acknowledged, committed)
        .isFalse();
  }

  StreamBatcher batcher() {
    return batcher;
  }

  /** Where earlier runs had ended batches, as it was asked about. */
  List<Checkpoint> reached() {
    return reached;
  }

  /**
   * Reads the stream to its end and commits it; throws what ends the run. Each batch is committed
   * before the next change comes: so the limits alone say where batches end.
   */
  BatcherRun drain(ToldStream stream) throws InterruptedException {
    stream.tell(start.lsn(), batcher, this::awaitCommitted);
    return toTheFence();
  }

  /** The same from a source that does not wait. */
  BatcherRun drainAtOnce(ToldStream stream) throws InterruptedException {
    stream.tell(start.lsn(), batcher, () -> {});
    return toTheFence();
  }

  private BatcherRun toTheFence() throws InterruptedException {
    if (!batcher.stopped().isDone()) {
      batcher.fence(fence);
    }
    awaitCommitted();
    return this;
  }

  void awaitCommitted() throws InterruptedException {
    assertThat(pipeline.awaitCommitted(Duration.ofMinutes(1))).isTrue();
    requireAcknowledgedIsCommitted();
  }

  @Override
  public void close() throws InterruptedException {
    pipeline.close();
    assertThat(pipeline.settle(Duration.ofMinutes(1))).isTrue();
  }
}
